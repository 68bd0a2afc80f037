/* SPDX-License-Identifier: MIT
 *
 * An editable line of text. It can contain any bytes; newlines of a paste become spaces.
 */
#ifndef XSMALL_TUI_APP_LINE_EDIT_H
#define XSMALL_TUI_APP_LINE_EDIT_H

#include "app/actions.h"

struct line_edit {
    struct buf text;
    size_t cursor; /* byte offset, at the start of a code point */
};

void line_edit_set(struct line_edit *line, struct bytes text); /* cursor at the end */
/* Handles an editing key; returns false for another key. Sets *changed if the text has changed. */
bool line_edit_key(struct line_edit *line, uint32_t key, bool *changed);
void line_edit_finish(struct line_edit *line);

#endif
