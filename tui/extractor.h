/* SPDX-License-Identifier: MIT
 *
 * Files copied out of the image on a thread of its own (image/extract.h).
 */
#ifndef XSMALL_TUI_EXTRACTOR_H
#define XSMALL_TUI_EXTRACTOR_H

#include "image/extract.h"

struct extractor;

/* Nodes with all below them into dir, which is made if it is not there. wake is an eventfd that is
 * written at the end. tree is borrowed until extractor_finish. */
bool extractor_start(const char *session, const struct tree *tree, const uint32_t *nodes, size_t n,
                     const char *dir, int wake, struct extractor **out, struct err *err);
struct progress *extractor_progress(struct extractor *extractor);
bool extractor_is_over(struct extractor *extractor);
/* Waits; false with err if it failed. Frees it. */
bool extractor_finish(struct extractor *extractor, struct extract_result *result, struct err *err);

#endif
