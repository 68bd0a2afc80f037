/* SPDX-License-Identifier: MIT
 *
 * The packages of the image: a list of them, and the files of one. The state of both views; it is
 * read when they are first asked for, and counted anew with each kept tree.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_PACKAGES_H
#define XSMALL_TUI_VIEWS_VIEW_PACKAGES_H

#include "report/packages.h"
#include "app/view.h"

struct packages_state {
    bool asked, failed; /* for the packages to be read; reading failed */
    struct packages packages;
    uint32_t *order; /* owned; indices of packages as they are listed */
    enum packages_part sort;
    struct list list, files_list;
    size_t chosen; /* index + 1 of the package whose files are shown; 0: none */
};

/* Opens the list. */
bool view_packages_open(struct app *app, struct err *err);
/* Reads the packages, unless they are known. */
bool view_packages_know(struct app *app, struct err *err);
/* The session was read anew, or the kept tree is another. */
void view_packages_rebuild(struct app *app);
enum packages_renewal { PACKAGES_SAME_IMAGE, PACKAGES_OTHER_IMAGE };
void view_packages_forget(struct app *app, enum packages_renewal renewal);
/* The mark that holds somewhere, into a cell: empty where the evidence decides. */
void view_packages_mark(enum mark mark, struct view_cell *out);

extern const struct view view_packages, view_package;

#endif
