/* SPDX-License-Identifier: MIT
 *
 * A task that copies files out of the image (image/files/extract.h).
 */
#ifndef XSMALL_TUI_THREADS_EXTRACTOR_H
#define XSMALL_TUI_THREADS_EXTRACTOR_H

#include "image/files/extract.h"

struct extraction {
    const char *session_path; /* borrowed, as all other pointers */
    const struct tree *tree;
    const uint32_t *nodes; /* each node with everything below it */
    size_t n;
    const char *dir; /* created if it does not exist */
    struct extract_result result;
};
bool extraction_run(void *extraction, struct progress *progress, struct err *err); /* task_run */

#endif
