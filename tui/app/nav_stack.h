/* SPDX-License-Identifier: MIT
 *
 * The history of visited places, as in a browser. A place is a view, its list, and the data that
 * each view stores for it (view.h: leave, come_back).
 */
#ifndef XSMALL_TUI_APP_NAV_STACK_H
#define XSMALL_TUI_APP_NAV_STACK_H

#include "app/view.h"

enum { NAV_STACK_MAX = 50 };

struct nav_place {
    const struct view *view;
    struct list list;
    unsigned char *details; /* owned; place.size bytes for each view, in the order of ids */
};

struct nav_stack {
    struct nav_place places[NAV_STACK_MAX]; /* the oldest first */
    size_t n;
    bool goes_back; /* true during nav_stack_back: no place is stored */
};

/* Stores the current place, unless its view is transient. */
void nav_stack_note(struct app *app);
bool nav_stack_back(struct app *app); /* false: no previous place */
/* Removes data from the places that a replaced session does not have. Call before the session is
 * replaced. */
void nav_stack_renew(struct app *app, enum view_renewal renewal);
void nav_stack_finish(struct nav_stack *history);

#endif
