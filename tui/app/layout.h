/* SPDX-License-Identifier: MIT
 *
 * What stands where on the screen: for the painter, and for whoever points at it.
 */
#ifndef XSMALL_TUI_APP_LAYOUT_H
#define XSMALL_TUI_APP_LAYOUT_H

#include "app/view.h"

/* Rows of the screen, from the top; -1: it is not shown. */
struct layout {
    int tabs, titles, body, body_rows, panel /* its title */, panel_rows, prompt, last;
};
struct layout layout_make(const struct app *app);
/* The first stage that the panel shows. */
size_t layout_panel_top(const struct app *app, int panel_rows);

/* The text of the tab of a view, which is the tab-th from 0; appended. */
void layout_tab_text(const struct view *view, size_t tab, struct buf *out);
/* The view whose tab is at a column, or NULL. */
const struct view *layout_tab_at(const struct views *views, int x);

#endif
