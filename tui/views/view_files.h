/* SPDX-License-Identifier: MIT
 *
 * The flat list of files: the functions that other views call.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_FILES_H
#define XSMALL_TUI_VIEWS_VIEW_FILES_H

#include "util/bytes.h"

struct app;
/* Lists the files again. Call after the tree filter has changed. */
void view_files_rebuild(struct app *app);
/* Appends the kept bytes, summed by origin, for the summary in the row of tabs. */
void view_files_sums(struct app *app, struct buf *out);

#endif
