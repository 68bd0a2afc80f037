/* SPDX-License-Identifier: MIT
 *
 * Layers read on worker threads, one a core, at most 8; what they feed comes out of one queue.
 *
 *     struct readers *readers = readers_start(&source, tasks, n, progress);
 *     while (…) batch = feed_pop(readers_queue(readers), FEED_WAIT);   // n of them are `last`
 *     readers_finish(readers);                                         // stops and joins them
 */
#ifndef XSMALL_IMAGE_LAYER_LAYER_WORKERS_H
#define XSMALL_IMAGE_LAYER_LAYER_WORKERS_H

#include "image/layer/entry_queue.h"
#include "image/source/image_source.h"

/* A layer to read. A batch's `task` is its place in the list. */
struct reader_task {
    const struct source_extent *extent; /* borrowed; a directory's rootfs: name n 0 */
};

struct readers;
/* source and tasks must outlive it. The biggest layers are begun first. */
struct readers *readers_start(const struct source *source, const struct reader_task *tasks,
                              size_t n, struct progress *progress);
struct feed_queue *readers_queue(struct readers *readers);
void readers_finish(struct readers *readers); /* NULL is allowed */

#endif
