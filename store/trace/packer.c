/* SPDX-License-Identifier: MIT
 *
 *     packer_put ──▶ waiting ──▶ worker threads ──▶ ready ──▶ packer_take
 *
 * At most QUEUE_BYTES of text wait, so that a fast reader does not fill the memory.
 */
#include "trace/packer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

enum { QUEUE_BYTES = 6 * 1024 * 1024, WORKERS_MAX = 3, LEVEL = 1 };

struct packer {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    struct block *waiting, **waiting_end, *ready; /* owned */
    size_t n_inside, bytes_inside; /* waiting or being packed */
    bool stop;
    pthread_t workers[WORKERS_MAX];
    size_t n_workers;
    ZSTD_CCtx *own; /* for packer_shrink */
};

struct block *block_create(uint32_t first_line)
{
    struct block *block = mem_zero(1, sizeof *block);
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
        while (!packer->waiting && !packer->stop)
            pthread_cond_wait(&packer->work, &packer->lock);
        struct block *block = packer->waiting;
        if (!block)
            break;
        packer->waiting = block->next;
        if (!packer->waiting)
            packer->waiting_end = &packer->waiting;
        pthread_mutex_unlock(&packer->lock);
        block->failed = !zstd || !pack_text(zstd, block) || !pack_calls(zstd, block);
        pthread_mutex_lock(&packer->lock);
        block->next = packer->ready;
        packer->ready = block;
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
    packer->waiting_end = &packer->waiting;
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

static void destroy_list(struct block *list)
{
    while (list) {
        struct block *next = list->next;
        block_destroy(list);
        list = next;
    }
}

void packer_destroy(struct packer *packer)
{
    if (!packer)
        return;
    pthread_mutex_lock(&packer->lock);
    struct block *waiting = mem_steal(&packer->waiting);
    packer->waiting_end = &packer->waiting;
    packer->stop = true;
    pthread_cond_broadcast(&packer->work);
    pthread_mutex_unlock(&packer->lock);
    for (size_t i = 0; i < packer->n_workers; i++)
        pthread_join(packer->workers[i], NULL);
    destroy_list(waiting);
    destroy_list(packer->ready);
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
    block->next = NULL;
    *packer->waiting_end = block;
    packer->waiting_end = &block->next;
    packer->n_inside++;
    packer->bytes_inside += block->n_bytes;
    pthread_cond_signal(&packer->work);
    pthread_mutex_unlock(&packer->lock);
}

struct block *packer_take(struct packer *packer, enum packer_wait wait)
{
    pthread_mutex_lock(&packer->lock);
    while (wait == PACKER_WAIT && !packer->ready && packer->n_inside)
        pthread_cond_wait(&packer->done, &packer->lock);
    struct block *block = packer->ready;
    if (block) {
        packer->ready = block->next;
        block->next = NULL;
    }
    pthread_mutex_unlock(&packer->lock);
    return block;
}

void packer_shrink(struct packer *packer, struct block *block)
{
    block->failed = block->failed || !pack_text(packer->own, block);
}
