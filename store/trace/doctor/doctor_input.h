/* SPDX-License-Identifier: MIT
 *
 * Reads from the session the facts about each log that the doctor's rules need. Writes nothing.
 *
 *     struct doctor_input input = {0};
 *     if (!doctor_input_read(db, &input, err)) …
 *     input.runs[0].logs[2].traits[TRAIT_CHILD].n children
 *     doctor_input_finish(&input);
 */
#ifndef XSMALL_TRACE_DOCTOR_DOCTOR_INPUT_H
#define XSMALL_TRACE_DOCTOR_DOCTOR_INPUT_H

#include "trace/log/log_problems.h"
#include "trace/log/log_traits.h"
#include "util/arena.h"

struct doctor_count {
    uint32_t n, line; /* n 0: did not occur */
};

struct doctor_log {
    int64_t id;
    struct bytes name;
    uint32_t n_lines;
    bool cut; /* its last line has no newline */
    struct doctor_count traits[N_LOG_TRAITS], problems[N_LOG_PROBLEMS];
    struct bytes children; /* pids, each followed by a space */
    int32_t file_pid;      /* pid of the process if this is a log of strace -ff; else 0 */
    bool made;             /* true if a process of another log of the run created its process */
    uint32_t n_accesses;
};

struct doctor_run {
    int64_t id;
    struct bytes name;
    struct doctor_log *logs; /* n_logs of them, in load order; part of input.logs */
    size_t n_logs;
    uint64_t n_lines, n_accesses;
    bool opens, failures, successes; /* true if the run has such an access */
    bool others;                     /* true if a path has no ".so" in it */
};

struct doctor_input {
    struct doctor_run *runs;
    size_t n_runs, cap_runs;
    struct doctor_log *logs;
    size_t n_logs, cap_logs;
    struct arena arena;
};

bool doctor_input_read(struct db *db, struct doctor_input *out, struct err *err);
/* Removes the first pid from doctor_log.children; returns false if no pid is left. */
bool doctor_input_next_pid(struct bytes *pids, int32_t *pid);
void doctor_input_finish(struct doctor_input *input);

#endif
