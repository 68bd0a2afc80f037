/* SPDX-License-Identifier: MIT
 *
 * The jobs that are no view's own: what the chain, the kept tree and the header's numbers need.
 */
#ifndef XSMALL_TUI_JOBS_JOB_LIST_H
#define XSMALL_TUI_JOBS_JOB_LIST_H

#include "threads/job.h"

extern const struct job_type *const job_list[]; /* ends in NULL */

#endif
