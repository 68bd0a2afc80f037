/* SPDX-License-Identifier: MIT
 *
 * Loads strace logs into the session: the text in zstd blocks, and the calls parsed into accesses.
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
    const char *run;            /* name of the run; NULL: the next free name of run1, run2, … */
    bool keep_runs;             /* run applies to new logs only; known logs stay in their run */
    const char *directory_name; /* names the logs of a directory operand, in place of its path;
                                   NULL: the path */
    const char *role;           /* "evidence", "check" */
    const char *cwd; /* directory in which the traced program started, absolute; NULL: not known */
    const char *image_cwd; /* the subject's WORKDIR, used if the log shows no better directory;
                              NULL: none */
    int64_t load;          /* from loading_begin */
};

struct trace_result {
    size_t n_new, n_same, n_grown, n_changed; /* logs */
};

/* Loads the logs. A log is identified by its absolute path (semantics.md, Loading again). The files
 * of a directory are loaded by name in C order and named DIR/name. Files in it that are not logs
 * are skipped, each with a problem; if no log remains, this is an error. An operand that is a file
 * and not a log is an error. */
bool trace_load(struct db *db, const struct trace_request *request, struct progress *progress,
                struct trace_result *result, struct err *err);

#endif
