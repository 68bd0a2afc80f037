/* SPDX-License-Identifier: MIT
 *
 * The text of the help screen: the legend of the symbols, then all actions with their current keys.
 * The actions of the current view or panel are listed first.
 */
#ifndef XSMALL_TUI_APP_HELP_H
#define XSMALL_TUI_APP_HELP_H

#include "app/bindings.h"

struct view;
struct views;

/* The view and the focus from which help was opened. */
struct help_place {
    const struct views *views; /* all views */
    const struct view *view;   /* the view on screen */
    enum scope focus;
};
/* Appends the help text. Breaks lines between words at width columns, if that leaves at least 20
 * columns for the text. */
void help_print(const struct bindings *bindings, const struct help_place *place, int width,
                struct buf *out);

#endif
