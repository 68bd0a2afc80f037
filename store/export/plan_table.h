/* SPDX-License-Identifier: MIT
 *
 * Prints the plan as a table: how each path is copied, and what is lost.
 */
#ifndef XSMALL_EXPORT_PLAN_TABLE_H
#define XSMALL_EXPORT_PLAN_TABLE_H

#include "export/forms/dockerfile.h"

/* Appends the table of a written form: comment lines (form, COPY lines, layers, bytes, estimated
 * gzipped bytes, meaning of the badges), then one line for each path, in C order: how, kind, mode,
 * owner, bytes, badges, path, and the source if the path differs. A path that is copied with its
 * directory has a line only if it has a badge. */
dockerfile_printer plan_table_print;

#endif
