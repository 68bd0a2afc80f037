/* SPDX-License-Identifier: MIT
 *
 * The explorer's state, and the functions that views call.
 *
 * The loop (explorer.c) delivers the results of the threads, handles all pending input and paints
 * once.
 */
#ifndef XSMALL_TUI_APP_APP_H
#define XSMALL_TUI_APP_APP_H

#include "app/config.h"
#include "keep/breaks.h"
#include "threads/loader.h"
#include "app/nav_stack.h"
#include "app/mouse.h"
#include "threads/opener.h"
#include "app/prompt.h"
#include "app/row_range.h"
#include "app/chain_edit.h"
#include "app/view_search.h"
#include "app/view.h"
#include "threads/pace.h"
#include "app/writing.h"
#include "app/scheduler.h"

/* The session's file, the load that writes it, and the thread that reads it. */
struct loading {
    struct loader *loader;              /* NULL: nothing is loading */
    struct opener *opener;              /* NULL: the session is not being read */
    uint64_t opened_at;                 /* decisions.now when the opener was started */
    const struct load_request *request; /* the load to start; NULL: none; borrowed */
    bool follows;                       /* the load continues while its logs grow */
    unsigned n_followed;                /* loads after which the session was read again */
    struct writer_lock seat;            /* the writer lock of the session's file */
    bool is_new;                        /* the session's file did not exist at the start */
    uint32_t early_keys[64];            /* keys typed before the session was read */
    size_t n_early_keys;
};

/* The latest decision (mark, filter, switch), and the results that are up to date with it. Each
 * decision has a number; numbers only grow. */
struct decisions {
    uint64_t now;     /* the latest decision */
    uint64_t of_keep; /* the decision for which session->keep was computed */
    bool evaluated;   /* the chain was evaluated for the latest decision */
    bool unstored;    /* some results are not stored in the session's file yet */
};

/* Results of jobs that run after the kept tree was computed, for more than one view. */
struct results {
    struct breaks *breaks;      /* owned; NULL: not computed yet */
    struct group_offers offers; /* owned; file groups; computed together with the breaks */
    uint64_t of_breaks;         /* the decision for which breaks and offers were computed */
    struct hidden *hides;       /* owned; files that each stage hides, one element per stage */
    size_t n_hides;
    uint64_t of_hides; /* the decision for which hides was computed */
};

/* Requests that the loop carries out on the terminal after a key. */
struct terminal_wishes {
    struct buf clipboard; /* text for the clipboard; n 0: none */
    bool redraw, suspend;
};

struct app {
    struct session *session;  /* NULL until the session has been read for the first time */
    const char *session_path; /* borrowed */
    struct loading loading;
    struct scheduler scheduler;
    struct decisions decisions;
    struct results results;
    int wake; /* eventfd; written when a thread has a result */

    struct screen screen;
    struct config config;
    bool quit, dirty; /* dirty: the screen must be painted */
    struct terminal_wishes terminal;

    const struct action_handlers *handlers; /* borrowed */
    struct views views;
    const struct view *view; /* the view on screen */
    struct {
        const struct view *views[4]; /* the views below an overlay, the lowest first */
        size_t n;
    } under;
    struct nav_stack history;
    enum scope focus;
    size_t stage; /* cursor in the filters panel */

    struct prompt prompt;
    struct chain_edit chain_edit;
    struct search search;
    struct mouse mouse;
    struct {
        bool is_active; /* rows are selected (row_range.h) */
        uint64_t from;  /* the selection reaches from this row to the cursor */
    } range;
    struct {
        bool is_typed; /* a number before a motion is being typed */
        int64_t n;     /* -1: no digit yet */
    } count;
    struct {
        struct buf text; /* shown in the last row until the next key; n 0: no message */
        enum role role;
    } message;
    struct writing writing;
    struct pace pace; /* speed of the work whose progress is in the last row */
};

/* Shows a message in the last row until the next key. */
void app_say(struct app *app, enum role role, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Shows a view. Stores the current place (view, cursor, state) in the history first. */
void app_open(struct app *app, const struct view *view);
void app_back(struct app *app); /* closes an overlay and shows the view below it */
/* Returns the number of items that the chain filters: lines of logs, or paths of the subject image
 * if the session has no logs. */
uint32_t app_n_lines(const struct app *app);
/* Call after a mark or the chain has changed. The results are computed again in the background. */
void app_decided(struct app *app);
/* Call after a note has changed. No result depends on notes. */
void app_noted(struct app *app);
/* Call after session->keep was replaced. The views list their rows again. */
void app_refreshed(struct app *app);
/* Does KEEP, DROP, AUTO, UNMARK, NOTE, WHY or LINES on a node of the subject image
 * (path_actions.c). Returns false for another action. */
bool app_act_on_node(struct app *app, uint32_t node, enum action action);
enum mark mark_of_action(enum action action); /* for KEEP, DROP, AUTO, UNMARK */
/* Does an action, as if its key had been pressed (action_handlers.h). Returns false if the action
 * has no meaning for the current view and focus. */
bool app_handle(struct app *app, enum action action);

/* Handles a key (input.c). */
void input_key(struct app *app, uint32_t key);

/* Handles a digit of a count, or Escape, which cancels the count (motion.c). A digit begins a count
 * only if it is not bound to an action. Returns false for another key; such a key ends the count.
 */
bool motion_count_key(struct app *app, uint32_t key);
/* Moves the cursor to the row with this number. Returns false if text is not a number. */
bool motion_go(struct app *app, struct bytes text);

#endif
