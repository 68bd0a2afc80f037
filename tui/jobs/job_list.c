/* SPDX-License-Identifier: MIT */
#include "jobs/job_list.h"

/* One entry per job type; its functions are in jobs/job_*.c. */
#define JOBS(X)                                                                                    \
    X(job_urgent_scan)                                                                             \
    X(job_preview)                                                                                 \
    X(job_keep)                                                                                    \
    X(job_hidden)                                                                                  \
    X(job_breaks)                                                                                  \
    X(job_later_scan)

#define X(row) extern const struct job_type row;
JOBS(X)
#undef X

#define X(row) &row,
const struct job_type *const job_list[] = {JOBS(X) NULL};
#undef X
