/* SPDX-License-Identifier: MIT
 *
 *     packer_put ──▶ waiting ──▶ worker threads ──▶ ready ──▶ packer_take
 *     packer_pass ────────────────────────────────────┘
 *
 * At most QUEUE_BYTES of text wait for compression, and about as many bytes of parts wait for
 * writing, so that a fast follower does not fill the memory.
 */
#include "trace/log/packer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { QUEUE_BYTES = 6 * 1024 * 1024, WORKERS_MAX = 3, LEVEL = 1 };

struct packer {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    struct queue {
        struct block *first, **end; /* owned */
    } waiting, ready;
    size_t n_inside, bytes_inside; /* blocks that wait or are being compressed */
    size_t n_parts, bytes_parts;   /* parts that were passed and not taken yet */
    bool closed;
    bool stop;
    pthread_t workers[WORKERS_MAX];
    size_t n_workers;
    ZSTD_CCtx *own; /* compression context for packer_shrink */
};

static void append(struct queue *queue, struct block *block)
{
    block->next = NULL;
    *queue->end = block;
    queue->end = &block->next;
}

/* Removes the first block of the queue and returns it; NULL if the queue is empty. */
static struct block *shift(struct queue *queue)
{
    struct block *block = queue->first;
    if (!block)
        return NULL;
    queue->first = block->next;
    if (!queue->first)
        queue->end = &queue->first;
    return block;
}

static void destroy_queue(struct queue *queue)
{
    struct block *block;
    while ((block = shift(queue)))
        block_destroy(block);
}

static void destroy_part(struct log_part *part)
{
    if (!part)
        return;
    free(part->rows.items);
    buf_finish(&part->paths);
    free(part->items);
    free(part->processes);
    buf_finish(&part->texts);
    free(part->problems);
    free(part->problem_lines);
    log_traits_finish(&part->traits);
    free(part);
}

static size_t part_bytes(const struct log_part *part)
{
    return part->rows.n * sizeof *part->rows.items + part->paths.n;
}

struct block *block_create(size_t log, uint32_t first_line)
{
    struct block *block = mem_zero(1, sizeof *block);
    block->log = log;
    block->first_line = first_line;
    return block;
}

void block_destroy(struct block *block)
{
    if (!block)
        return;
    buf_finish(&block->text);
    buf_finish(&block->packed_text);
    buf_finish(&block->packed_calls);
    free(block->calls);
    destroy_part(block->part);
    free(block);
}

static bool pack(ZSTD_CCtx *zstd, struct bytes from, struct buf *to)
{
    buf_reserve(to, ZSTD_compressBound(from.n));
    size_t n = ZSTD_compressCCtx(zstd, to->p, to->cap, from.p, from.n, LEVEL);
    if (ZSTD_isError(n))
        return false;
    to->n = n;
    to->p = mem_array(to->p, n + 1, 1);
    to->cap = n + 1;
    return true;
}

static bool pack_text(ZSTD_CCtx *zstd, struct block *block)
{
    if (!block->text.n)
        return true;
    bool ok = pack(zstd, buf_bytes(&block->text), &block->packed_text);
    buf_finish(&block->text);
    return ok;
}

static bool pack_calls(ZSTD_CCtx *zstd, struct block *block)
{
    for (uint32_t i = 0; i < block->n_lines; i++)
        block->calls[i] = htole32(block->calls[i]);
    struct bytes calls = {(const char *)block->calls, block->n_lines * sizeof *block->calls};
    bool ok = pack(zstd, calls, &block->packed_calls);
    free(mem_steal(&block->calls));
    return ok;
}

static void *run_worker(void *with)
{
    struct packer *packer = with;
    ZSTD_CCtx *zstd = ZSTD_createCCtx();
    pthread_mutex_lock(&packer->lock);
    for (;;) {
        struct block *block;
        while (!(block = shift(&packer->waiting)) && !packer->stop)
            pthread_cond_wait(&packer->work, &packer->lock);
        if (!block)
            break;
        pthread_mutex_unlock(&packer->lock);
        block->failed =
            block->failed || !zstd || !pack_text(zstd, block) || !pack_calls(zstd, block);
        pthread_mutex_lock(&packer->lock);
        append(&packer->ready, block);
        packer->n_inside--;
        packer->bytes_inside -= block->n_bytes;
        pthread_cond_broadcast(&packer->done);
    }
    pthread_mutex_unlock(&packer->lock);
    ZSTD_freeCCtx(zstd);
    return NULL;
}

bool packer_create(struct packer **out, struct err *err)
{
    struct packer *packer = mem_zero(1, sizeof *packer);
    long n_cores = sysconf(_SC_NPROCESSORS_ONLN);
    size_t wanted = n_cores > WORKERS_MAX ? WORKERS_MAX : n_cores > 2 ? (size_t)n_cores - 1 : 1;
    pthread_mutex_init(&packer->lock, NULL);
    pthread_cond_init(&packer->work, NULL);
    pthread_cond_init(&packer->done, NULL);
    packer->waiting.end = &packer->waiting.first;
    packer->ready.end = &packer->ready.first;
    packer->own = ZSTD_createCCtx();
    while (packer->n_workers < wanted &&
           !pthread_create(&packer->workers[packer->n_workers], NULL, run_worker, packer))
        packer->n_workers++;
    if (!packer->n_workers || !packer->own) {
        packer_destroy(packer);
        return err_set(err, "no thread or memory for compressing logs");
    }
    *out = packer;
    return true;
}

void packer_destroy(struct packer *packer)
{
    if (!packer)
        return;
    pthread_mutex_lock(&packer->lock);
    destroy_queue(&packer->waiting);
    packer->stop = true;
    pthread_cond_broadcast(&packer->work);
    pthread_mutex_unlock(&packer->lock);
    for (size_t i = 0; i < packer->n_workers; i++)
        pthread_join(packer->workers[i], NULL);
    destroy_queue(&packer->ready);
    ZSTD_freeCCtx(packer->own);
    pthread_cond_destroy(&packer->done);
    pthread_cond_destroy(&packer->work);
    pthread_mutex_destroy(&packer->lock);
    free(packer);
}

void packer_put(struct packer *packer, struct block *block)
{
    pthread_mutex_lock(&packer->lock);
    while (packer->n_inside && packer->bytes_inside + block->n_bytes > QUEUE_BYTES)
        pthread_cond_wait(&packer->done, &packer->lock);
    append(&packer->waiting, block);
    packer->n_inside++;
    packer->bytes_inside += block->n_bytes;
    pthread_cond_signal(&packer->work);
    pthread_mutex_unlock(&packer->lock);
}

void packer_pass(struct packer *packer, struct block *block)
{
    size_t n = part_bytes(block->part);
    pthread_mutex_lock(&packer->lock);
    while (packer->n_parts && packer->bytes_parts + n > QUEUE_BYTES)
        pthread_cond_wait(&packer->done, &packer->lock);
    append(&packer->ready, block);
    packer->n_parts++;
    packer->bytes_parts += n;
    pthread_cond_broadcast(&packer->done);
    pthread_mutex_unlock(&packer->lock);
}

void packer_close(struct packer *packer)
{
    pthread_mutex_lock(&packer->lock);
    packer->closed = true;
    pthread_cond_broadcast(&packer->done);
    pthread_mutex_unlock(&packer->lock);
}

struct block *packer_take(struct packer *packer)
{
    struct block *block;
    pthread_mutex_lock(&packer->lock);
    while (!(block = shift(&packer->ready)) && (!packer->closed || packer->n_inside))
        pthread_cond_wait(&packer->done, &packer->lock);
    if (block && block->part) {
        packer->n_parts--;
        packer->bytes_parts -= part_bytes(block->part);
        pthread_cond_broadcast(&packer->done);
    }
    pthread_mutex_unlock(&packer->lock);
    return block;
}

void packer_shrink(struct packer *packer, struct block *block)
{
    block->failed = block->failed || !pack_text(packer->own, block);
}
