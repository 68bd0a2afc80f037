/* SPDX-License-Identifier: MIT
 *
 * The biggest layer is most of an image, and decides when a load is done: the thread that begins it
 * goes before the others where there are more threads than cores, the writer's included.
 */
#include "image/layer_workers.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/layer/layer.h"
#include "image/source/rootfs_dir.h"
#include "util/spool.h"

enum { THREADS_MAX = 8 };

struct layer_workers {
    const struct image_source *source;
    const struct layer_task *tasks;
    size_t n, *order; /* owned: places of tasks, the biggest first */
    struct progress *progress;
    struct feed_queue *queue;
    atomic_size_t next;
    atomic_bool stop;
    pthread_t threads[THREADS_MAX];
    size_t n_threads;
};

static bool read_task(struct layer_workers *readers, const struct layer_task *task,
                      struct feed *feed, struct err *err)
{
    const struct image_source *source = readers->source;
    const struct image_source_extent *extent = task->extent;
    if (source->is_dir && !extent->name.n)
        return rootfs_dir_read(source->fd, feed, readers->progress, err);
    FD_AUTO int fd = image_source_member_fd(source, extent, err);
    return fd >= 0 && layer_read(fd, extent->offset, extent->size, feed, readers->progress, err);
}

/* On Linux a thread's nice value is its own (nice(2), notes). */
static void step_back(void)
{
    int ignored = nice(10);
    (void)ignored;
}

/* Ends every task that it takes with feed_end, so that the writer can count them. */
static void *work(void *with)
{
    struct layer_workers *readers = with;
    bool is_first = true;
    for (size_t i; (i = atomic_fetch_add(&readers->next, 1)) < readers->n; is_first = false) {
        if (is_first && i > 0)
            step_back();
        struct feed feed = {.queue = readers->queue, .task = readers->order[i]};
        struct err err = {0};
        bool ok = atomic_load(&readers->stop)
                      ? err_cancelled(&err)
                      : read_task(readers, &readers->tasks[feed.task], &feed, &err);
        feed_end(&feed, ok, &err);
    }
    return NULL;
}

static int compare_tasks(const void *a, const void *b, void *with)
{
    const struct layer_task *tasks = with;
    size_t i = *(const size_t *)a, k = *(const size_t *)b;
    uint64_t x = tasks[i].extent->size, y = tasks[k].extent->size;
    return x != y ? (x > y ? -1 : 1) : (i > k) - (i < k);
}

struct layer_workers *layer_workers_start(const struct image_source *source,
                                          const struct layer_task *tasks, size_t n,
                                          struct progress *progress)
{
    struct layer_workers *readers = mem_zero(1, sizeof *readers);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
    readers->source = source;
    readers->tasks = tasks;
    readers->n = n;
    readers->progress = progress;
    readers->queue = feed_queue_create();
    readers->order = mem_array(NULL, n, sizeof *readers->order);
    for (size_t i = 0; i < n; i++)
        readers->order[i] = i;
    if (n)
        qsort_r(readers->order, n, sizeof *readers->order, compare_tasks, (void *)tasks);
    for (size_t i = 0; i < wanted && i < n; i++)
        if (pthread_create(&readers->threads[readers->n_threads], NULL, work, readers) == 0)
            readers->n_threads++;
    if (n && !readers->n_threads) { /* then each task still has to end */
        atomic_store(&readers->stop, true);
        work(readers);
    }
    return readers;
}

struct feed_queue *layer_workers_queue(struct layer_workers *readers)
{
    return readers->queue;
}

void layer_workers_finish(struct layer_workers *readers)
{
    if (!readers)
        return;
    atomic_store(&readers->stop, true);
    feed_stop(readers->queue);
    for (size_t i = 0; i < readers->n_threads; i++)
        pthread_join(readers->threads[i], NULL);
    feed_queue_destroy(readers->queue);
    free(readers->order);
    free(readers);
}
