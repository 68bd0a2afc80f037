/* SPDX-License-Identifier: MIT
 *
 * Why a plan has its paths, for a reader of the Dockerfile.
 */
#ifndef XSMALL_EXPORT_PLAN_REASONS_H
#define XSMALL_EXPORT_PLAN_REASONS_H

#include "export/plan.h"

/* Appends a comment line for each path that is copied by itself or whole, in C order, "# why PATH:
 * REASON", of a directory with the number of files in it and the first one's reason. Directories
 * above them have no line. */
void plan_reasons_write(const struct plan *plan, struct buf *out);

#endif
