/* SPDX-License-Identifier: MIT
 *
 * The packages of the image: the functions that other views call. The packages are read at first
 * use. Their sums are computed again for each new kept tree.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_PACKAGES_H
#define XSMALL_TUI_VIEWS_VIEW_PACKAGES_H

#include "app/view.h"
#include "report/packages.h"

/* Reads the packages unless they have been read already. */
bool view_packages_load(struct app *app, struct err *err);
/* Returns the packages; n is 0 before they are read. The address never changes. */
const struct packages *view_packages_list(const struct app *app);
/* Writes "keep" or "drop" into a cell. Writes nothing for another mark: there the evidence
 * decides. */
void view_packages_mark(enum mark mark, struct view_cell *out);
/* Opens the list of the files of a package. package is the index + 1, as in struct node. */
void view_package_open(struct app *app, size_t package);

#endif
