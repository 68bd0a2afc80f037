/* SPDX-License-Identifier: MIT
 *
 * The views of the tab Trace: by line, by path, by process, by what was looked for in vain; f goes
 * round. One filter holds for all of them, and the worker makes the rows.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_PIVOTS_H
#define XSMALL_TUI_VIEWS_VIEW_PIVOTS_H

#include "report/pivot.h"
#include "app/view.h"

/* A row of what was looked for: a name, or under one that is open a place. */
struct search_row {
    uint32_t search; /* in made.searches */
    uint32_t place;  /* in made.places, UINT32_MAX: the name's own row */
};

struct pivots {
    enum pivot_by by; /* what the tab shows */
    struct pivot_filter filter;
    struct arena strings;              /* of all filters */
    enum pivot_sort sort;              /* of paths */
    uint64_t serial;                   /* of the wish: by, filter and sort */
    uint64_t of_serial, of_generation; /* of what was made */
    struct pivot made;                 /* owned */
    bool is_made;
    struct uses uses; /* owned */
    uint64_t uses_of; /* generation of it; 0: there are none */
    struct list lists[N_PIVOTS];
    bool all_lines;          /* LINES: the hidden ones too */
    bool was_at_end;         /* LINES: the cursor stood on the last one, and follows it */
    struct buf no_logs;      /* LINES: the text shown without logs */
    uint64_t anchor;         /* LINES: the output row that the cursor is to be at */
    uint8_t *open;           /* by search, 1: its places are shown; owned */
    struct search_row *rows; /* SEARCHES: as they are listed; owned */
    size_t n_rows;
};

extern const struct job_type *const pivots_jobs[]; /* of the row of view_paths; ends in NULL */
/* The state of all of them. */
struct pivots *pivots_state_of(const struct app *app);

/* The view of the tab. */
const struct view *pivots_view(const struct app *app);
/* By another: its view is opened. */
void pivots_show(struct app *app, enum pivot_by by);
/* As it was: a view of the tab, which is open again, with its filter. */
void pivots_restore(struct app *app, const struct view *view, const struct pivot_filter *filter,
                    bool all_lines);
/* Its rows are there; of groups those of the decisions before will do until the new ones come. */
bool pivots_have(const struct app *app, enum pivot_by by);
/* The trace view shows the lines that pass, pivots.made.lines, instead of all survivors. */
bool pivots_filter_lines(const struct app *app);
void pivots_set_filter(struct app *app, const struct pivot_filter *filter);
/* The lines of a path; node: NODE_NONE, it is not in the image. */
void pivots_lines_of(struct app *app, struct bytes path, uint32_t node);
/* f and the filters; line: of the corpus, which the row under the cursor is of, UINT32_MAX: none.
 */
bool pivots_act(struct app *app, enum action action, uint32_t line);
/* To a surviving line, in the view by line. */
void pivots_reveal_line(struct app *app, uint32_t line);
/* What is shown and what passes, for beside the tabs. */
void pivots_add_summary(struct app *app, struct buf *out);
const char *pivots_empty(struct app *app, const char *none);
void pivots_list_searches(struct app *app);
/* "log.12:34", appended. */
void pivots_line_name(const struct app *app, uint32_t line, struct buf *out);

/* The place of a surviving line in the chain's output, or of the next one (view_trace.c). */
uint64_t view_trace_row(const struct app *app, uint32_t line);

#endif
