/* SPDX-License-Identifier: MIT
 *
 * The lines FROM of a Dockerfile. If the subject image is for another platform than this machine,
 * they name the platform, because builders else build for the machine that they run on.
 *
 *     from_line_write(&platform, request->subject_name, "build", out);
 *     // FROM --platform=linux/arm64/v8 localhost/app:1 AS build
 */
#ifndef XSMALL_EXPORT_FROM_LINE_H
#define XSMALL_EXPORT_FROM_LINE_H

#include "export/mapped_tree.h"

/* Appends the platform of the subject image: of its config; for a root file system, linux and the
 * architecture of its first ELF file. Appends nothing if it is unknown. */
void from_line_subject_platform(const struct mapped_tree *mapped, struct buf *out);
/* The same, but appends nothing if this machine has the same platform. */
void from_line_platform(const struct mapped_tree *mapped, struct buf *out);
/* Returns the architecture of the first ELF file (names of GOARCH); NULL if it is unknown. */
const char *from_line_architecture(const struct tree *tree);

/* Appends a line FROM. platform.n is 0 if the line needs no platform; stage may be NULL. */
void from_line_write(struct bytes platform, struct bytes name, const char *stage, struct buf *out);

#endif
