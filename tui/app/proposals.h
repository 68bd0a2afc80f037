/* SPDX-License-Identifier: MIT
 *
 * Patterns that a row suggests: what a person would type to take it and its like away. Pure: text
 * in, basic regular expressions out, the likeliest first, each once.
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
    size_t chosen; /* below n, where n is not 0 */
};

/* Of an absolute path: its extension, the directories above it from the nearest to the farthest,
 * their names, its own name. Appended. */
void propose_path(struct bytes path, struct proposals *out);
/* Of a line of a strace log (without its prefix): how it failed, what its first strings propose as
 * paths, its call. Strings are taken as they are written in the line. Appended. */
void propose_line(struct bytes line, struct proposals *out);
void proposals_finish(struct proposals *proposals);

#endif
