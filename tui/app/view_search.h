/* SPDX-License-Identifier: MIT
 *
 * A search in the view on screen. It runs in slices of a few milliseconds, so that keys are handled
 * between two slices.
 */
#ifndef XSMALL_TUI_APP_VIEW_SEARCH_H
#define XSMALL_TUI_APP_VIEW_SEARCH_H

#include "app/view.h"

struct search {
    struct buf text; /* its matches are highlighted; n 0: no search */
    bool is_running, backwards;
    bool failed;         /* no item contains the text */
    uint64_t item, left; /* the next item to compare; number of items left */
    struct list origin;  /* the list's position when typing began */
};

void search_slice(struct app *app); /* continues a running search for a few milliseconds */
void search_stop(struct app *app);

#endif
