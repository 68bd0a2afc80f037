/* SPDX-License-Identifier: MIT
 *
 * What is run and how: the program of an image, its user and environment, the world it sees, its
 * limits, and what is done while it runs. Strings are NUL-terminated and owned by the spec.
 *
 *     struct run_spec spec;
 *     run_spec_init(&spec);
 *     run_spec_of_image(&spec, db, config, tree, &choice, err) && run_execute(&spec, …);
 *     run_spec_finish(&spec);
 */
#ifndef XSMALL_RUN_RUN_SPEC_H
#define XSMALL_RUN_RUN_SPEC_H

#include <stdint.h>
#include <sys/types.h>

#include "util/bytes.h"
#include "util/err.h"

/* A list of owned strings; items[n] is NULL. */
struct words {
    char **items; /* NULL if n is 0 and nothing was added */
    size_t n, cap;
};
void words_add(struct words *words, struct bytes word);
void words_finish(struct words *words);

struct run_mount {
    char *source, *target; /* absolute; source on the host, target in the image */
    bool is_writable;
};

enum run_ready_kind {
    READY_DELAY, /* a number of seconds has passed */
    READY_TCP,   /* something listens on a TCP port */
    READY_HTTP,  /* a GET of a path on a port is answered with status 2xx or 3xx */
    READY_FILE,  /* a path of the image exists */
    READY_TEXT   /* a line of the output matches an extended regular expression */
};
struct run_ready {
    enum run_ready_kind kind;
    double delay_s;
    uint16_t port;
    char *text; /* owned; of READY_HTTP, READY_FILE and READY_TEXT */
};

struct run_limits {
    double timeout_s; /* of the whole run */
    double test_s;    /* of one test */
    double stop_s;    /* from the stop signal to SIGKILL */
    uint64_t memory;  /* bytes of all processes together */
    uint64_t write;   /* bytes that the program may add to the disk */
    uint64_t output;  /* bytes of standard output and standard error together */
    uint64_t log;     /* bytes of the strace logs together */
    uint32_t processes;
};

struct run_spec {
    struct words command;     /* the program and its arguments */
    struct words environment; /* NAME=VALUE */
    char *working_directory;  /* absolute */
    char *hostname;
    uint32_t uid, gid;
    struct buf groups; /* "10,20" */
    struct run_mount *mounts;
    size_t n_mounts;
    bool has_host_network;
    bool has_real_ids; /* ids of the sandbox are those of the host: root only, not safe */
    char *input;       /* path of the file that is standard input; NULL: /dev/null */
    struct run_ready ready;
    struct words tests; /* shell commands, run outside the sandbox */
    int stop_signal;
    int expected_exit; /* exit status of a program that works */
    struct run_limits limits;
};

/* Defaults: an empty command, user 0, the limits of semantics.md (Running). */
void run_spec_init(struct run_spec *spec);
void run_spec_finish(struct run_spec *spec);
#define RUN_SPEC_AUTO __attribute__((cleanup(run_spec_finish)))

/* Returns the number of "SIGQUIT", "QUIT", "3" or "RTMIN+1"; 0: no such signal. */
int run_signal_number(const char *text);

#endif
