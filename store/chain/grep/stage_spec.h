/* SPDX-License-Identifier: MIT
 *
 * The options of one grep command, and their shell text.
 *
 *     stage_spec_print(&spec, &out);     "grep -v -E 'a|b'"
 *     stage_spec_finish(&spec);
 */
#ifndef XSMALL_CHAIN_GREP_STAGE_SPEC_H
#define XSMALL_CHAIN_GREP_STAGE_SPEC_H

#include "util/bytes.h"

enum grep_syntax { GREP_BASIC, GREP_EXTENDED, GREP_FIXED, GREP_PERL };
enum grep_prefix { GREP_PREFIX_AUTO, GREP_PREFIX_NEVER /* -h */, GREP_PREFIX_ALWAYS /* -H */ };

/* Options of one grep command. Owned: stage_spec_finish. */
struct stage_spec {
    enum grep_syntax syntax;
    enum grep_prefix prefix;
    bool ignore_case, whole_word, whole_line, invert;
    struct buf *exprs; /* each -e as given, newlines and all; owned */
    size_t n_exprs;    /* 0: nothing matches, as with -f of an empty file */
};
void stage_spec_finish(struct stage_spec *spec);
void stage_spec_copy(const struct stage_spec *spec, struct stage_spec *out);
/* Canonical shell text: "grep -v -E 'a|b'", "grep -e a -e b"; appended. */
void stage_spec_print(const struct stage_spec *spec, struct buf *out);
/* The same on one line: a newline in an expression separates two expressions, each of which gets
 * its own -e. Without -h and -H. */
void stage_spec_print_on_one_line(const struct stage_spec *spec, struct buf *out);

#endif
