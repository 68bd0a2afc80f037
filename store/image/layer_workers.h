/* SPDX-License-Identifier: MIT
 *
 * Threads that decode layers: one per core, at most 8. All threads feed one queue.
 *
 *     struct layer_workers *workers = layer_workers_start(&source, tasks, n, progress);
 *     do // until n batches were the `last` of their task
 *         batch = entry_queue_pop(layer_workers_queue(workers), ENTRY_QUEUE_WAIT);
 *     while (…);
 *     layer_workers_finish(workers); // stops and joins them
 */
#ifndef XSMALL_IMAGE_LAYER_WORKERS_H
#define XSMALL_IMAGE_LAYER_WORKERS_H

#include "image/layer/entry_queue.h"
#include "image/source/image_source.h"

/* A layer to read. The `task` of a batch is the index of the layer in the list of tasks. */
struct layer_task {
    const struct image_source_extent *extent; /* borrowed; name.n is 0 for a rootfs directory */
};

struct layer_workers;
/* Starts the threads. source and tasks must outlive them. The biggest layers are decoded first. */
struct layer_workers *layer_workers_start(const struct image_source *source,
                                          const struct layer_task *tasks, size_t n,
                                          struct progress *progress);
struct entry_queue *layer_workers_queue(struct layer_workers *workers);
void layer_workers_finish(struct layer_workers *workers); /* NULL is allowed */

#endif
