/* SPDX-License-Identifier: MIT
 *
 * Comments with the reasons of the paths of a plan, for readers of the Dockerfile.
 */
#ifndef XSMALL_EXPORT_PLAN_REASONS_H
#define XSMALL_EXPORT_PLAN_REASONS_H

#include "export/plan.h"

/* Appends a comment line "# why PATH: REASON" for each path that is copied separately or as a
 * whole, in C order. The line of a directory has the number of its files and the reason of the
 * first file. Created parent directories have no line. */
void plan_reasons_write(const struct plan *plan, struct buf *out);

#endif
