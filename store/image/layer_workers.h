/* SPDX-License-Identifier: MIT
 *
 * Threads that decode layers, one a core, at most 8; all feed one queue.
 *
 *     struct layer_workers *workers = layer_workers_start(&source, tasks, n, progress);
 *     do // n of the batches are the `last` of a task
 *         batch = entry_queue_pop(layer_workers_queue(workers), ENTRY_QUEUE_WAIT);
 *     while (…);
 *     layer_workers_finish(workers); // stops and joins them
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
struct entry_queue *layer_workers_queue(struct layer_workers *workers);
void layer_workers_finish(struct layer_workers *workers); /* NULL is allowed */

#endif
