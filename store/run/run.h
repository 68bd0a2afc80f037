/* SPDX-License-Identifier: MIT
 *
 * Runs the program of an image in a sandbox, traced, and the tests that use the program.
 *
 *     struct run_request request = {&spec, write_image, with, progress};
 *     struct run_result result;
 *     if (run_execute(&request, &result, err))
 *         … result.dir.path, with trace/, stdout, stderr, test-1 …
 *     run_result_finish(&result);                     // removes the directory
 *
 * The order of steps: directories, namespaces, unpacking, bubblewrap, strace attached, the program
 * begins, ready, tests, stop, logs complete, sandbox removed.
 */
#ifndef XSMALL_RUN_RUN_H
#define XSMALL_RUN_RUN_H

#include "run/run_dir.h"
#include "run/run_spec.h"
#include "run/unpack.h"
#include "util/progress.h"

enum run_outcome {
    RUN_ENDED,     /* by itself, or after our stop signal */
    RUN_TIMED_OUT, /* killed after limits.timeout_s */
    RUN_MEMORY,    /* killed at a limit */
    RUN_DISK,
    RUN_OUTPUT,
    RUN_LOG,
    N_RUN_OUTCOMES
};
/* "ended", "timed out", "memory limit", …, by enum run_outcome. */
extern const char *const run_outcomes[];

struct run_test_result {
    int status; /* wait status; -1: killed after limits.test_s */
    uint64_t time_ns;
};

struct run_result {
    struct run_dir dir; /* owned: logs, stdout, stderr, test-N, until run_result_finish */
    enum run_outcome outcome;
    int status;                    /* wait status of the program, -1: not known */
    bool was_stopped;              /* we sent the stop signal before it ended */
    bool was_ready;                /* false: it was never ready, and no test was run */
    uint64_t time_ns;              /* from its first instruction to its end */
    struct run_test_result *tests; /* owned; those that were run */
    size_t n_tests;
    struct unpack_result unpacked;
    enum id_map_kind ids;
};

/* Writes the image's files to a descriptor, as a tar stream. */
typedef bool run_write_image(void *with, int fd, struct err *err);

struct run_request {
    const struct run_spec *spec; /* borrowed, as are all */
    run_write_image *write_image;
    void *with;
    uint64_t image_bytes;      /* that write_image will write; 0: not known */
    struct progress *progress; /* its cancel flag ends the run; NULL: none */
    /* Called while the program runs, about ten times a second; may be NULL. */
    void (*turn)(void *with, const struct run_dir *dir);
};

/* Returns false and fills err if the program could not be run; a program or a test that fails, or
 * reaches a limit, is a result. */
bool run_execute(const struct run_request *request, struct run_result *result, struct err *err);
void run_result_finish(struct run_result *result);

/* Returns true if the test exited with 0. */
bool run_test_passed(const struct run_test_result *test);
/* Returns true if the program ended as expected and all tests passed. */
bool run_passed(const struct run_spec *spec, const struct run_result *result);

#endif
