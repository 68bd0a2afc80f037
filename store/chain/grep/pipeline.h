/* SPDX-License-Identifier: MIT
 *
 * Parses a shell pipeline of grep commands into stages and file operands, and prints them. No
 * command is run and no file is opened: the file operands select logs of the session by name
 * (semantics.md, Filter chain).
 *
 *     struct pipeline pipeline;
 *     pipeline_parse(bytes_of("grep '\\.so' log.* | grep -v '= -1'"), PIPELINE_TYPED, &pipeline,
 *                    warning, err)
 */
#ifndef XSMALL_CHAIN_GREP_PIPELINE_H
#define XSMALL_CHAIN_GREP_PIPELINE_H

#include "chain/grep/grep_options.h"

struct operand {
    struct buf text; /* the name; for a glob, a pattern for fnmatch */
    bool is_glob;
};

struct operands {
    struct operand *list; /* owned */
    size_t n, cap;
};

/* Parses operands from shell text ("log.* 'a b'"). Returns false if the text is not a list of
 * operands. */
bool operands_parse(struct bytes text, struct operands *out, struct err *err);
/* Appends the operands as shell text, with a space before each. */
void operands_print(const struct operands *operands, struct buf *out);
void operands_finish(struct operands *operands);

struct pipeline {
    struct stage_spec *stages; /* owned */
    size_t n, cap;
    struct operands files;
};

/* Parses a whole pipeline. A leading cat becomes the files of the first grep, with -h. In a typed
 * pipeline, trailing commands that only change how lines are shown (sort -u, wc -l) are removed and
 * named in warning (may be NULL). On error, err names the word that a chain does not support, and
 * out is empty. */
bool pipeline_parse(struct bytes text, enum pipeline_source source, struct pipeline *out,
                    struct buf *warning, struct err *err);
/* Parses one grep command, or only its arguments. If `is_first` is false, -h is ignored, and -H and
 * files are rejected. */
bool pipeline_parse_stage(struct bytes text, bool is_first, enum pipeline_source source,
                          struct stage_spec *out, struct operands *files, struct err *err);
void pipeline_finish(struct pipeline *pipeline);

#endif
