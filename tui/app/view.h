/* SPDX-License-Identifier: MIT
 *
 * What a view is: a table of functions and a state of its own. It counts rows, returns the text and
 * role of a cell, and acts on an action; it knows no rectangle and paints nothing. A new view is
 * one file, tui/views/view_NAME.c, and one row in tui/views/registry.h.
 *
 * The app allocates state.size zeroed bytes for each view once, and calls, in the order of the
 * registry, where the view's row names them:
 *
 *     init      once, before the session has been read
 *     forget    the session is going to be replaced: what points into it goes
 *     refresh   session->keep was replaced, or the session: rows are listed again
 *     decided   a mark, a note or the chain has changed
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
    int width;    /* columns; 0: what is left (the last one) */
    bool right;   /* aligned to the right */
    int at_least; /* shown on screens of this width or more */
};

/* A cell, filled by the view. text is the painter's, empty at first. */
struct view_cell {
    struct buf text;
    enum role role;
    size_t head;     /* its first bytes are shown apart, as a prefix */
    struct buf tail; /* of the last column: shown after text, dim */
    bool is_bar;     /* part of whole as a bar instead of text */
    int64_t part, whole;
};

/* What a search goes through where that is more than the rows: the whole tree, also what is in
 * closed directories. */
struct search_space {
    uint64_t (*count)(struct app *app);
    uint64_t (*here)(struct app *app); /* the item under the cursor */
    void (*text)(struct app *app, uint64_t item, struct buf *out);
    void (*go)(struct app *app, uint64_t item);
    void (*save)(struct app *app), (*restore)(struct app *app); /* what go changes */
};

/* What several views take. */
#define TAKES_NODE                                                                                 \
    ACTION_KEEP, ACTION_DROP, ACTION_AUTO, ACTION_UNMARK, ACTION_VIEW, ACTION_EXTRACT, ACTION_MAP, \
        ACTION_NOTE, ACTION_WHY, ACTION_LINES
#define TAKES_TREE    ACTION_OPEN, ACTION_CLOSE, ACTION_SORT, ACTION_DIRS_FIRST, ACTION_FILTER
#define TAKES_CHANGES ACTION_ADDED, ACTION_MODIFIED, ACTION_REMOVED, ACTION_META
#define TAKES_PIVOT                                                                                \
    ACTION_CYCLE, ACTION_RESULT, ACTION_CALL, ACTION_PROCESS, ACTION_KIND, ACTION_ALL

/* What a reloaded session means to a view. */
enum view_renewal { VIEW_SAME_IMAGE, VIEW_OTHER_IMAGE };

/* The state of a view, and when it changes; each function may be NULL. */
struct view_state_type {
    size_t size;
    void (*init)(struct app *app);
    void (*forget)(struct app *app, enum view_renewal renewal);
    void (*refresh)(struct app *app);
    void (*decided)(struct app *app);
    void (*finish)(struct app *app);
    /* Of a view with a thread of its own: takes its results; whether the thread is at rest. */
    void (*turn)(struct app *app);
    bool (*is_idle)(const struct app *app);
};

/* What a view needs to show again what it shows now (nav_stack.h); each function may be NULL. */
struct view_place_type {
    size_t size;
    void (*leave)(struct app *app, void *place); /* any view is left: fills size zeroed bytes */
    void (*come_back)(struct app *app, const struct view *to, const void *place); /* to is open */
    void (*renew)(void *place, enum view_renewal renewal); /* drops what a new session lacks */
    void (*reopen)(struct app *app, const void *place);    /* opens it; NULL: app_open */
};

struct view {
    unsigned id;       /* its place in the registry */
    const char *title; /* in the tab bar, or after the tabs */
    /* The view whose tab is lit while this one is shown; the view itself if it has a tab. NULL: it
     * is laid over the view it was opened from, and q, h and Esc go back to that. */
    const struct view *tab;
    const char *(*title_now)(struct app *app); /* NULL: title */
    enum action opens;                         /* the action that opens it; ACTION_NONE: none */
    /* Opens it, by app_open, for that action; false with err: it cannot. NULL: app_open alone. */
    bool (*open)(struct app *app, struct err *err);
    void (*opened)(struct app *app); /* app_open shows it; NULL: nothing is to be done */
    bool is_transient;               /* Backspace does not come back to it */
    bool is_snapshot;                /* of the session as it was when opened: a reload leaves it */

    struct view_state_type state;
    struct view_place_type place;

    const struct column *columns;
    size_t n_columns;
    struct list *(*list)(struct app *app);
    uint64_t (*count)(struct app *app);
    void (*cell)(struct app *app, uint64_t row, size_t column, struct view_cell *out);
    void (*text)(struct app *app, uint64_t row, struct buf *out); /* what a search looks at */
    void (*copy)(struct app *app, uint64_t row, struct buf *out); /* what y copies; NULL: text */
    /* the node of the subject that a row is about, or NODE_NONE; NULL: rows are about none */
    uint32_t (*node)(struct app *app, uint64_t row);
    const enum action *takes; /* of SCOPE_BODY, what act is asked for; ends in ACTION_NONE */
    bool (*act)(struct app *app, enum action action); /* false: it does nothing to this row */
    const char *(*empty)(struct app *app);            /* what to say without rows */
    const struct search_space *space;                 /* NULL: a search sees the rows */
    struct tree_rows *(*tree)(struct app *app);       /* the rows of a view of a tree, else NULL */
    /* patterns that a row suggests, appended; NULL: none in this view */
    void (*propose)(struct app *app, uint64_t row, struct proposals *out);
    /* what of all that it could show it shows, for the row of tabs; NULL: there is no choice */
    void (*summary)(struct app *app, struct buf *out);
    const struct job_type *const *jobs; /* that only this view wants; ends in NULL; NULL: none */
    const char *hint;                   /* keys for the last row, two blanks between them */
};

/* Whether an action of SCOPE_BODY means something in a view. */
bool view_takes(const struct view *view, enum action action);

/* All views, in the order of their ids, and their states. */
struct views {
    const struct view *const *all; /* borrowed; n of them, views->all[i]->id is i */
    void **states;                 /* owned; NULL: the view has no state */
    size_t n;
};
void views_init(struct views *views, const struct view *const *all, size_t n);
void views_finish(struct views *views);
/* The view that an action opens, or NULL. */
const struct view *views_opened_by(const struct views *views, enum action action);
/* The tab-th view that has a tab of its own, from 0, or NULL. */
const struct view *views_tab(const struct views *views, size_t tab);
/* The state of a view, state.size bytes. Stays where it is until app_finish. */
void *view_state(const struct app *app, const struct view *view);

#endif
