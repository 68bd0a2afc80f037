/* SPDX-License-Identifier: MIT
 *
 * Relative paths whose directory the logs do not show: whether they could change what is kept.
 *
 *     unknown_paths_review(session, &findings, err);
 */
#ifndef XSMALL_REPORT_UNKNOWN_PATHS_H
#define XSMALL_REPORT_UNKNOWN_PATHS_H

#include "session/session.h"
#include "trace/doctor/doctor.h"

/* Removes the findings about such paths (unknown-cwd, unknown-fd) of each evidence run in which no
 * such path could be a file of the subject image: all accesses failed, or no path of the image ends
 * with that text. Without a subject image, only the results of the accesses count. */
bool unknown_paths_review(struct session *session, struct findings *findings, struct err *err);

#endif
