/* SPDX-License-Identifier: MIT
 *
 * strace, attached from outside to the program of a sandbox before its first instruction.
 *
 *     tracer_start(&tracer, &dir, keeper.pid, program, err) && …  // the program still waits
 *     keeper_let_go(&keeper);
 *     …                                                  // the program has ended
 *     tracer_finish(&tracer);                            // the logs are complete
 *     tracer_trim_logs(&dir, program, err);
 */
#ifndef XSMALL_RUN_TRACER_H
#define XSMALL_RUN_TRACER_H

#include "run/run_dir.h"

struct tracer {
    pid_t pid; /* 0: not running */
    int error; /* owned; strace's messages, a file without a name */
};

/* Starts strace and returns when it records the program's calls. The program waits meanwhile. */
bool tracer_start(struct tracer *tracer, const struct run_dir *dir, pid_t keeper, pid_t program,
                  struct err *err);
/* Waits until strace has ended: it does when all traced processes have. */
void tracer_finish(struct tracer *tracer);
/* Removes the lines of the sandbox's first program from the log of the program. Returns false and
 * fills err if the image's program was not executed. */
bool tracer_trim_logs(const struct run_dir *dir, pid_t program, struct err *err);
/* Returns how the program ended, read from its log, as a wait status (waitpid(2)); -1 if the log
 * does not show it. */
int tracer_status(const struct run_dir *dir, pid_t program);

#endif
