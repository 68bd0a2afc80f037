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
    struct buf *exprs; /* each -e as given, with its newlines; owned */
    size_t n_exprs;    /* 0: no line matches, as with -f and an empty file */
};
void stage_spec_finish(struct stage_spec *spec);
void stage_spec_copy(const struct stage_spec *spec, struct stage_spec *out);
/* Appends the canonical shell text: "grep -v -E 'a|b'", "grep -e a -e b". */
void stage_spec_print(const struct stage_spec *spec, struct buf *out);
/* Appends the shell text on one line, without -h and -H: a newline in an expression separates two
 * expressions, and each gets its own -e. */
void stage_spec_print_on_one_line(const struct stage_spec *spec, struct buf *out);

#endif
