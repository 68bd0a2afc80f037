/* SPDX-License-Identifier: MIT */
#include "image/layer/entry_queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

/* The writer needs about 50 ms for a full queue; a longer queue would only use memory. */
enum { BATCH_ENTRIES = 256, BATCH_BYTES = 256 * 1024, QUEUE_BATCHES = 32, SOON_NS = 1000000 };

struct entry_queue {
    pthread_mutex_t lock;
    pthread_cond_t filled, emptied;
    struct entry_batch *first, *last;
    size_t n;
    bool stopped;
};

struct entry_queue *entry_queue_create(void)
{
    struct entry_queue *queue = mem_zero(1, sizeof *queue);
    pthread_mutex_init(&queue->lock, NULL);
    pthread_cond_init(&queue->filled, NULL);
    pthread_cond_init(&queue->emptied, NULL);
    return queue;
}

void entry_queue_destroy(struct entry_queue *queue)
{
    if (!queue)
        return;
    while (queue->first) {
        struct entry_batch *next = queue->first->next;
        entry_batch_destroy(queue->first);
        queue->first = next;
    }
    pthread_cond_destroy(&queue->emptied);
    pthread_cond_destroy(&queue->filled);
    pthread_mutex_destroy(&queue->lock);
    free(queue);
}

void entry_queue_stop(struct entry_queue *queue)
{
    pthread_mutex_lock(&queue->lock);
    queue->stopped = true;
    pthread_cond_broadcast(&queue->emptied);
    pthread_mutex_unlock(&queue->lock);
}

void entry_batch_destroy(struct entry_batch *batch)
{
    if (!batch)
        return;
    arena_finish(&batch->arena);
    free(batch->entries);
    free(batch->problems);
    free(batch);
}

static struct entry_batch *current(struct entry_feed *feed)
{
    if (!feed->batch) {
        feed->batch = mem_zero(1, sizeof *feed->batch);
        feed->batch->task = feed->task;
        feed->batch->entries = mem_array(NULL, BATCH_ENTRIES, sizeof *feed->batch->entries);
    }
    return feed->batch;
}

struct entry *entry_feed_add(struct entry_feed *feed)
{
    struct entry_batch *batch = current(feed);
    struct entry *entry = &batch->entries[batch->n++];
    *entry = (struct entry){.offset = -1};
    return entry;
}

void entry_feed_remove_last(struct entry_feed *feed)
{
    feed->batch->n--;
}

struct arena *entry_feed_arena(struct entry_feed *feed)
{
    return &current(feed)->arena;
}

void entry_feed_problem(struct entry_feed *feed, struct bytes where, struct bytes what)
{
    struct entry_batch *batch = current(feed);
    ARRAY_ROOM(batch->problems, batch->n_problems, batch->cap_problems);
    batch->problems[batch->n_problems++] =
        (struct entry_problem){arena_copy(&batch->arena, where), arena_copy(&batch->arena, what)};
    batch->bytes += where.n + what.n;
}

static size_t entry_bytes(const struct entry *entry)
{
    size_t n = entry->path.n + entry->link.n + entry->packages.n;
    for (size_t i = 0; i < entry->n_xattrs; i++)
        n += entry->xattrs[i].name.n + entry->xattrs[i].value.n;
    for (size_t i = 0; i < entry->n_needs; i++)
        n += entry->needs[i].value.n;
    return n;
}

/* Puts the batch into the queue; waits while the queue is full. The last batch of a reader is
 * always put in, so that the writer knows that the reader has finished. */
static bool push(struct entry_feed *feed)
{
    struct entry_queue *queue = feed->queue;
    struct entry_batch *batch = mem_steal(&feed->batch);
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
    entry_batch_destroy(batch);
    return wanted;
}

bool entry_feed_pass(struct entry_feed *feed)
{
    struct entry_batch *batch = feed->batch;
    if (!batch)
        return true;
    if (batch->n)
        batch->bytes += entry_bytes(&batch->entries[batch->n - 1]);
    return (batch->n < BATCH_ENTRIES && batch->bytes < BATCH_BYTES) || push(feed);
}

void entry_feed_end(struct entry_feed *feed, bool ok, const struct err *err)
{
    struct entry_batch *batch = current(feed);
    batch->last = true;
    batch->failed = !ok;
    if (!ok)
        batch->err = *err;
    push(feed);
}

static void wait_soon(struct entry_queue *queue)
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

struct entry_batch *entry_queue_pop(struct entry_queue *queue, enum entry_queue_wait wait)
{
    pthread_mutex_lock(&queue->lock);
    if (!queue->first && wait == ENTRY_QUEUE_POLL)
        wait_soon(queue);
    while (!queue->first && wait == ENTRY_QUEUE_WAIT)
        pthread_cond_wait(&queue->filled, &queue->lock);
    struct entry_batch *batch = queue->first;
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
