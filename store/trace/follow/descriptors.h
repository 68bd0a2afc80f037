/* SPDX-License-Identifier: MIT
 *
 * The paths of a process's open descriptors, as far as the log shows them. Only descriptors that
 * were opened by path are stored. A fork copies the table when one side changes it; threads share
 * it as in the kernel.
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
    uint32_t path; /* number of the path */
    uint32_t log;  /* the log that has the row */
    uint32_t row;  /* seq of the access that opened it; 0: no access */
    bool cloexec;
};

struct descriptors;

/* Limits against hostile logs: descriptors in one table, and in all tables together. Descriptors
 * beyond a limit are not tracked, but counted. */
enum { DESCRIPTORS_MAX = 4096, DESCRIPTORS_ALL_MAX = 1 << 20 };

/* Totals over all tables. */
struct descriptors_sum {
    size_t n;
    bool left_out; /* a descriptor was not tracked; the code that counts it resets this */
};

struct descriptors *descriptors_create(struct descriptors_sum *sum); /* sum is borrowed */
struct descriptors *
descriptors_share(struct descriptors *fds); /* the same table for another thread */
struct descriptors *descriptors_fork(struct descriptors *fds); /* a separate copy */
void descriptors_release(struct descriptors *fds);             /* NULL is allowed */

const struct descriptor *descriptors_get(const struct descriptors *fds, int32_t fd); /* or NULL */
void descriptors_put(struct descriptors *fds, struct descriptor descriptor);
void descriptors_drop(struct descriptors *fds, int32_t first, int32_t last);
void descriptors_set_cloexec(struct descriptors *fds, int32_t first, int32_t last, bool cloexec);
/* Makes `to` a copy of `from`; closes `to` if `from` is not known. */
void descriptors_copy(struct descriptors *fds, int32_t from, int32_t to, bool cloexec);
void descriptors_exec(struct descriptors *fds); /* drops the descriptors with cloexec */

#endif
