/* SPDX-License-Identifier: MIT
 *
 * A block waits while a call in it waits for its second half, because the number of the access,
 * which is stored with the line of the first half, is known only after the second half.
 */
#include "trace/follow/log_follower.h"

#include <stdlib.h>
#include <string.h>

enum { LINE_BYTES_GUESS = 64 };

/* Returns the index of the first waiting block that begins after line. */
static size_t waiting_behind(const struct followed *f, uint32_t line)
{
    size_t low = 0, high = f->n_waiting;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (f->waiting[middle]->first_line <= line)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Implements settle of struct tracker. */
static void settle(void *with, uint32_t line, uint32_t seq)
{
    struct follower *f = with;
    struct followed *log = f->at;
    struct block *block = log->current;
    if (block && line >= block->first_line) {
        block->calls[line - block->first_line] = seq;
        block->n_pending--;
        return;
    }
    size_t at = waiting_behind(log, line);
    if (!at) /* no lines of this log are stored */
        return;
    block = log->waiting[--at];
    block->calls[line - block->first_line] = seq;
    if (--block->n_pending)
        return;
    memmove(log->waiting + at, log->waiting + at + 1,
            (--log->n_waiting - at) * sizeof *log->waiting);
    packer_put(f->packer, block);
}

/* Ends the current block. */
static void close_current(struct follower *f)
{
    struct followed *log = f->at;
    struct block *block = mem_steal(&log->current);
    size_t n_raw = 0;
    if (!block->n_pending) {
        packer_put(f->packer, block);
        return;
    }
    ARRAY_ROOM(log->waiting, log->n_waiting, log->cap_waiting);
    log->waiting[log->n_waiting++] = block;
    for (size_t i = log->n_waiting; i-- > 0;)
        if (log->waiting[i]->text.n && ++n_raw > FOLLOW_RAW_MAX)
            packer_shrink(f->packer, log->waiting[i]);
}

static void open_current(struct followed *log, struct bytes chunk)
{
    struct block *block = log->current = block_create(log->log, log->n_lines + 1);
    block->cap_calls = chunk.n / LINE_BYTES_GUESS + 1;
    block->calls = mem_array(NULL, block->cap_calls, sizeof *block->calls);
    buf_reserve(&block->text, chunk.n + 1);
    buf_add(&block->text, chunk);
    log->cut = chunk.p[chunk.n - 1] != '\n';
    if (log->cut)
        buf_byte(&block->text, '\n');
    block->n_bytes = (uint32_t)block->text.n;
}

/* Returns the address for the next line's number in the current block. */
static uint32_t *next_call(struct block *block)
{
    if (block->n_lines == block->cap_calls) {
        block->cap_calls *= 2;
        block->calls = mem_array(block->calls, block->cap_calls, sizeof *block->calls);
    }
    block->calls[block->n_lines] = 0;
    return &block->calls[block->n_lines++];
}

/* Adds the paths that are new since the previous part. */
static void add_paths(struct follower *f, struct log_part *part)
{
    const struct path_table *paths = &f->tracker.paths;
    part->n_items = paths->n - f->n_paths_sent;
    part->items = mem_array(NULL, part->n_items, sizeof *part->items);
    for (size_t i = 0; i < part->n_items; i++) {
        uint32_t number = (uint32_t)(f->n_paths_sent + i + 1);
        part->items[i] = *path_table_item(paths, number);
        part->items[i].offset = part->paths.n;
        buf_add(&part->paths, path_table_bytes(paths, number));
        if (part->items[i].n_route)
            buf_add(&part->paths, path_table_route(paths, number));
    }
    f->n_paths_sent = paths->n;
}

/* Appends a text; returns its offset. */
static size_t add_text(struct buf *texts, struct bytes text)
{
    size_t at = texts->n;
    buf_add(texts, text);
    return at;
}

/* Adds the processes with lines in the log, as known at its end. */
static void add_processes(const struct tracker *t, struct log_part *part)
{
    part->n_processes = t->here->n_met;
    part->processes = mem_array(NULL, t->here->n_met, sizeof *part->processes);
    for (size_t i = 0; i < t->here->n_met; i++) {
        uint32_t number = t->here->met[i].process;
        const struct past *past = &t->all.past[number];
        struct bytes program = path_table_bytes(&t->paths, past->program);
        struct bytes argv = {0};
        if (past->n_argv)
            argv = bytes_from(t->all.argvs.p + past->argv, past->n_argv);
        part->processes[i] =
            (struct part_process){.number = number,
                                  .pid = t->all.pids[number],
                                  .parent = past->parent ? t->all.pids[past->parent - 1] : 0,
                                  .first_line = t->here->met[i].first_line,
                                  .program = add_text(&part->texts, program),
                                  .n_program = program.n,
                                  .argv = add_text(&part->texts, argv),
                                  .n_argv = argv.n};
    }
}

/* Passes the completed accesses of the log to the writer. file is NULL unless the log is at its
 * end. */
static void send_part(struct follower *f, const struct log_file *file)
{
    struct tracker *t = &f->tracker;
    const struct followed *log = f->at;
    struct access_rows_part rows;
    access_rows_take(&t->here->rows, file ? ACCESS_ROWS_ALL : ACCESS_ROWS_OLD, &rows);
    if (!log->stored || (!file && !rows.n)) {
        free(rows.items);
        return;
    }
    struct block *message = block_create(log->log, 0);
    struct log_part *part = message->part = mem_zero(1, sizeof *part);
    part->rows = rows;
    add_paths(f, part);
    if (file) {
        part->last = true;
        add_processes(t, part);
        part->problems = mem_array(NULL, N_LOG_PROBLEMS, sizeof *part->problems);
        memcpy(part->problems, t->here->problems, sizeof t->here->problems);
        part->problem_lines = mem_array(NULL, N_LOG_PROBLEMS, sizeof *part->problem_lines);
        memcpy(part->problem_lines, t->here->problem_lines, sizeof t->here->problem_lines);
        part->traits = t->here->traits;
        t->here->traits = (struct log_traits){0};
        part->n_bytes = file->n_bytes;
        part->n_lines = log->n_lines;
        part->cut = log->cut;
        log_file_hash(file, part->hash);
    }
    packer_pass(f->packer, message);
}

static bool may_go_on(struct follower *f)
{
    if (f->n_lines >= UINT32_MAX)
        return err_set(&f->err, "%s: more lines than a session can store", f->at->file.path);
    if (atomic_load(&f->progress->cancel) || atomic_load(&f->stop))
        return err_cancelled(&f->err);
    return true;
}

/* Reads the next chunk of the current log; at the end of the file, log->rest becomes empty. */
static bool next_chunk(struct follower *f)
{
    struct followed *log = f->at;
    if (!log_file_next(&log->file, &log->rest, &f->err))
        return false;
    f->progress->done_bytes += log->file.n_bytes - log->n_bytes;
    log->n_bytes = log->file.n_bytes;
    log->coloured = bytes_index(log->rest, '\033') != log->rest.n;
    return true;
}

bool follower_begin_log(struct follower *f, const struct log_family_member *member,
                        struct followed *log, struct track_here *here)
{
    const struct log_source *source = &f->sources->items[member->source];
    *log = (struct followed){.member = member,
                             .log = member->source,
                             .stored = source->state != SOURCE_SAME,
                             .here = here};
    f->at = log;
    if (!log_file_open(&log->file, source->path, LOG_HASHED, &f->err) || !next_chunk(f))
        return false;
    track_begin_log(&f->tracker, &(struct track_log){.number = f->number++,
                                                     .file_pid = member->pid,
                                                     .first_place = member->first_place,
                                                     .unsure_cwd = member->unsure_cwd,
                                                     .here = here,
                                                     .start = log->rest});
    log->ended = !log->rest.n;
    if (log->rest.n && log->stored)
        open_current(log, log->rest);
    return true;
}

/* Ends the current chunk and reads the next one. */
static bool end_chunk(struct follower *f)
{
    struct followed *log = f->at;
    if (log->stored)
        close_current(f);
    send_part(f, NULL);
    f->progress->n_lines = (uint32_t)f->n_lines;
    if (!may_go_on(f) || !next_chunk(f))
        return false;
    log->ended = !log->rest.n;
    if (log->rest.n && log->stored)
        open_current(log, log->rest);
    return true;
}

bool follower_line(struct follower *f)
{
    struct followed *log = f->at;
    struct tracker *t = &f->tracker;
    struct bytes text = bytes_split(&log->rest, '\n');
    uint32_t *call = log->stored ? next_call(log->current) : NULL;
    f->n_lines += log->stored;
    if (log->coloured)
        text = line_plain(text, &t->plain);
    if (log->cut && !log->rest.n)
        track_last_cut(t);
    uint32_t seq = track_line(t, text, ++log->n_lines);
    if (call && seq == TRACK_PENDING)
        log->current->n_pending++;
    else if (call)
        *call = seq;
    return log->rest.n || end_chunk(f);
}

void follower_end_log(struct follower *f, struct followed *log, bool ok)
{
    f->at = log;
    if (ok) {
        track_end_log(&f->tracker);
        if (log->stored)
            send_part(f, &log->file);
    }
    log_file_close(&log->file);
    block_destroy(log->current);
    for (size_t i = 0; i < log->n_waiting; i++)
        block_destroy(log->waiting[i]);
    free(log->waiting);
}

/* Follows one log from its first byte to its last. A log that the session already has is followed
 * only for the child processes that it shows. */
static bool follow_log(struct follower *f, const struct log_family_member *member)
{
    struct followed log;
    bool ok = follower_begin_log(f, member, &log, NULL);
    while (ok && !log.ended)
        ok = follower_line(f);
    follower_end_log(f, &log, ok);
    return ok;
}

/* Returns the number of consecutive members from the first one that are merged by time. */
static size_t group_size(const struct log_family_member *members, size_t n)
{
    size_t size = 1;
    while (members[0].group && size < n && members[size].group == members[0].group)
        size++;
    return size;
}

static bool follow_all(struct follower *f)
{
    for (size_t i = 0; i < f->families->n; i++) {
        const struct log_family *family = &f->families->items[i];
        track_begin_trace(&f->tracker, bytes_of(f->cwd));
        for (size_t k = 0, size; k < family->n; k += size) {
            size = group_size(family->members + k, family->n - k);
            if (!(size > 1 ? follower_merge(f, family->members + k, size)
                           : follow_log(f, &family->members[k])))
                return false;
        }
    }
    return true;
}

static void *run(void *with)
{
    struct follower *f = with;
    f->tracker.settle = settle;
    f->tracker.with = f;
    track_init(&f->tracker);
    f->tracker.paths = f->paths;
    f->paths = (struct path_table){0};
    f->n_paths_sent = f->tracker.paths.n;
    f->ok = follow_all(f);
    track_finish(&f->tracker);
    packer_close(f->packer);
    return NULL;
}

bool follower_start(struct follower *f, struct err *err)
{
    if (pthread_create(&f->thread, NULL, run, f))
        return err_set(err, "logs: cannot start a thread");
    return true;
}

bool follower_join(struct follower *f, struct err *err)
{
    pthread_join(f->thread, NULL);
    if (!f->ok)
        err_copy(err, &f->err);
    return f->ok;
}
