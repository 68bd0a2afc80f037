/* SPDX-License-Identifier: MIT
 *
 * Plain text as a view.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_TEXT_H
#define XSMALL_TUI_VIEWS_VIEW_TEXT_H

#include "util/bytes.h"

struct app;
/* Shows text, which is taken over, with a title (borrowed, a constant). */
void view_text_show(struct app *app, const char *title, struct buf *text);

#endif
