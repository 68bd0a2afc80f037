/* SPDX-License-Identifier: MIT
 *
 * Writes verify.sh, a script that compares a built image with the plan. It reads the image's root
 * file system as a tar, and needs sh, GNU tar, GNU sha256sum, sed, awk, sort and comm.
 */
#ifndef XSMALL_EXPORT_VERIFY_SCRIPT_H
#define XSMALL_EXPORT_VERIFY_SCRIPT_H

#include "export/mapped_tree.h"
#include "util/progress.h"

/* Appends the script. It contains kind, mode, owner and link target of each path of the slim image,
 * the hard links, and the SHA-256 of each file; reads all contents again, also of the base. Omits
 * paths over which engines mount their own files. progress may be NULL. */
bool verify_write(struct db *db, const struct mapped_tree *mapped, struct progress *progress,
                  struct buf *out, struct err *err);

#endif
