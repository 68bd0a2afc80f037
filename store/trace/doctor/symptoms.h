/* SPDX-License-Identifier: MIT
 *
 * What the session holds of each log that the doctor's rules ask about. Reads only.
 *
 *     struct symptoms symptoms = {0};
 *     if (!symptoms_read(db, &symptoms, err)) …
 *     symptoms.runs[0].logs[2].clues[CLUE_CHILD].n children
 *     symptoms_finish(&symptoms);
 */
#ifndef XSMALL_TRACE_DOCTOR_SYMPTOMS_H
#define XSMALL_TRACE_DOCTOR_SYMPTOMS_H

#include "trace/doctor/clues.h"
#include "trace/follow/tracker.h"
#include "util/arena.h"

struct symptom {
    uint32_t n, line; /* n 0: not met */
};

struct symptom_log {
    int64_t id;
    struct bytes name;
    uint32_t n_lines;
    bool cut; /* its last line has no newline */
    struct symptom clues[CLUE_KINDS], problems[TRACK_PROBLEMS];
    struct bytes children; /* pids, a space behind each */
    int32_t file_pid;      /* a log of strace -ff: its process; else 0 */
    bool made;             /* and a process of another log of the run made it */
    uint32_t n_accesses;
};

struct symptom_run {
    int64_t id;
    struct bytes name;
    struct symptom_log *logs; /* n_logs of them, in load order; part of symptoms.logs */
    size_t n_logs;
    uint64_t n_lines, n_accesses;
    bool opens, failures, successes; /* there is one */
    bool others;                     /* a path without ".so" in it */
};

struct symptoms {
    struct symptom_run *runs;
    size_t n_runs, cap_runs;
    struct symptom_log *logs;
    size_t n_logs, cap_logs;
    struct arena arena;
};

bool symptoms_read(struct db *db, struct symptoms *out, struct err *err);
/* Takes the first pid off symptom_log.children; false at their end. */
bool symptoms_next_pid(struct bytes *pids, int32_t *pid);
void symptoms_finish(struct symptoms *symptoms);

#endif
