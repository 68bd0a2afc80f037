/* SPDX-License-Identifier: MIT
 *
 * Paths of the subject, a line each: forms `list` and `removed`.
 */
#ifndef XSMALL_EXPORT_FORMS_FORM_LIST_H
#define XSMALL_EXPORT_FORMS_FORM_LIST_H

#include "keep/keep.h"

enum list_style {
    LIST_PLAIN, /* absolute, as they are */
    LIST_TAR,   /* for GNU `tar -C ROOT --no-recursion -T FILE`: relative, with tar's escapes; with
                   NUL for `tar --null` */
    LIST_RSYNC /* for `rsync -a --files-from=FILE ROOT/ …`: relative, without the root, which would
                  stand for all that is in it; with NUL for `rsync --from0` */
};
enum list_of { PATHS_KEPT, PATHS_REMOVED };

/* In C order of the whole paths, as sort(1) has it, each ended by a newline, or by a NUL; appended.
 * ERR_NO where a style cannot say a
 * name. */
bool list_write(const struct tree *tree, const struct keep *keep, enum list_of of,
                enum list_style style, bool null, struct buf *out, struct err *err);

#endif
