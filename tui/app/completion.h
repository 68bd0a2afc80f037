/* SPDX-License-Identifier: MIT
 *
 * Completes a command that is being typed (Tab): the name of an action, then its argument, which is
 * a path of the image or a directory of the host (ACTION_ARGUMENTS, actions.h).
 *
 *     BUF_AUTO struct buf text = {0}, list = {0};
 *     complete_command(bytes_of("keep /us"), tree, &text, &list);   // "keep /usr/"
 */
#ifndef XSMALL_TUI_APP_COMPLETION_H
#define XSMALL_TUI_APP_COMPLETION_H

#include "image/tree/tree.h"

enum { COMPLETE_MAX_LIST = 600 /* bytes of a list of candidates */ };

/* Appends the typed text to *text, extended by the common prefix of all candidates. If there are
 * several candidates, appends their last components to *list, separated by two blanks, at most
 * COMPLETE_MAX_LIST bytes. Returns the number of candidates. tree NULL: no image is loaded. */
size_t complete_command(struct bytes typed, const struct tree *tree, struct buf *text,
                        struct buf *list);
/* Completes a directory of the host in the same way. */
size_t complete_directory(struct bytes typed, struct buf *text, struct buf *list);
/* Appends the names of the actions that begin with typed; returns their number. */
size_t complete_names(struct bytes typed, struct buf *list);

#endif
