/* SPDX-License-Identifier: MIT
 *
 * A view of plain text.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_TEXT_H
#define XSMALL_TUI_VIEWS_VIEW_TEXT_H

#include "util/bytes.h"

struct app;
/* Opens the view on a text. Moves the bytes of text into the view. title is borrowed and must be
 * constant. */
void view_text_show(struct app *app, const char *title, struct buf *text);

#endif
