/* SPDX-License-Identifier: MIT
 *
 * What Tab makes of a command that is being typed: the name of an action, a path of the image
 * behind keep, drop, auto and unmark, a directory of this machine behind extract.
 *
 *     BUF_AUTO struct buf text = {0}, list = {0};
 *     complete_command(bytes_of("keep /us"), tree, &text, &list);   // "keep /usr/"
 */
#ifndef XSMALL_TUI_APP_COMPLETION_H
#define XSMALL_TUI_APP_COMPLETION_H

#include "image/tree/tree.h"

enum { COMPLETE_MAX_LIST = 600 /* bytes of a list of candidates */ };

/* The text with what all candidates go on with; appended to *text. Where there are several, their
 * last components with two blanks between, the first of them if they are many; appended to *list.
 * Returns the number of candidates. tree NULL: there is no image. */
size_t complete_command(struct bytes typed, const struct tree *tree, struct buf *text,
                        struct buf *list);
/* The same of a directory of this machine alone. */
size_t complete_directory(struct bytes typed, struct buf *text, struct buf *list);
/* The names of the actions that begin so, as a list; returns their number. */
size_t complete_names(struct bytes typed, struct buf *list);

#endif
