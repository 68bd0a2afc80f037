/* SPDX-License-Identifier: MIT
 *
 * verify.sh: a script that compares a built image with the plan, wherever it was built. It takes
 * the image's root file system as a tar, and uses sh, tar and sha256sum (GNU), sed, awk, sort and
 * comm.
 */
#ifndef XSMALL_EXPORT_VERIFY_SCRIPT_H
#define XSMALL_EXPORT_VERIFY_SCRIPT_H

#include "export/mapped_tree.h"
#include "util/progress.h"

/* Appends the script: kind, mode, owner and link target of all that the slim image will hold, which
 * names are one file, and the SHA-256 of each (the contents, the base's too, are read again).
 * Paths that engines mount over are left out. progress may be NULL. */
bool verify_write(struct db *db, const struct mapped_tree *mapped, struct progress *progress,
                  struct buf *out, struct err *err);

#endif
