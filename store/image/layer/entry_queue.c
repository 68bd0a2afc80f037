/* SPDX-License-Identifier: MIT */
#include "image/layer/entry_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* A full queue is what a writer needs about 50 ms for; more of it is only memory. */
enum { BATCH_ENTRIES = 256, BATCH_BYTES = 256 * 1024, QUEUE_BATCHES = 32, SOON_NS = 1000000 };

struct feed_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    struct feed_batch *first, *last;
    size_t n;
    bool stopped;
};

struct feed_queue *feed_queue_create(void)
{
    struct feed_queue *queue = mem_zero(1, sizeof *queue);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    pthread_cond_init(&queue->emptied, NULL);
    return queue;
}

void feed_queue_destroy(struct feed_queue *queue)
{
    if (!queue)
        return;
    while (queue->first) {
        struct feed_batch *next = queue->first->next;
        feed_batch_destroy(queue->first);
        queue->first = next;
    }
    pthread_cond_destroy(&queue->emptied);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

void feed_stop(struct feed_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->stopped = true;
    pthread_cond_broadcast(&queue->emptied);
    pthread_mutex_unlock(&queue->lock);
}

void feed_batch_destroy(struct feed_batch *batch)
{
    if (!batch)
        return;
    arena_finish(&batch->arena);
    free(batch->entries);
    free(batch->problems);
    free(batch);
}

static struct feed_batch *current(struct feed *feed)
{
    if (!feed->batch) {
        feed->batch = mem_zero(1, sizeof *feed->batch);
        feed->batch->task = feed->task;
        feed->batch->entries = mem_array(NULL, BATCH_ENTRIES, sizeof *feed->batch->entries);
    }
    return feed->batch;
}

struct feed_entry *feed_entry(struct feed *feed)
{
    struct feed_batch *batch = current(feed);
    struct feed_entry *entry = &batch->entries[batch->n++];
    *entry = (struct feed_entry){.offset = -1};
    return entry;
}

void feed_undo(struct feed *feed)
{
    feed->batch->n--;
}

struct arena *feed_arena(struct feed *feed)
{
    return &current(feed)->arena;
}

void feed_problem(struct feed *feed, struct bytes where, struct bytes what)
{
    struct feed_batch *batch = current(feed);
    ARRAY_ROOM(batch->problems, batch->n_problems, batch->cap_problems);
    batch->problems[batch->n_problems++] =
        (struct feed_problem){arena_copy(&batch->arena, where), arena_copy(&batch->arena, what)};
    batch->bytes += where.n + what.n;
}

static size_t entry_bytes(const struct feed_entry *entry)
{
    size_t n = entry->path.n + entry->link.n + entry->packages.n;
    for (size_t i = 0; i < entry->n_xattrs; i++)
        n += entry->xattrs[i].name.n + entry->xattrs[i].value.n;
    for (size_t i = 0; i < entry->n_needs; i++)
        n += entry->needs[i].value.n;
    return n;
}

/* Puts the batch into the queue; the last one of a reader always goes in, so that the writer knows
 * that the reader is done. */
static bool push(struct feed *feed)
{
    struct feed_queue *queue = feed->queue;
    struct feed_batch *batch = mem_steal(&feed->batch);
    pthread_mutex_lock(&queue->lock);
    while (!batch->last && !queue->stopped && queue->n >= QUEUE_BATCHES)
        pthread_cond_wait(&queue->emptied, &queue->lock);
    bool wanted = !queue->stopped;
    if (wanted || batch->last) {
        if (queue->last)
            queue->last->next = batch;
        else
            queue->first = batch;
        queue->last = mem_steal(&batch);
        queue->n++;
        pthread_cond_signal(&queue->filled);
    }
    pthread_mutex_unlock(&queue->lock);
    feed_batch_destroy(batch);
    return wanted;
}

bool feed_pass(struct feed *feed)
{
    struct feed_batch *batch = feed->batch;
    if (!batch)
        return true;
    if (batch->n)
        batch->bytes += entry_bytes(&batch->entries[batch->n - 1]);
    return (batch->n < BATCH_ENTRIES && batch->bytes < BATCH_BYTES) || push(feed);
}

void feed_end(struct feed *feed, bool ok, const struct err *err)
{
    struct feed_batch *batch = current(feed);
    batch->last = true;
    batch->failed = !ok;
    if (!ok)
        batch->err = *err;
    push(feed);
}

static void wait_soon(struct feed_queue *queue)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += SOON_NS;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_cond_timedwait(&queue->filled, &queue->lock, &until);
}

struct feed_batch *feed_pop(struct feed_queue *queue, enum feed_wait wait)
{
    pthread_mutex_lock(&queue->lock);
    if (!queue->first && wait == FEED_SOON)
        wait_soon(queue);
    while (!queue->first && wait == FEED_WAIT)
        pthread_cond_wait(&queue->filled, &queue->lock);
    struct feed_batch *batch = queue->first;
    if (batch) {
        queue->first = batch->next;
        if (!queue->first)
            queue->last = NULL;
        queue->n--;
        pthread_cond_signal(&queue->emptied);
    }
    pthread_mutex_unlock(&queue->lock);
    return batch;
}
