/* SPDX-License-Identifier: MIT
 *
 * Proposes filter patterns for a row: patterns that match the row and similar rows. The input is
 * text; the output is a list of basic regular expressions without duplicates, the most likely
 * first.
 *
 *     "/usr/lib/python3/site-packages/a/b.pyc"
 *         \.pyc   /usr/lib/python3/site-packages/a/   …   site-packages   …   b\.pyc
 */
#ifndef XSMALL_TUI_APP_PROPOSALS_H
#define XSMALL_TUI_APP_PROPOSALS_H

#include "util/bytes.h"

struct proposals {
    struct buf *list; /* owned; BRE texts */
    size_t n, cap;
    size_t chosen; /* index of the chosen pattern, if n is not 0 */
};

/* Appends the proposals for an absolute path: its extension, its parent directories from the
 * nearest to the farthest, their names, its own name. */
void propose_path(struct bytes path, struct proposals *out);
/* Appends the proposals for a line of a strace log (without its prefix): the failure, the proposals
 * for its first strings as paths, and the call. Escapes in the strings are not decoded. */
void propose_line(struct bytes line, struct proposals *out);
void proposals_finish(struct proposals *proposals);

#endif
