/* SPDX-License-Identifier: MIT
 *
 * The explorer's state, in one frame, and what views may ask of it.
 *
 * The loop (explorer.c): take what the threads have done, drain the input, then layout, fetch and
 * paint once.
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

/* How the session gets here: the file, a load, and the thread that reads it. */
struct loading {
    struct loader *loader;              /* NULL: nothing is loading */
    struct opener *opener;              /* NULL: the session is not being read */
    uint64_t opened_at;                 /* decisions.now when reading began */
    const struct load_request *request; /* what to load; NULL: nothing; borrowed */
    bool follows;                       /* the load goes on while its logs grow */
    unsigned n_followed;                /* loads of following that the session was read after */
    struct writer_lock seat;            /* of the session's file */
    bool is_new;                        /* the session's file did not exist before */
    uint32_t early_keys[64];            /* keys that came before the session was there */
    size_t n_early_keys;
};

/* Which decisions (marks, filters, switches) are the latest, and what is known of them. Each
 * decision has a number; numbers only grow. */
struct decisions {
    uint64_t now;     /* the latest */
    uint64_t of_keep; /* the one that session->keep was computed for */
    bool evaluated;   /* the chain's numbers are of the latest */
    bool unstored;    /* there are results that the session's file does not have yet */
};

/* What jobs computed after the kept tree, for more than one view. */
struct results {
    struct breaks *breaks;      /* owned; NULL: not replayed yet */
    struct group_offers offers; /* owned; of the file groups; found with the breaks */
    uint64_t of_breaks;         /* the decision that breaks and offers are of */
    struct hidden *hides;       /* what each stage hides; owned */
    size_t n_hides;
    uint64_t of_hides; /* the decision that hides is of */
};

/* What the loop does to the terminal after a key. */
struct terminal_wishes {
    struct buf clipboard; /* n 0: nothing to copy */
    bool redraw, suspend;
};

struct app {
    struct session *session;  /* NULL until the session has been read for the first time */
    const char *session_path; /* borrowed */
    struct loading loading;
    struct scheduler scheduler;
    struct decisions decisions;
    struct results results;
    int wake; /* eventfd: a thread has a result */

    struct screen screen;
    struct config config;
    bool quit, dirty; /* dirty: paint */
    struct terminal_wishes terminal;

    const struct action_handlers *handlers; /* what each action does; borrowed */
    struct views views;
    const struct view *view; /* the one shown */
    struct {
        const struct view *views[4]; /* those that view is laid over, the lowest first */
        size_t n;
    } under;
    struct nav_stack history;
    enum scope focus;
    size_t stage; /* cursor in the filters */

    struct prompt prompt;
    struct chain_edit chain_edit;
    struct search search;
    struct mouse mouse;
    struct {
        bool is_active; /* from a row to the cursor (row_range.h) */
        uint64_t from;
    } range;
    struct {
        bool is_typed; /* a number before a motion */
        int64_t n;     /* -1: no digit yet */
    } count;
    struct {
        struct buf text; /* the last row, until the next key; n 0: none */
        enum role role;
    } message;
    struct writing writing;
    struct pace pace; /* of the progress in the last row */
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
/* A note has changed, which no number depends on. */
void app_noted(struct app *app);
/* Call after session->keep was replaced: the views list their rows again. */
void app_refreshed(struct app *app);
/* On paths (path_actions.c). Acts on a node of the subject: KEEP, DROP, AUTO, UNMARK, NOTE, WHY,
 * LINES. False: another action. */
bool app_act_on_node(struct app *app, uint32_t node, enum action action);
enum mark mark_of_action(enum action action); /* of KEEP, DROP, AUTO, UNMARK */
/* Does any action, as if its key had been pressed (action_handlers.h). False: it means nothing
 * where the focus is. */
bool app_handle(struct app *app, enum action action);

/* Input (input.c). */
void input_key(struct app *app, uint32_t key);

/* Motions (motion.c). */
/* A digit that belongs to a count or begins one (a digit that is bound to an action does not), or
 * Escape from it. False: another key, with which a count ends. */
bool motion_count_key(struct app *app, uint32_t key);
bool motion_go(struct app *app,
               struct bytes text); /* to the row of this number; false: it is none */

#endif
