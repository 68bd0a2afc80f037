/* SPDX-License-Identifier: MIT
 *
 * What a traced program made itself: files that the image has and that were not there when the run
 * began, so nothing that the program does needs the image's.
 *
 * A path was not there when a run began if it was looked for in vain, or made by a call that fails
 * where there is something (mkdir, symlink, …), before any process of the run removed or renamed
 * it. Lines of a log are in the order of time, those of two logs are not: a removal counts as the
 * earlier one unless its own log says otherwise. Links are not among them: a link that leads
 * nowhere is looked for in vain, too. Sockets always are: who listens makes them.
 */
#ifndef XSMALL_CHAIN_CREATED_FILES_H
#define XSMALL_CHAIN_CREATED_FILES_H

#include "image/tree/tree.h"
#include "trace/access.h"

/* By node of the subject, 1 for each that every run made which used it, and for all below; yours:
 * free. */
uint8_t *created_files_find(const struct corpus *corpus, const struct accesses *accesses,
                            const struct tree *subject);

#endif
