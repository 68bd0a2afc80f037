/* SPDX-License-Identifier: MIT
 *
 * A search in the view on screen, in slices of a few milliseconds.
 */
#ifndef XSMALL_TUI_APP_VIEW_SEARCH_H
#define XSMALL_TUI_APP_VIEW_SEARCH_H

#include "app/view.h"

struct search {
    struct buf text; /* n 0: none; its matches are highlighted */
    bool is_running, backwards;
    bool failed;         /* no row has the text */
    uint64_t item, left; /* the next item to look at; how many are left */
    struct list origin;  /* where the list was when typing began */
};

void search_slice(struct app *app); /* a few milliseconds of a search that runs */
void search_stop(struct app *app);

#endif
