/* SPDX-License-Identifier: MIT
 *
 * strace logs into the session: text in zstd blocks, calls parsed into accesses.
 *
 * All rows belong to the given load (db/loading.h); nothing is visible before loading_finish.
 */
#ifndef XSMALL_TRACE_TRACE_H
#define XSMALL_TRACE_TRACE_H

#include "db/db.h"
#include "util/progress.h"

struct trace_request {
    const char *const *operands; /* files and directories, in the order given */
    size_t n_operands;
    const char *run;       /* NULL: the next free run1, run2, … */
    bool keep_runs;        /* run is for new logs; known ones stay in theirs */
    const char *role;      /* "evidence", "check" */
    const char *cwd;       /* where the traced program started, absolute; NULL: not known */
    const char *image_cwd; /* the subject's WORKDIR, used if the log shows no better directory;
                              NULL: none */
    int64_t load;          /* from loading_begin */
};

struct trace_result {
    size_t n_new, n_same, n_grown, n_changed; /* logs */
};

/* Loads the logs. A log is known by its absolute path (semantics.md, Loading again). A directory's
 * files by name in C order, named DIR/name; those that are no logs are skipped, a problem each;
 * none left: an error. A file named outright that is no log: an error. */
bool trace_load(struct db *db, const struct trace_request *request, struct progress *progress,
                struct trace_result *result, struct err *err);

#endif
