/* SPDX-License-Identifier: MIT
 *
 * Runs the subject image of a session, or its slim image, in a sandbox (store/run), and loads the
 * logs as a run of the session.
 */
#ifndef XSMALL_SESSION_SESSION_RUN_H
#define XSMALL_SESSION_SESSION_RUN_H

#include "run/run_compare.h"
#include "session/session.h"

enum session_tree {
    SESSION_SUBJECT, /* evidence */
    SESSION_SLIM     /* the base image and the kept files, map rules applied: a check run */
};

struct session_run {
    const struct run_spec *spec; /* borrowed, as are all */
    enum session_tree tree;
    const char *name; /* of the run */
};

/* Runs the program, loads its logs, and settles the session again. The session must be settled for
 * SESSION_SLIM. *result is the caller's: run_result_finish, also if the load failed after the run.
 */
bool session_run(struct session *session, const struct session_run *run, struct progress *progress,
                 struct run_result *result, struct load_result *loaded, struct err *err);
/* Appends the name of a new run: name, or run1, run2, … Fails if the session has a run of that
 * name. */
bool session_run_name(struct session *session, const char *name, struct buf *out, struct err *err);

struct session_check {
    const struct run_spec *spec; /* borrowed, as are all */
    const struct words *ignored; /* extended regular expressions: lines that are not compared */
    bool compare_output;         /* the program's own output counts also if it was stopped */
    const char *name;            /* of the check run */
    /* Called before each of the three runs, from 1; may be NULL. */
    void (*begins)(void *with, unsigned number);
    void *with;
};

/* Runs the subject image twice and the slim image once, compares the answers, and loads the log of
 * the slim image as a check run. The session must be settled. Fails if the program cannot be run,
 * or fails in the subject image. */
bool session_check(struct session *session, const struct session_check *check,
                   struct progress *progress, struct run_comparison *comparison, struct err *err);

#endif
