/* SPDX-License-Identifier: MIT
 *
 * Layers read on worker threads, one a core, at most 8; what they feed comes out of one queue.
 *
 *     struct layer_workers *readers = layer_workers_start(&source, tasks, n, progress);
 *     while (…) batch = feed_pop(layer_workers_queue(readers), FEED_WAIT);   // n of them are
 * `last` layer_workers_finish(readers);                                         // stops and joins
 * them
 */
#ifndef XSMALL_IMAGE_LAYER_WORKERS_H
#define XSMALL_IMAGE_LAYER_WORKERS_H

#include "image/layer/entry_queue.h"
#include "image/source/image_source.h"

/* A layer to read. A batch's `task` is its place in the list. */
struct layer_task {
    const struct image_source_extent *extent; /* borrowed; a directory's rootfs: name n 0 */
};

struct layer_workers;
/* source and tasks must outlive it. The biggest layers are begun first. */
struct layer_workers *layer_workers_start(const struct image_source *source,
                                          const struct layer_task *tasks, size_t n,
                                          struct progress *progress);
struct feed_queue *layer_workers_queue(struct layer_workers *readers);
void layer_workers_finish(struct layer_workers *readers); /* NULL is allowed */

#endif
