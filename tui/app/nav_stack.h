/* SPDX-License-Identifier: MIT
 *
 * Where the person was before, as in a browser.
 */
#ifndef XSMALL_TUI_APP_NAV_STACK_H
#define XSMALL_TUI_APP_NAV_STACK_H

#include "report/pivot.h"
#include "app/view.h"
#include "views/view_layers.h"

enum { HISTORY_MAX = 50 };

struct nav_place {
    const struct view *view;
    struct list list;
    uint32_t node; /* in the tree: under the cursor; NODE_NONE: none */
    enum layers_scope scope;
    struct pivot_filter filter;
    bool all_lines;
};

struct nav_stack {
    struct nav_place places[HISTORY_MAX]; /* the oldest first */
    size_t n;
    bool goes_back; /* no place is noted meanwhile */
};

/* The view that is left, if one would come back to it. */
void nav_stack_note(struct app *app);
bool nav_stack_back(struct app *app); /* false: there is nothing before */
/* The session was read anew. same_image: places in the tree stay. */
void nav_stack_renew(struct nav_stack *history, bool same_image);

#endif
