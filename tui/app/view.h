/* SPDX-License-Identifier: MIT
 *
 * The interface of a view: a row of functions and a private state. A view counts rows, returns the
 * text and role of a cell, and does actions. It does not paint and has no screen positions. A new
 * view is one file, tui/views/view_NAME.c, and one row in tui/views/registry.h.
 *
 * The app allocates state.size zeroed bytes for each view once. It calls these functions of all
 * views, in the order of the registry:
 *
 *     init      once, before the session has been read
 *     forget    before the session is replaced: drops pointers into the session
 *     refresh   after session->keep or the session was replaced: lists the rows again
 *     decided   after a mark, a note or the chain has changed
 *     finish    once, at the end, while the session is still open
 *
 *     struct state { struct list list; … };
 *     static struct state *state_of(const struct app *app)
 *     {
 *         return view_state(app, &view_marks);
 *     }
 */
#ifndef XSMALL_TUI_APP_VIEW_H
#define XSMALL_TUI_APP_VIEW_H

#include "app/actions.h"
#include "app/proposals.h"
#include "rows/list.h"
#include "screen/screen.h"

struct app;
struct view;
struct err;
struct job_type;
struct tree_rows;

struct column {
    const char *title;
    int width;    /* in cells; 0: the rest of the row (last column only) */
    bool right;   /* aligned to the right */
    int at_least; /* the column is shown if the screen has at least this width */
};

/* A cell, filled by the view. The painter owns text and tail, which are empty at first. */
struct view_cell {
    struct buf text;
    enum role role;
    size_t head;     /* length of the prefix of text, shown in another colour */
    struct buf tail; /* last column only: shown after text, dim */
    bool is_bar;     /* shows part / whole as a bar instead of text */
    int64_t part, whole;
};

/* The items that a search compares, if they are more than the rows: for example the whole tree with
 * the contents of closed directories. */
struct search_space {
    uint64_t (*count)(struct app *app);
    uint64_t (*here)(struct app *app); /* the item under the cursor */
    void (*text)(struct app *app, uint64_t item, struct buf *out);
    void (*go)(struct app *app, uint64_t item);
    void (*save)(struct app *app), (*restore)(struct app *app); /* the state that `go` changes */
};

/* Actions that several views accept. */
#define TAKES_NODE                                                                                 \
    ACTION_KEEP, ACTION_DROP, ACTION_AUTO, ACTION_UNMARK, ACTION_VIEW, ACTION_EXTRACT, ACTION_MAP, \
        ACTION_NOTE, ACTION_WHY, ACTION_LINES
#define TAKES_TREE    ACTION_OPEN, ACTION_CLOSE, ACTION_SORT, ACTION_DIRS_FIRST, ACTION_FILTER
#define TAKES_CHANGES ACTION_ADDED, ACTION_MODIFIED, ACTION_REMOVED, ACTION_META
#define TAKES_PIVOT                                                                                \
    ACTION_CYCLE, ACTION_RESULT, ACTION_CALL, ACTION_PROCESS, ACTION_KIND, ACTION_ALL

/* Whether a replaced session has the same subject image as before. */
enum view_renewal { VIEW_SAME_IMAGE, VIEW_OTHER_IMAGE };

/* The state of a view, and the functions that change it; each function may be NULL. */
struct view_state_type {
    size_t size;
    void (*init)(struct app *app);
    void (*forget)(struct app *app, enum view_renewal renewal);
    void (*refresh)(struct app *app);
    void (*decided)(struct app *app);
    void (*finish)(struct app *app);
    /* Only for a view with its own thread. turn handles the thread's results; is_idle returns true
     * if the thread has nothing to do. */
    void (*turn)(struct app *app);
    bool (*is_idle)(const struct app *app);
};

/* The data with which a view restores a place of the history (nav_stack.h); each function may be
 * NULL. leave fills `size` zeroed bytes when any view is left; come_back restores the view's state
 * from them after the view `to` was opened. */
struct view_place_type {
    size_t size;
    void (*leave)(struct app *app, void *place);
    void (*come_back)(struct app *app, const struct view *to, const void *place);
    void (*renew)(void *place, enum view_renewal renewal); /* drops data of the old session */
    void (*reopen)(struct app *app, const void *place);    /* opens the view; NULL: app_open */
};

struct view {
    unsigned id;       /* its place in the registry */
    const char *title; /* in the tab bar, or after the tabs */
    /* The view whose tab is highlighted while this view is shown; the view itself if it has a tab.
     * NULL: this view is an overlay; q, h and Esc close it and show the view below it. */
    const struct view *tab;
    const char *(*title_now)(struct app *app); /* NULL: title */
    enum action opens;                         /* the action that opens the view, or ACTION_NONE */
    /* Called for the action `opens`; calls app_open, or returns false with err. NULL: the app calls
     * app_open. */
    bool (*open)(struct app *app, struct err *err);
    void (*opened)(struct app *app); /* called by app_open; may be NULL */
    bool is_transient;               /* Backspace does not return to this view */
    bool is_snapshot;                /* shows the session at the time of opening; a reload closes
                                        the view */

    struct view_state_type state;
    struct view_place_type place;

    const struct column *columns;
    size_t n_columns;
    struct list *(*list)(struct app *app);
    uint64_t (*count)(struct app *app);
    void (*cell)(struct app *app, uint64_t row, size_t column, struct view_cell *out);
    void (*text)(struct app *app, uint64_t row, struct buf *out); /* the text that is searched */
    void (*copy)(struct app *app, uint64_t row, struct buf *out); /* copied by y; NULL: text */
    /* Returns the node of the subject image for a row, or NODE_NONE. NULL: rows have no nodes. */
    uint32_t (*node)(struct app *app, uint64_t row);
    const enum action *takes; /* actions of SCOPE_BODY that act handles; ends in ACTION_NONE */
    bool (*act)(struct app *app, enum action action); /* false: not possible for this row */
    const char *(*empty)(struct app *app);            /* text that is shown if there are no rows */
    const struct search_space *space;                 /* NULL: a search compares the rows */
    struct tree_rows *(*tree)(struct app *app);       /* rows of a tree; NULL: not a tree view */
    /* Appends the patterns that a row suggests; NULL: the view suggests no patterns. */
    void (*propose)(struct app *app, uint64_t row, struct proposals *out);
    /* Appends the current selection of rows (filter, order) for the tab row; NULL: no selection. */
    void (*summary)(struct app *app, struct buf *out);
    const struct job_type *const *jobs; /* jobs of this view only; ends in NULL; may be NULL */
    const char *hint;                   /* keys for the last row, separated by two blanks */
};

/* Returns true if the view accepts an action of SCOPE_BODY. */
bool view_takes(const struct view *view, enum action action);

/* All views, in the order of their ids, and their states. */
struct views {
    const struct view *const *all; /* borrowed; n elements; all[i]->id is i */
    void **states;                 /* owned; NULL: the view has no state */
    size_t n;
};
void views_init(struct views *views, const struct view *const *all, size_t n);
void views_finish(struct views *views);
/* Returns the view that an action opens, or NULL. */
const struct view *views_opened_by(const struct views *views, enum action action);
/* Returns the view with the tab number `tab`, counted from 0, or NULL. */
const struct view *views_tab(const struct views *views, size_t tab);
/* Returns the state of a view, state.size bytes. Its address does not change until app_finish. */
void *view_state(const struct app *app, const struct view *view);

#endif
