/* SPDX-License-Identifier: MIT
 *
 * Finds the files that the traced program created: files that the image has and that did not exist
 * when the run began. The slim image does not need them, because the program creates them again.
 *
 * A path did not exist when a run began if a look-up of the path failed, or a call that fails on an
 * existing path (mkdir, symlink, …) created it, before any process of the run removed or renamed
 * the path. The lines of one log are in the order of time, the lines of two logs are not. Between
 * two logs, a removal therefore counts as earlier. Symbolic links are excluded, because a look-up
 * of a dangling link also fails. Sockets are always included, because the process that listens on a
 * socket creates it.
 */
#ifndef XSMALL_CHAIN_CREATED_FILES_H
#define XSMALL_CHAIN_CREATED_FILES_H

#include "image/tree/tree.h"
#include "trace/access.h"

/* Returns an array by node of the subject image: 1 if every run that used the node created it, and
 * for all nodes below such a node. The caller frees the array. */
uint8_t *created_files_find(const struct corpus *corpus, const struct accesses *accesses,
                            const struct tree *subject);

#endif
