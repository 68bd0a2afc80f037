/* SPDX-License-Identifier: MIT
 *
 * The plan as a table to read: what gets from where to where and how, and what is lost on the way.
 */
#ifndef XSMALL_EXPORT_PLAN_TABLE_H
#define XSMALL_EXPORT_PLAN_TABLE_H

#include "export/forms/dockerfile.h"

/* Appends the table of a form that was written: a head of comment lines (form, COPY lines, layers,
 * bytes, about how many gzipped, what the badges mean), then a line a path, in C order: how, kind,
 * mode, owner, bytes, badges, path, and where it comes from if that is another path. Of what comes
 * with a directory only those with a badge have a line. */
dockerfile_printer plan_table_print;

#endif
