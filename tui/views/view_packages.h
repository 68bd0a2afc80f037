/* SPDX-License-Identifier: MIT
 *
 * The packages of the image, for the views that name them: read when they are first asked for, and
 * counted again with each kept tree.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_PACKAGES_H
#define XSMALL_TUI_VIEWS_VIEW_PACKAGES_H

#include "app/view.h"
#include "report/packages.h"

/* Reads the packages, unless they are known. */
bool view_packages_know(struct app *app, struct err *err);
/* What is known of them, n 0 before they are read. Stays where it is. */
const struct packages *view_packages_list(const struct app *app);
/* Puts the mark that holds into a cell: nothing where the evidence decides. */
void view_packages_mark(enum mark mark, struct view_cell *out);
/* The files of a package: its index + 1, as in struct node. */
void view_package_open(struct app *app, size_t package);

#endif
