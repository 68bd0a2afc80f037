/* SPDX-License-Identifier: MIT
 *
 * Computes the position of each part of the screen, for the painter and for mouse events.
 */
#ifndef XSMALL_TUI_APP_LAYOUT_H
#define XSMALL_TUI_APP_LAYOUT_H

#include "app/view.h"

/* Rows of the screen, counted from the top; -1: not shown. panel is the row of the panel's title.
 */
struct layout {
    int tabs, titles, body, body_rows, panel, panel_rows, prompt, last;
};
struct layout layout_make(const struct app *app);
/* Returns the first stage that the panel shows. */
size_t layout_panel_top(const struct app *app, int panel_rows);

/* Appends the text of a view's tab; tab is its index, from 0. */
void layout_tab_text(const struct view *view, size_t tab, struct buf *out);
/* Returns the view whose tab is at a column, or NULL. */
const struct view *layout_tab_at(const struct views *views, int x);

#endif
