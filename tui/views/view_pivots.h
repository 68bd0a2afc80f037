/* SPDX-License-Identifier: MIT
 *
 * The four views of the tab Trace: by line, by path, by process, and by failed look-up. The action
 * CYCLE switches to the next one. The four views share one set of limits (struct pivot_filter). The
 * worker computes the rows.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_PIVOTS_H
#define XSMALL_TUI_VIEWS_VIEW_PIVOTS_H

#include "report/pivot.h"
#include "app/view.h"

/* A row of the view of failed look-ups: a name, or a place below an open name. */
struct search_row {
    uint32_t search; /* in made.searches */
    uint32_t place;  /* in made.places; UINT32_MAX: the row of the name itself */
};

struct pivots {
    enum pivot_by by; /* the view that the tab shows */
    struct pivot_filter filter;
    struct arena strings;              /* text of all filters */
    enum pivot_sort sort;              /* order of the paths */
    uint64_t serial;                   /* incremented when by, filter or sort changes */
    uint64_t of_serial, of_generation; /* serial and decisions.now for which made was computed */
    struct pivot made;                 /* the computed rows; owned */
    bool is_made;
    struct uses uses; /* owned */
    uint64_t uses_of; /* decisions.now for which uses was counted; 0: not counted */
    struct list lists[N_PIVOTS];
    bool all_lines;     /* LINES: hidden lines are shown too */
    bool was_at_end;    /* LINES: the cursor was on the last line and moves to the new last line */
    struct buf no_logs; /* LINES: the text shown without logs */
    uint64_t anchor;    /* LINES: row of the chain's output to which the cursor moves */
    uint8_t *open;      /* by index of made.searches; 1: its places are shown; owned */
    struct search_row *rows; /* SEARCHES: the listed rows; owned */
    size_t n_rows;
};

extern const struct job_type *const pivots_jobs[]; /* the jobs of view_paths; ends in NULL */
/* Returns the state that the four views share. */
struct pivots *pivots_state_of(const struct app *app);

/* Returns the view that the tab shows. */
const struct view *pivots_view(const struct app *app);
/* Switches the tab to a view and opens it. */
void pivots_show(struct app *app, enum pivot_by by);
/* Restores the filter and the line mode of a view of the tab. The view is already open. */
void pivots_restore(struct app *app, const struct view *view, const struct pivot_filter *filter,
                    bool all_lines);
/* Returns whether rows can be shown. Rows by line must belong to the current decisions; the other
 * views show the previous rows until new rows arrive. */
bool pivots_have_rows(const struct app *app, enum pivot_by by);
/* Returns whether the view by line shows pivots.made.lines, the matching lines within the limits,
 * instead of all matching lines. */
bool pivots_filter_lines(const struct app *app);
void pivots_set_filter(struct app *app, const struct pivot_filter *filter);
/* Opens the view by line, limited to a path. node is NODE_NONE if the image does not contain the
 * path. */
void pivots_lines_of(struct app *app, struct bytes path, uint32_t node);
/* Applies CYCLE and the actions that change the limits. line is the corpus line of the row under
 * the cursor, or UINT32_MAX if there is no such line. Returns false for any other action. */
bool pivots_act(struct app *app, enum action action, uint32_t line);
/* Opens the view by line and moves the cursor to a matching line. */
void pivots_reveal_line(struct app *app, uint32_t line);
/* Appends the name of the view and the limits, for the summary in the row of tabs. */
void pivots_add_summary(struct app *app, struct buf *out);
/* Returns the text to show without rows. none is the text for the case that no limit is set. */
const char *pivots_empty(struct app *app, const char *none);
/* Lists the rows of the view of failed look-ups again. */
void pivots_list_searches(struct app *app);
/* Appends the name of a line, such as "log.12:34". */
void pivots_line_name(const struct app *app, uint32_t line, struct buf *out);

/* Returns the row of a matching line in the output of the chain. For a hidden line, returns the row
 * of the next matching line. Defined in view_trace.c. */
uint64_t view_trace_row(const struct app *app, uint32_t line);

#endif
