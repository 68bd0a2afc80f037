/* SPDX-License-Identifier: MIT
 *
 * The help screen: every action with its keys as they are bound, those of what is shown first.
 */
#ifndef XSMALL_TUI_APP_HELP_H
#define XSMALL_TUI_APP_HELP_H

#include "app/bindings.h"

struct view;
struct views;

/* Where help is asked for. */
struct help_place {
    const struct views *views; /* all */
    const struct view *view;   /* the one shown */
    enum scope focus;
};
/* Appended: the actions of the view, or with focus SCOPE_PANEL of the patterns; then the others.
 * Lines are broken between words at width columns where that leaves room for words. */
void help_print(const struct bindings *bindings, const struct help_place *place, int width,
                struct buf *out);

#endif
