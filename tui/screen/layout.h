/* SPDX-License-Identifier: MIT
 *
 * What stands where on the screen: for the painter, and for whoever points at it.
 */
#ifndef XSMALL_TUI_SCREEN_LAYOUT_H
#define XSMALL_TUI_SCREEN_LAYOUT_H

#include "app/view.h"

/* Rows of the screen, from the top; -1: it is not shown. */
struct layout {
    int tabs, titles, body, body_rows, panel /* its title */, panel_rows, prompt, last;
};
struct layout layout_make(const struct app *app);
/* The first stage that the panel shows. */
size_t layout_panel_top(const struct app *app, int panel_rows);

enum { N_TABS = 5 };
/* The tabs from the left: their text, appended, and the view. */
const struct view *layout_tab(int tab, struct buf *text);
int layout_tab_at(int x); /* the tab at a column, or -1 */

#endif
