/* SPDX-License-Identifier: MIT
 *
 * An export written into a directory: the Dockerfile or the list, and what the form has beside it.
 */
#ifndef XSMALL_EXPORT_EXPORT_FILES_H
#define XSMALL_EXPORT_EXPORT_FILES_H

#include "export/export.h"
#include "util/progress.h"

/* Dockerfile, list.txt; NULL: the form is no text (image.tar). */
const char *export_text_name(enum export_form form);
/* Whether the form has more than its text, so that it needs a directory. */
bool export_has_files(enum export_form form);

/* Writes text (of export_write, which used form) and what is beside it into dir, which is made if
 * it is not there; each file whole or not at all, in place of an older one, the text last.
 * progress may be NULL. */
bool export_files(struct db *db, const struct export_request *request, enum export_form form,
                  const struct mapped_tree *moved, struct bytes text, const char *dir,
                  struct progress *progress, struct buf *warnings, struct err *err);

#endif
