/* SPDX-License-Identifier: MIT
 *
 * The subject against its base, a row a path that differs. The two trees are compared by the
 * worker when the view is first asked for.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_DIFF_H
#define XSMALL_TUI_VIEWS_VIEW_DIFF_H

#include "image/tree/tree_compare.h"
#include "app/view.h"

/* What a row is, and which key shows or hides it. */
enum diff_class {
    DIFF_ADDED,    /* the base has no such path */
    DIFF_MODIFIED, /* another kind, content or target */
    DIFF_REMOVED,  /* only the base has it */
    DIFF_META,     /* another mode, owner, attribute, hard link or time */
    N_DIFF_CLASSES
};

struct diff_state {
    struct tree_compare compare; /* a is the base, b the subject */
    bool asked, has, failed;     /* for it to be made; it is made; it could not be */
    bool hidden[N_DIFF_CLASSES];
    size_t n_of[N_DIFF_CLASSES];
    uint32_t *rows; /* of compare.rows, those that are shown; owned */
    size_t n;
    struct list list;
};

void view_diff_forget(struct app *app); /* an image is another, or the end */

extern const struct view view_diff;

#endif
