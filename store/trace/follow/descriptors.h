/* SPDX-License-Identifier: MIT
 *
 * What a process's open descriptors name, as far as the log shows: only descriptors that came from
 * a path are in it. Copied at fork lazily, shared between threads as the kernel shares them.
 *
 *     descriptors_put(fds, (struct descriptor){.fd = 3, .path = etc, .cloexec = true});
 *     descriptors_copy(fds, 3, 10, false);      dup2(3, 10)
 *     descriptors_exec(fds);                     3 is gone, 10 stays
 */
#ifndef XSMALL_TRACE_FOLLOW_DESCRIPTORS_H
#define XSMALL_TRACE_FOLLOW_DESCRIPTORS_H

#include "util/bytes.h"

struct descriptor {
    int32_t fd;
    uint32_t path; /* in paths */
    uint32_t log;  /* the log that row is of */
    uint32_t row;  /* seq of the access that opened it; 0: none */
    bool cloexec;
};

struct descriptors;

/* Limits on what a hostile log can make of it: descriptors of one table, and of all together. What
 * is beyond is not tracked, and counted. */
enum { DESCRIPTORS_MAX = 4096, DESCRIPTORS_ALL_MAX = 1 << 20 };

/* Over all tables. */
struct descriptors_sum {
    size_t n;
    bool left_out; /* one was, since somebody took notice */
};

struct descriptors *descriptors_create(struct descriptors_sum *sum); /* sum is borrowed */
struct descriptors *descriptors_share(struct descriptors *fds); /* the same for another thread */
struct descriptors *descriptors_fork(struct descriptors *fds);  /* a copy of its own */
void descriptors_release(struct descriptors *fds);              /* NULL is allowed */

const struct descriptor *descriptors_get(const struct descriptors *fds, int32_t fd); /* or NULL */
void descriptors_put(struct descriptors *fds, struct descriptor descriptor);
void descriptors_drop(struct descriptors *fds, int32_t first, int32_t last);
void descriptors_set_cloexec(struct descriptors *fds, int32_t first, int32_t last, bool cloexec);
/* `to` names what `from` names, or nothing. */
void descriptors_copy(struct descriptors *fds, int32_t from, int32_t to, bool cloexec);
void descriptors_exec(struct descriptors *fds); /* drops those with cloexec */

#endif
