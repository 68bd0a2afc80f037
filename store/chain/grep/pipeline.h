/* SPDX-License-Identifier: MIT
 *
 * A shell pipeline of greps as stages and file operands, and back. Nothing is run, no file is
 * looked for; the files are names for the logs of the session (semantics.md, Filter chain).
 *
 *     struct pipeline pipeline;
 *     pipeline_parse(bytes_of("grep '\\.so' log.* | grep -v '= -1'"), PIPELINE_TYPED, &pipeline,
 *                    warning, err)
 */
#ifndef XSMALL_CHAIN_GREP_PIPELINE_H
#define XSMALL_CHAIN_GREP_PIPELINE_H

#include "chain/grep/grep_options.h"

struct operand {
    struct buf text; /* the name; of a glob, a pattern for fnmatch */
    bool is_glob;
};

struct operands {
    struct operand *list; /* owned */
    size_t n, cap;
};

/* Operands as shell text ("log.* 'a b'"). False: that text is none. */
bool operands_parse(struct bytes text, struct operands *out, struct err *err);
/* Appends them as shell text, a space in front of each. */
void operands_print(const struct operands *operands, struct buf *out);
void operands_finish(struct operands *operands);

struct pipeline {
    struct stage_spec *stages; /* owned */
    size_t n, cap;
    struct operands files;
};

/* Takes a whole pipeline apart. A cat in front becomes the first grep's files, with -h; of a typed
 * one, what follows to show the lines in another way (sort -u, wc -l) is left out and named
 * in warning (may be NULL). False: the error names the word that has no place in a chain; out is
 * empty then. */
bool pipeline_parse(struct bytes text, enum pipeline_source source, struct pipeline *out,
                    struct buf *warning, struct err *err);
/* One grep command, or its arguments alone. Of one that is not the `is_first`, -h means nothing and
 * -H and files are refused. */
bool pipeline_parse_stage(struct bytes text, bool is_first, enum pipeline_source source,
                          struct stage_spec *out, struct operands *files, struct err *err);
void pipeline_finish(struct pipeline *pipeline);

#endif
