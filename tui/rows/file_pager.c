/* SPDX-License-Identifier: MIT
 *
 * The thread stores the offset of every ROWS-th row. The reader reads blocks of ROWS rows back from
 * the temporary file.
 */
#include "rows/file_pager.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "db/db.h"
#include "image/files/file_contents.h"
#include "util/spool.h"
#include "util/sparse_write.h"
#include "threads/pace.h"

enum { ROWS = 64, HEAD = 256 * 1024, BLOCK_MAX = ROWS * (PAGER_ROW_MAX + 1), WAKE_MS = 100 };

struct block {
    uint64_t offset; /* of the first row of the block */
    uint64_t line;   /* line number of that row, from 1 */
    bool goes_on;    /* that row continues a line */
};

struct pager {
    const struct tree *tree; /* borrowed */
    uint32_t node;
    int wake;           /* borrowed */
    int spool;          /* owned */
    char *session_path; /* owned */
    pthread_t thread;
    struct progress progress;
    pthread_mutex_t lock; /* protects the fields up to the next empty line */
    struct pager_state state;
    struct block *blocks; /* owned */
    size_t n_blocks, cap;

    /* used only by the thread: the row that is not complete yet */
    struct block row;
    uint64_t row_n; /* bytes of that row so far */
    int64_t woken_ms;

    /* used only by the reader: the block that was read last */
    struct buf text;
    size_t at, n_rows; /* index of the block; number of its rows */
    bool is_read, is_whole;
    size_t starts[ROWS + 1]; /* offsets of the rows in text */
    uint64_t numbers[ROWS];
    char bytes[PAGER_ROW_MAX];
};

/* Completes the current row. Call with the lock held. */
static void end_row(struct pager *p, uint64_t n, bool ends_line)
{
    if (p->state.n_rows % ROWS == 0) {
        ARRAY_ROOM(p->blocks, p->n_blocks, p->cap);
        p->blocks[p->n_blocks++] = p->row;
    }
    p->state.n_rows++;
    p->row.offset += n;
    p->row.line += ends_line;
    p->row.goes_on = !ends_line;
    p->row_n = 0;
}

static void add_rows(struct pager *p, struct bytes chunk)
{
    while (chunk.n) {
        size_t room = PAGER_ROW_MAX - (size_t)p->row_n;
        size_t n = bytes_index(bytes_from(chunk.p, chunk.n < room + 1 ? chunk.n : room + 1), '\n');
        bool ends_line = n < chunk.n && n <= room && chunk.p[n] == '\n';
        if (!ends_line && n > room)
            n = room;
        p->row_n += n;
        if (ends_line)
            end_row(p, p->row_n + 1, true);
        else if (p->row_n == PAGER_ROW_MAX && n < chunk.n)
            end_row(p, p->row_n, false);
        chunk = bytes_skip(chunk, n + ends_line);
    }
}

static void wake_screen(struct pager *p)
{
    int64_t now = pace_now_ms();
    if (now - p->woken_ms < WAKE_MS)
        return;
    p->woken_ms = now;
    eventfd_write(p->wake, 1);
}

static bool receive_chunk(void *with, uint32_t node, uint64_t at, struct bytes chunk,
                          struct err *err)
{
    struct pager *p = with;
    (void)node;
    if (!sparse_write(p->spool, chunk, at))
        return err_sys(err, "temporary file");
    pthread_mutex_lock(&p->lock);
    if (at < HEAD) {
        struct bytes head = bytes_from(chunk.p, chunk.n < HEAD - at ? chunk.n : HEAD - at);
        p->state.is_binary = p->state.is_binary || bytes_index(head, 0) < head.n;
    }
    add_rows(p, chunk);
    p->state.n_bytes = at + chunk.n;
    pthread_mutex_unlock(&p->lock);
    wake_screen(p);
    return true;
}

static bool read_all(struct pager *p, struct file_contents *contents, struct err *err)
{
    if (ftruncate(p->spool, p->tree->nodes[p->node].size) != 0)
        return err_sys(err, "temporary file");
    return file_contents_each(contents, &p->node, 1, receive_chunk, p, err);
}

static void *run(void *with)
{
    struct pager *p = with;
    struct db *db = NULL;
    struct file_contents *contents = NULL;
    struct err err = {0};
    if (db_open(p->session_path, DB_READ, &db, &err) &&
        file_contents_open(db, p->tree, &p->progress, &contents, &err))
        read_all(p, contents, &err);
    file_contents_close(contents);
    db_close(db);
    pthread_mutex_lock(&p->lock);
    if (p->row_n)
        end_row(p, p->row_n, true);
    p->state.err = err;
    p->state.is_complete = true;
    pthread_mutex_unlock(&p->lock);
    eventfd_write(p->wake, 1);
    return NULL;
}

bool pager_start(const char *session_path, const struct tree *tree, uint32_t node, int wake,
                 struct pager **out, struct err *err)
{
    int spool = spool_open(err);
    if (spool < 0)
        return false;
    struct pager *p = mem_zero(1, sizeof *p);
    *p = (struct pager){.tree = tree, .node = node, .wake = wake, .spool = spool, .row.line = 1};
    p->session_path = mem_dup(bytes_of(session_path));
    pthread_mutex_init(&p->lock, NULL);
    if (pthread_create(&p->thread, NULL, run, p)) {
        pthread_mutex_destroy(&p->lock);
        spool_close_at(&p->spool);
        free(p->session_path);
        free(p);
        return err_set(err, "file: cannot start a thread");
    }
    *out = p;
    return true;
}

void pager_stop(struct pager *pager)
{
    if (!pager)
        return;
    atomic_store(&pager->progress.cancel, true);
    pthread_join(pager->thread, NULL);
    pthread_mutex_destroy(&pager->lock);
    spool_close_at(&pager->spool);
    buf_finish(&pager->text);
    free(pager->blocks);
    free(pager->session_path);
    free(pager);
}

void pager_look(struct pager *pager, struct pager_state *out)
{
    pthread_mutex_lock(&pager->lock);
    *out = pager->state;
    pthread_mutex_unlock(&pager->lock);
}

/* Splits the block into rows by the same rules as add_rows. */
static void split_block(struct pager *p, const struct block *block, size_t n_rows)
{
    struct bytes rest = buf_bytes(&p->text);
    uint64_t line = block->line;
    bool goes_on = block->goes_on;
    for (size_t i = 0; i < n_rows; i++) {
        size_t most = rest.n < PAGER_ROW_MAX ? rest.n : PAGER_ROW_MAX;
        size_t n = bytes_index(bytes_from(rest.p, most < rest.n ? most + 1 : most), '\n');
        bool ends_line = n < rest.n && n <= most && rest.p[n] == '\n';
        if (!ends_line && n > most)
            n = most;
        p->numbers[i] = goes_on ? 0 : line;
        p->starts[i] = (size_t)(rest.p - p->text.p);
        rest = bytes_skip(rest, n + ends_line);
        line += ends_line;
        goes_on = !ends_line;
    }
    p->starts[n_rows] = (size_t)(rest.p - p->text.p);
    p->n_rows = n_rows;
}

static bool read_block(struct pager *p, size_t at)
{
    struct err ignored;
    pthread_mutex_lock(&p->lock);
    struct block block = p->blocks[at];
    bool whole = at + 1 < p->n_blocks;
    uint64_t end = whole ? p->blocks[at + 1].offset : p->state.n_bytes;
    uint64_t n_rows = p->state.n_rows - (uint64_t)at * ROWS;
    pthread_mutex_unlock(&p->lock);
    size_t n = end - block.offset < BLOCK_MAX ? (size_t)(end - block.offset) : BLOCK_MAX;
    buf_clear(&p->text);
    buf_reserve(&p->text, n);
    p->is_read = false;
    struct bytes read = {0};
    for (size_t done = 0; done < n; done += read.n) {
        ssize_t got = pread(p->spool, p->text.p + done, n - done, (off_t)(block.offset + done));
        if (got <= 0)
            return err_sys(&ignored, "read");
        read.n = (size_t)got;
    }
    p->text.n = n;
    p->text.p[n] = 0;
    split_block(p, &block, n_rows < ROWS ? (size_t)n_rows : ROWS);
    p->at = at;
    p->is_read = true;
    p->is_whole = whole;
    return true;
}

bool pager_row(struct pager *p, uint64_t row, struct bytes *text, uint64_t *number)
{
    size_t at = (size_t)(row / ROWS), i = (size_t)(row % ROWS);
    bool is_there = p->is_read && p->at == at && (p->is_whole || i < p->n_rows);
    if (!is_there && !read_block(p, at))
        return false;
    *text = bytes_from(p->text.p + p->starts[i], p->starts[i + 1] - p->starts[i]);
    if (text->n && text->p[text->n - 1] == '\n')
        text->n--;
    *number = p->numbers[i];
    return true;
}

bool pager_bytes(struct pager *p, uint64_t at, size_t n, struct bytes *out)
{
    size_t most = n < sizeof p->bytes ? n : sizeof p->bytes;
    ssize_t got = pread(p->spool, p->bytes, most, (off_t)at);
    *out = bytes_from(p->bytes, got > 0 ? (size_t)got : 0);
    return got > 0;
}
