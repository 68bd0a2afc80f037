/* SPDX-License-Identifier: MIT
 *
 * The explorer's state, in one frame, and what views may ask of it.
 *
 * The loop (explorer.c): take what the threads have done, drain the input, then layout, fetch and
 * paint once.
 */
#ifndef XSMALL_TUI_APP_APP_H
#define XSMALL_TUI_APP_APP_H

#include "chain/pattern_sets.h"
#include "report/coverage.h"
#include "app/config.h"
#include "app/explorer.h"
#include "keep/breaks.h"
#include "jobs/loader.h"
#include "app/nav_stack.h"
#include "app/mouse.h"
#include "jobs/opener.h"
#include "views/view_pivots.h"
#include "trace/doctor/doctor.h"
#include "app/prompt.h"
#include "app/row_range.h"
#include "app/input_history.h"
#include "rows/tree_filter.h"
#include "rows/tree_rows.h"
#include "app/view.h"
#include "views/view_diff.h"
#include "jobs/pace.h"
#include "views/view_file.h"
#include "jobs/writing.h"
#include "views/view_layers.h"
#include "views/view_why.h"
#include "views/view_packages.h"
#include "jobs/scheduler.h"

enum prompt_kind {
    PROMPT_NONE,
    PROMPT_STAGE,    /* a new or changed pattern, with a live preview */
    PROMPT_PIPELINE, /* the whole chain as text */
    PROMPT_SEARCH,
    PROMPT_FILTER, /* of the tree; acts while it is typed */
    PROMPT_COMMAND,
    PROMPT_NOTE,    /* on at_node */
    PROMPT_EXTRACT, /* where at_node goes */
    PROMPT_MAP,     /* FROM=TO */
    PROMPT_EXPORT,  /* the directory of an export with more than its text */
    PROMPT_SET,     /* the name of a set to be made of the chain */
    PROMPT_FILE     /* where the export goes */
};

/* A row of the marks view; node NODE_NONE: not in the subject. Bytes are the session's lists'. */
struct decision {
    struct bytes path, note;
    enum mark mark;
    uint32_t node;
};

enum files_list { LIST_KEPT, LIST_IN_BASE, LIST_DROPPED, N_LISTS };

/* What a typed pattern would do. */
struct preview {
    uint64_t serial; /* counts the changes of the text */
    bool asked;      /* the text has changed since the last job */
    bool known;      /* matched and left are of the text as it is */
    uint32_t matched, left;
    bool valid, invert;
    struct scan scan; /* of the text, for the lines on screen; valid says if it is there */
    struct pattern_scratch *scratch;
    roaring_bitmap_t *hits; /* known: owned */
    struct buf error;
};

/* A search in the view that is shown (view_search.c). */
struct search {
    struct buf text; /* n 0: none; its matches are highlighted */
    bool is_running, backwards;
    bool failed;         /* it is nowhere */
    uint64_t item, left; /* the next one to look at; how many are left */
    struct list origin;  /* where the list stood when typing began */
};

struct app {
    struct session *session; /* NULL until the session has been read for the first time */
    struct scheduler scheduler;
    int wake;                        /* eventfd: worker, loader or opener have something */
    struct loader *loader;           /* NULL: nothing is loading */
    struct opener *opener;           /* NULL: the session is not being read */
    uint64_t opening;                /* of the decisions when that began */
    bool follow;                     /* it, again and again */
    unsigned n_followed;             /* of its loads, those that the session was read behind */
    const struct load_request *load; /* to do once the session is there; NULL: nothing; borrowed */
    struct screen screen;
    struct config config;
    const char *session_path; /* its path; borrowed */
    struct writer_lock seat;  /* of it */
    uint32_t early[64];       /* keys that came before the session was there */
    size_t n_early;
    bool is_new;      /* the session was not there before */
    bool quit, dirty; /* dirty: paint */
    bool ranging;     /* from a row to the cursor (row_range.h) */
    uint64_t range_from;
    struct buf clipboard; /* for the terminal; n 0: nothing */
    struct mouse mouse;
    bool counting;        /* a number is being typed before a motion */
    int64_t count;        /* counting: that far; -1: no digit yet */
    bool redraw, suspend; /* for the terminal */

    const struct view *view;
    const struct view *under[4]; /* those that view is laid over, the lowest first */
    size_t n_under;
    enum scope focus;
    size_t stage;               /* cursor in the patterns */
    uint64_t generation;        /* of the decisions as they are */
    uint64_t computed;          /* of the decisions that session->keep is of */
    struct breaks *breaks;      /* owned; NULL: not replayed yet */
    struct group_offers offers; /* owned; of the families, found with them */
    struct list families_list;
    struct hidden *hides; /* owned; what each stage hides */
    size_t n_hides;
    uint64_t hiding;   /* of the decisions that hides is of */
    uint64_t replayed; /* of the decisions that breaks is of */
    bool evaluated;    /* the chain's numbers are of the decisions as they are */
    bool unstored;     /* results that the session does not have yet */

    enum prompt_kind prompt_kind;
    struct prompt prompt;
    struct input_history recall; /* what was typed at it before */
    size_t prompt_stage;         /* STAGE: its position */
    enum stage_target prompt_target;
    const char *prompt_begin; /* STAGE: "grep -v": the text is the expression alone; NULL: the
                                 text is a whole grep command */
    bool prompt_is_new, pasting;
    struct preview preview;
    struct proposals proposals; /* STAGE: to choose from; n 0: none */
    struct search search;
    struct buf message;
    struct buf no_logs; /* what the trace's view says without logs */
    enum role message_role;

    struct nav_stack history;
    struct pivots pivots;
    struct file_state file;
    struct writing writing;
    struct pace pace; /* of what the last row tells */
    struct list trace_list, files_list, breaks_list, pattern_sets_list, doctor_list, runs_list,
        marks_list, export_list, text_list;
    bool all_lines;            /* trace view: the hidden ones too */
    struct tree_rows tree;     /* image view */
    struct tree_order order;   /* of all trees */
    struct tree_filter filter; /* likewise */
    struct buf filter_before;  /* PROMPT_FILTER: what Escape goes back to */
    struct layers_state layers;
    struct diff_state diff;
    struct packages_state packages;
    struct why_state why;
    uint32_t *files; /* files view: nodes; owned */
    uint32_t n_files;
    bool files_by_size;
    int64_t origins[N_ORIGINS]; /* kept bytes by what they go back to */
    struct decision *decisions; /* marks view; owned */
    size_t n_decisions;
    uint32_t at_node;
    enum files_list files_which;
    enum export_form form;
    bool export_why;            /* with comments that say why */
    bool export_wanted;         /* export view: the text is to be made anew */
    bool export_ok;             /* it is an export, not why there is none */
    struct buf export;          /* its text */
    struct bytes *export_lines; /* its rows; owned */
    size_t n_export_lines;
    struct pattern_sets sets; /* sets view */
    struct findings findings; /* doctor view */
    struct coverage coverage; /* runs view */
    struct coverage_kept covered_kept;
    uint32_t *covered; /* its files, as they are listed; owned */
    size_t n_covered;
    int covered_which;
    struct buf text;     /* text view */
    struct bytes *lines; /* its rows; owned */
    size_t n_lines;
    const char *text_title;
};

/* A line in the last row, until the next key. */
void app_say(struct app *app, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Where it was left goes into the history. */
void app_open(struct app *app, const struct view *view);
void app_back(struct app *app); /* from a view that is laid over another one */
/* What the chain selects from: lines of logs, or without logs paths of the subject. */
uint32_t app_n_lines(const struct app *app);
/* A mark or the chain has changed: the numbers follow in the background. */
void app_decided(struct app *app);
/* The kept tree is another: views make their rows anew. */
void app_refreshed(struct app *app);
void app_ask(struct app *app, enum prompt_kind kind, struct bytes text);
/* Shows text (taken over) in the text view. */
void app_show_text(struct app *app, const char *title, struct buf *text);
/* On paths (path_actions.c). Acts on a node of the subject: KEEP, DROP, AUTO, UNMARK, NOTE, WHY,
 * LINES. False: another action. */
bool app_act_on_node(struct app *app, uint32_t node, enum action action);
/* Marks all that a PATH of the command line means (semantics.md, Marks). */
void app_mark_paths(struct app *app, struct bytes path, enum mark mark);
/* What the evidence asks for becomes a decision: it stays whatever patterns come. */
void app_keep_survivors(struct app *app);
bool app_handle(struct app *app, enum action action);        /* any action */
bool app_handle_global(struct app *app, enum action action); /* those that no view knows */

/* The place of a surviving line in the chain's output, or of the next one. */
uint64_t view_trace_row(const struct app *app, uint32_t line);
/* Opens the directories above a node and puts the cursor on it. */
void view_image_reveal(struct app *app, uint32_t node);
void view_image_rebuild(struct app *app);
/* SORT, DIRS_FIRST and FILTER, in all trees. */
bool view_image_arrange(struct app *app, enum action action);
/* Shows what passes a filter. False: it is none, and the one that there was stays. */
bool view_image_filter(struct app *app, struct bytes text, struct err *err);
void view_files_rebuild(struct app *app);
/* The kept bytes by origin, for beside the tabs; appended. */
void view_files_sums(struct app *app, struct buf *out);
void view_marks_rebuild(struct app *app);
/* The sets as they are now; and the chain made one of them. */
bool view_sets_open(struct app *app, struct err *err);
void view_sets_save(struct app *app, struct bytes typed);
/* What the logs do not tell; the runs and their files. */
bool view_doctor_open(struct app *app, struct err *err);
bool view_runs_open(struct app *app, struct err *err);
bool view_export_write(struct app *app, const char *path, struct err *err);
/* Splits text into rows. *rows is owned by the caller. */
void split_rows(struct bytes text, struct bytes **rows, size_t *n);

/* The chain, its prompt and preview (chain_edit.c). */
void chain_edit_begin(struct app *app, bool is_new, const char *begin);
/* A new stage from what the row under the cursor names; false: it names nothing. */
bool chain_edit_propose(struct app *app, const char *begin);
void chain_edit_choose(struct app *app, int by); /* another proposal */
void chain_edit_changed(struct app *app);
bool chain_edit_accept(struct app *app); /* false: refused, the prompt stays */
void chain_edit_end(struct app *app);
bool chain_edit_put(struct app *app);    /* what was changed in memory becomes the session's */
void chain_edit_forget(struct app *app); /* the preview: its lines go */
/* What is typed, as one grep command; appended. */
void chain_edit_text(const struct app *app, struct buf *out);
void chain_edit_next_target(struct app *app); /* of the stage that is being typed */
/* Whether the stage that is being typed would take a line away, whose text with its prefix this is.
 * Without the counted hits only a stage on lines can tell. */
bool chain_edit_would_go(struct app *app, uint32_t line, struct bytes text, size_t prefix_n);
bool chain_edit_act(struct app *app, enum action action);

/* Input (input.c). */
void input_key(struct app *app, uint32_t key);

/* Motions (motion.c). */
bool motion_act(struct app *app, enum action action); /* as often as the count says */
/* A digit that belongs to a count or begins one (a digit that is bound to an action does not), or
 * Escape from it. False: another key, with which a count ends. */
bool motion_count_key(struct app *app, uint32_t key);
bool motion_go(struct app *app,
               struct bytes text); /* to the row of this number; false: it is none */

/* Searching (view_search.c). */
enum search_from { SEARCH_HERE, SEARCH_NEXT };
void search_begin(struct app *app); /* a needle is going to be typed */
void search_typed(struct app *app); /* the prompt's text is the needle */
void search_leave(struct app *app); /* back to where it began */
void search_start(struct app *app, enum search_from from, bool backwards);
void search_slice(struct app *app); /* a few milliseconds of a search that runs */
void search_stop(struct app *app);

/* Painting (painter.c, paint_stages.c, paint_status.c). */
void paint(struct app *app);
void paint_panel(struct app *app, int y, int rows);
void paint_stage_prompt(struct app *app, int y);
void paint_last(struct app *app, int y);

/* Set-up and end, without a terminal: the tests use them too. */
bool app_init(struct app *app, const struct explorer_options *options, struct err *err);
void app_finish(struct app *app);
/* Takes what has come from the threads and gives them more to do. False: leave, err says why if
 * its kind is not ERR_NONE. */
bool app_turn(struct app *app, struct err *err);
/* Whether no thread works and no search runs: without a key, the screen stays as it is. */
bool app_is_idle(const struct app *app);
/* Milliseconds until the next turn if nothing comes from the threads; -1: none is needed. */
int app_timeout(const struct app *app);

#endif
