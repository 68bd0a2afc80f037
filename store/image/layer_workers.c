/* SPDX-License-Identifier: MIT
 *
 * The biggest layer is most of an image and determines the time of a load. If there are more
 * threads than cores, the thread that decodes the biggest layer therefore has priority over the
 * other threads, including the writer.
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
    size_t n, *order; /* owned; indexes of tasks, biggest layer first */
    struct progress *progress;
    struct entry_queue *queue;
    atomic_size_t next;
    atomic_bool stop;
    pthread_t threads[THREADS_MAX];
    size_t n_threads;
};

static bool read_task(struct layer_workers *workers, const struct layer_task *task,
                      struct entry_feed *feed, struct err *err)
{
    const struct image_source *source = workers->source;
    const struct image_source_extent *extent = task->extent;
    if (source->is_dir && !extent->name.n)
        return rootfs_dir_read(source->fd, feed, workers->progress, err);
    FD_AUTO int fd = image_source_member_fd(source, extent, err);
    return fd >= 0 && layer_read(fd, extent->offset, extent->size, feed, workers->progress, err);
}

/* Lowers the priority of this thread. On Linux each thread has its own nice value (nice(2), notes).
 */
static void step_back(void)
{
    int ignored = nice(10);
    (void)ignored;
}

/* Runs tasks. Ends each task with entry_feed_end, so that the writer can count the finished tasks.
 */
static void *work(void *with)
{
    struct layer_workers *workers = with;
    bool is_first = true;
    for (size_t i; (i = atomic_fetch_add(&workers->next, 1)) < workers->n; is_first = false) {
        if (is_first && i > 0)
            step_back();
        struct entry_feed feed = {.queue = workers->queue, .task = workers->order[i]};
        feed.is_rootfs = !workers->tasks[feed.task].extent->name.n;
        struct err err = {0};
        bool ok = atomic_load(&workers->stop)
                      ? err_cancelled(&err)
                      : read_task(workers, &workers->tasks[feed.task], &feed, &err);
        entry_feed_end(&feed, ok, &err);
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
    struct layer_workers *workers = mem_zero(1, sizeof *workers);
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = cores < 1 ? 1 : cores > THREADS_MAX ? THREADS_MAX : (size_t)cores;
    workers->source = source;
    workers->tasks = tasks;
    workers->n = n;
    workers->progress = progress;
    workers->queue = entry_queue_create();
    workers->order = mem_array(NULL, n, sizeof *workers->order);
    for (size_t i = 0; i < n; i++)
        workers->order[i] = i;
    if (n)
        qsort_r(workers->order, n, sizeof *workers->order, compare_tasks, (void *)tasks);
    for (size_t i = 0; i < wanted && i < n; i++)
        if (pthread_create(&workers->threads[workers->n_threads], NULL, work, workers) == 0)
            workers->n_threads++;
    if (n && !workers->n_threads) { /* no thread was started: end each task here */
        atomic_store(&workers->stop, true);
        work(workers);
    }
    return workers;
}

struct entry_queue *layer_workers_queue(struct layer_workers *workers)
{
    return workers->queue;
}

void layer_workers_finish(struct layer_workers *workers)
{
    if (!workers)
        return;
    atomic_store(&workers->stop, true);
    entry_queue_stop(workers->queue);
    for (size_t i = 0; i < workers->n_threads; i++)
        pthread_join(workers->threads[i], NULL);
    entry_queue_destroy(workers->queue);
    free(workers->order);
    free(workers);
}
