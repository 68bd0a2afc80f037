/* SPDX-License-Identifier: MIT
 *
 * Where the person was before, as in a browser: the view, its list, and what each view stores of
 * itself (view.h, leave and come_back).
 */
#ifndef XSMALL_TUI_APP_NAV_STACK_H
#define XSMALL_TUI_APP_NAV_STACK_H

#include "app/view.h"

enum { NAV_STACK_MAX = 50 };

struct nav_place {
    const struct view *view;
    struct list list;
    unsigned char *details; /* place.size bytes of each view, in order of ids; owned */
};

struct nav_stack {
    struct nav_place places[NAV_STACK_MAX]; /* the oldest first */
    size_t n;
    bool goes_back; /* views that are left are not stored meanwhile */
};

/* Stores the view that is left, if one would come back to it. */
void nav_stack_note(struct app *app);
bool nav_stack_back(struct app *app); /* false: there is nothing before */
/* The session is going to be replaced. */
void nav_stack_renew(struct app *app, enum view_renewal renewal);
void nav_stack_finish(struct nav_stack *history);

#endif
