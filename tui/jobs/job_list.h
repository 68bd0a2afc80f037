/* SPDX-License-Identifier: MIT
 *
 * The jobs that more than one view uses: the chain, the kept tree, breaks, numbers of the header.
 */
#ifndef XSMALL_TUI_JOBS_JOB_LIST_H
#define XSMALL_TUI_JOBS_JOB_LIST_H

#include "threads/job.h"

extern const struct job_type *const job_list[]; /* the list ends in NULL */

#endif
