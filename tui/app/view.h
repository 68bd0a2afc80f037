/* SPDX-License-Identifier: MIT
 *
 * What a view is: a table of functions. It counts rows, gives the text and role of a cell, and acts
 * on an action; it knows no rectangle and paints nothing. A new view is one file and one row in
 * app.c's list of tabs.
 */
#ifndef XSMALL_TUI_APP_VIEW_H
#define XSMALL_TUI_APP_VIEW_H

#include "app/actions.h"
#include "app/proposals.h"
#include "jobs/job.h"
#include "screen/screen.h"

struct app;

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
    struct buf tail; /* of the last column: shown behind text, dim */
    bool is_bar;     /* part of whole as a bar instead of text */
    int64_t part, whole;
};

/* Where a list is scrolled to. */
struct list {
    uint64_t cursor, top;
    int left; /* columns of the last column that are scrolled off */
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

struct view {
    const char *tab; /* its name in the tab bar */
    bool is_overlay; /* laid over the view it was opened from: q, h and Esc go back to that */
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
    /* patterns that a row suggests, appended; NULL: none in this view */
    void (*propose)(struct app *app, uint64_t row, struct proposals *out);
    /* what of all that it could show it shows, for beside the tabs; NULL: there is no choice */
    void (*state)(struct app *app, struct buf *out);
    const struct job_type *const *jobs; /* that only this view wants; ends in NULL; NULL: none */
    const char *hint;                   /* keys for the last row, two blanks between them */
};

/* Whether an action of SCOPE_BODY means something in a view. */
bool view_takes(const struct view *view, enum action action);

extern const struct view view_image, view_trace, view_files, view_breaks, view_export, view_text,
    view_sets, view_families, view_doctor, view_runs, view_marks;

#endif
