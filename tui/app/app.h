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

    const struct action_handlers *handlers; /* what each action does; borrowed */
    struct views views;
    const struct view *view;     /* the one shown */
    const struct view *under[4]; /* those that view is laid over, the lowest first */
    size_t n_under;
    enum scope focus;
    size_t stage;               /* cursor in the patterns */
    uint64_t generation;        /* of the decisions as they are */
    uint64_t computed;          /* of the decisions that session->keep is of */
    struct breaks *breaks;      /* owned; NULL: not replayed yet */
    struct group_offers offers; /* owned; of the families, found with them */
    struct hidden *hides;       /* owned; what each stage hides */
    size_t n_hides;
    uint64_t hiding;   /* of the decisions that hides is of */
    uint64_t replayed; /* of the decisions that breaks is of */
    bool evaluated;    /* the chain's numbers are of the decisions as they are */
    bool unstored;     /* results that the session does not have yet */

    struct prompt prompt;
    struct chain_edit chain_edit;
    struct search search;
    struct buf message;
    enum role message_role;

    struct nav_stack history;
    struct writing writing;
    struct pace pace; /* of what the last row tells */
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
