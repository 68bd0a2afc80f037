/* SPDX-License-Identifier: MIT
 *
 * A run while its program runs; for the files of this room.
 */
#ifndef XSMALL_RUN_LIVE_RUN_H
#define XSMALL_RUN_LIVE_RUN_H

#include "run/keeper.h"
#include "run/namespace_fork.h"
#include "run/run.h"
#include "run/tracer.h"

/* One of the program's output streams: what comes through the pipe goes into the file. */
struct live_stream {
    int pipe, file; /* owned; -1: closed */
};

struct live_run {
    const struct run_request *request; /* borrowed */
    const struct run_spec *spec;       /* borrowed */
    struct run_result *result;         /* borrowed */
    struct keeper keeper;
    struct tracer tracer;
    struct live_stream streams[2]; /* standard output, standard error */
    uint64_t n_output;             /* bytes of both */
    pid_t init, program;           /* process 1 of the sandbox, and the program */
    int init_fd, program_fd;       /* owned; pidfds; -1: none */
    uint64_t began_ns, checked_ns;
    uint64_t free_bytes; /* of the file system, when the program began */
};

/* Returns the namespaces that tests and readiness checks join. */
static inline enum namespace_part live_run_part(const struct live_run *live)
{
    return live->spec->has_host_network ? NAMESPACE_USER : NAMESPACE_USER_AND_NETWORK;
}

/* Handles output for up to `ms` milliseconds or until the program ends, and checks the limits.
 * Returns false when the program has ended or must end: result->outcome is the reason. */
bool live_run_turn(struct live_run *live, int ms);
bool live_run_is_over(const struct live_run *live);
bool live_run_is_cancelled(const struct live_run *live); /* by the caller */
/* Sends a signal to the program. SIGKILL ends all processes of the sandbox. */
void live_run_signal(struct live_run *live, int signal_number);

/* Sets result->outcome if a limit has been reached; true then. */
bool live_limits_reached(struct live_run *live);

/* Waits until the program is ready. False: it ended, timed out or was cancelled before. */
bool live_ready_wait(struct live_run *live, struct err *err);
/* Runs the tests, one after the other, until one cannot be started. */
bool live_tests_run(struct live_run *live, struct err *err);

#endif
