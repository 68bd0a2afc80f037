/* SPDX-License-Identifier: MIT
 *
 * The flat list of files, for the views next to it.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_FILES_H
#define XSMALL_TUI_VIEWS_VIEW_FILES_H

#include "util/bytes.h"

struct app;
/* Lists the files again: the filter of the trees has changed. */
void view_files_rebuild(struct app *app);
/* Appends the kept bytes by origin, for the row of tabs. */
void view_files_sums(struct app *app, struct buf *out);

#endif
