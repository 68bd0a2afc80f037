/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/journal.h"
#include "export/map_rules.h"

static void drop_sources(struct xsmall *x)
{
    chain_destroy(x->chain);
    marks_destroy(x->marks);
    notes_destroy(x->notes);
    keep_destroy(x->keep);
    places_destroy(x->places);
    accesses_destroy(x->accesses);
    corpus_reader_destroy(x->reader);
    corpus_destroy(x->corpus);
    tree_destroy(x->subject);
    tree_destroy(x->base);
    image_info_finish(&x->subject_info);
    image_info_finish(&x->base_info);
    *x = (struct xsmall){.db = x->db};
}

/* What the session has of marks and notes takes the place of what was read before. */
static bool read_marks(struct xsmall *x, struct err *err)
{
    struct marks *marks = NULL;
    struct notes *notes = NULL;
    if (!marks_read(x->db, &marks, err))
        return false;
    if (!notes_read(x->db, &notes, err)) {
        marks_destroy(marks);
        return false;
    }
    marks_destroy(x->marks);
    notes_destroy(x->notes);
    x->marks = marks;
    x->notes = notes;
    return true;
}

/* The decisions anew; a chain that cannot be bound is kept apart in chain_err. */
static bool read_decisions(struct xsmall *x, struct err *err)
{
    struct chain *chain = NULL;
    if (!chain_read(x->db, &chain, err))
        return false;
    if (!read_marks(x, err)) {
        chain_destroy(chain);
        return false;
    }
    chain_destroy(x->chain);
    x->chain = chain;
    x->chain_err.kind = ERR_NONE;
    chain_set_places(x->chain, x->places);
    chain_bind(x->chain, x->corpus, x->db, &x->chain_err);
    return true;
}

/* The decisions as the session has them: what was found for them stays. */
static bool read_decisions_again(struct xsmall *x, struct err *err)
{
    bool is_bound;
    if (!read_marks(x, err))
        return false;
    if (!chain_read_again(x->chain, x->db, &is_bound, err))
        return false;
    x->chain_err.kind = ERR_NONE;
    if (!is_bound)
        chain_bind(x->chain, x->corpus, x->db, &x->chain_err);
    return true;
}

/* The logs are read while the images are, over a connection of its own. */
struct evidence {
    struct xsmall *x;
    struct err err;
    bool ok;
};

static void *read_evidence(void *with)
{
    struct evidence *evidence = with;
    struct xsmall *x = evidence->x;
    struct err *err = &evidence->err;
    struct db *db = NULL;
    evidence->ok = db_open(db_path(x->db), DB_READ, &db, err) && db_cache(db, DB_CACHE_SCAN, err) &&
                   corpus_read(db, &x->corpus, err) &&
                   corpus_reader_create(db, x->corpus, &x->reader, err) &&
                   accesses_read(db, x->corpus, &x->accesses, err);
    db_close(db);
    return NULL;
}

static bool read_images(struct xsmall *x, struct err *err)
{
    bool subject, base;
    return image_info_read(x->db, "subject", &x->subject_info, &subject, err) &&
           image_info_read(x->db, "base", &x->base_info, &base, err) &&
           tree_read(x->db, "subject", &x->subject, err) && tree_read(x->db, "base", &x->base, err);
}

static bool read_sources(struct xsmall *x, struct err *err)
{
    struct evidence evidence = {.x = x};
    pthread_t thread;
    if (pthread_create(&thread, NULL, read_evidence, &evidence) != 0)
        return err_set(err, "cannot start a thread");
    bool ok = db_cache(x->db, DB_CACHE_SCAN, err) && read_images(x, err) &&
              db_cache(x->db, DB_CACHE_WORK, err);
    pthread_join(thread, NULL);
    if (!ok)
        return false;
    if (!evidence.ok) {
        *err = evidence.err;
        return false;
    }
    x->places = places_create(x->corpus, x->accesses, x->subject);
    return true;
}

bool xsmall_reload(struct xsmall *x, struct err *err)
{
    drop_sources(x);
    return read_sources(x, err) && read_decisions(x, err);
}

bool xsmall_open(const char *path, enum db_mode mode, struct xsmall **out, struct err *err)
{
    struct xsmall *x = mem_zero(1, sizeof *x);
    if (!db_open(path, mode, &x->db, err) || !xsmall_reload(x, err)) {
        xsmall_close(x);
        return false;
    }
    *out = x;
    return true;
}

void xsmall_close(struct xsmall *x)
{
    if (!x)
        return;
    drop_sources(x);
    db_close(x->db);
    free(x);
}

struct keep_input xsmall_keep_input(const struct xsmall *x)
{
    return (struct keep_input){
        .subject = x->subject,
        .base = x->base,
        .marks = x->marks,
        .corpus = x->corpus,
        .accesses = x->accesses,
        .places = x->places,
        .survivors = chain_survivors(x->chain),
        .selecting = chain_selecting(x->chain) + 1,
        .reader = x->reader,
        .config = bytes_of(x->subject_info.config),
        .db = x->db,
    };
}

bool xsmall_settle_chain(struct xsmall *x, const atomic_bool *cancel, struct err *err)
{
    if (x->chain_err.kind != ERR_NONE) {
        *err = x->chain_err;
        return false;
    }
    return chain_settle(x->chain, x->db, cancel, err);
}

bool xsmall_settle(struct xsmall *x, const atomic_bool *cancel, struct err *err)
{
    if (!xsmall_settle_chain(x, cancel, err))
        return false;
    struct keep *keep = NULL;
    struct keep_input input = xsmall_keep_input(x);
    input.cancel = cancel;
    if (x->subject && !keep_compute(&input, &keep, err))
        return false;
    keep_destroy(x->keep);
    x->keep = keep;
    if (db_is_read_only(x->db))
        return true;
    return (!keep || keep_store(keep, &input, x->db, err)) && xsmall_store_settled(x, err);
}

bool xsmall_store_settled(struct xsmall *x, struct err *err)
{
    if (!chain_store_hits(x->chain, x->db, err) || !db_begin(x->db, err))
        return false;
    if (!db_setting_set(x->db, "state.stale", bytes_of("0"), err)) {
        db_rollback(x->db);
        return false;
    }
    return db_commit(x->db, err);
}

/* Ends the transaction of a step, and reads what it decided; ok false: takes it back. */
static bool end_step(struct xsmall *x, bool ok, struct err *err)
{
    if (!ok) {
        db_rollback(x->db);
        return false;
    }
    return db_commit(x->db, err) && read_marks(x, err);
}

bool xsmall_put_noted_marks(struct xsmall *x, const uint32_t *nodes, size_t n, enum mark mark,
                            struct bytes note, struct err *err)
{
    if (!db_begin(x->db, err))
        return false;
    bool ok = edits_step(x->db, err);
    for (size_t i = 0; ok && i < n; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(x->subject, nodes[i], &path);
        ok = marks_put(x->db, x->subject, nodes[i], mark, err) &&
             (!note.n || notes_put(x->db, buf_bytes(&path), note, err));
    }
    return end_step(x, ok, err);
}

bool xsmall_put_marks(struct xsmall *x, const uint32_t *nodes, size_t n, enum mark mark,
                      struct err *err)
{
    return xsmall_put_noted_marks(x, nodes, n, mark, bytes_from(NULL, 0), err);
}

bool xsmall_keep_survivors(struct xsmall *x, struct bytes note, size_t *n, struct err *err)
{
    MEM_AUTO uint32_t *nodes = mem_array(NULL, x->subject->n, sizeof *nodes);
    *n = 0;
    for (uint32_t node = 1; node < x->subject->n; node++) {
        if (reason_origin(x->keep->verdicts[node].reason) != ORIGIN_TRACE ||
            x->subject->nodes[node].kind == NODE_DIR)
            continue;
        nodes[(*n)++] = node;
    }
    return xsmall_put_noted_marks(x, nodes, *n, MARK_KEEP, note, err);
}

bool xsmall_put_note(struct xsmall *x, uint32_t node, struct bytes text, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    tree_path(x->subject, node, &path);
    if (!db_begin(x->db, err))
        return false;
    bool ok = edits_step(x->db, err) && notes_put(x->db, buf_bytes(&path), text, err);
    return end_step(x, ok, err);
}

bool xsmall_put_move(struct xsmall *x, struct bytes rule, struct err *err)
{
    if (!db_begin(x->db, err))
        return false;
    bool ok = edits_step(x->db, err) && moves_put(x->db, rule, err);
    return end_step(x, ok, err);
}

bool xsmall_why(struct xsmall *x, uint32_t node, struct buf *out, struct err *err)
{
    struct keep_input input = xsmall_keep_input(x);
    if (!keep_why(x->keep, &input, x->chain, node, out, err))
        return false;
    for (; node != NODE_NONE; node = x->subject->nodes[node].parent) {
        BUF_AUTO struct buf path = {0};
        tree_path(x->subject, node, &path);
        struct bytes note = notes_find(x->notes, buf_bytes(&path));
        if (!note.n)
            continue;
        buf_add(out, bytes_of("note on "));
        buf_add(out, buf_bytes(&path));
        buf_add(out, bytes_of(": "));
        buf_add(out, note);
        buf_byte(out, '\n');
    }
    return true;
}

bool xsmall_put_answer(struct xsmall *x, const struct offer *offer, enum offer_state answer,
                       struct err *err)
{
    if (!db_begin(x->db, err))
        return false;
    bool ok = edits_step(x->db, err) && offer_put(x->db, x->subject, offer, answer, err);
    return end_step(x, ok, err);
}

bool xsmall_put_switches(struct xsmall *x, unsigned off, struct err *err)
{
    if (!db_begin(x->db, err))
        return false;
    return end_step(x, edits_step(x->db, err) && switches_put(x->db, off, err), err);
}

bool xsmall_put_chain(struct xsmall *x, struct err *err)
{
    bool ok = chain_bind(x->chain, x->corpus, x->db, err) && db_begin(x->db, err);
    if (ok &&
        !(edits_step(x->db, err) && chain_write(x->chain, x->db, err) && db_commit(x->db, err))) {
        db_rollback(x->db);
        ok = false;
    }
    struct err ignored; /* the session has the chain as it was: back to it */
    if (!ok)
        read_decisions_again(x, &ignored);
    else
        x->chain_err.kind = ERR_NONE;
    return ok;
}

bool xsmall_undo(struct xsmall *x, bool *done, struct err *err)
{
    return edits_undo(x->db, done, err) && (!*done || read_decisions_again(x, err));
}

bool xsmall_redo(struct xsmall *x, bool *done, struct err *err)
{
    return edits_redo(x->db, done, err) && (!*done || read_decisions_again(x, err));
}

bool xsmall_line_text(struct xsmall *x, uint32_t line, struct buf *out, struct err *err)
{
    struct bytes text;
    if (places_are_lines(x->places) && line < places_n_lines(x->places)) {
        tree_path(x->subject, places_node(x->places, line), out);
        return true;
    }
    if (line >= x->corpus->n_lines)
        return err_set(err, "%s: no such line", db_path(x->db));
    if (!corpus_line(x->reader, line, &text, err))
        return false;
    buf_add(out, text);
    return true;
}

uint32_t xsmall_line_node(struct xsmall *x, uint32_t line)
{
    const uint32_t *calls;
    struct err ignored;
    if (line < places_n_lines(x->places))
        return places_node(x->places, line);
    if (line >= x->corpus->n_lines)
        return NODE_NONE;
    uint32_t block = corpus_block_of(x->corpus, line);
    if (!corpus_block_calls(x->reader, block, &calls, &ignored))
        return NODE_NONE;
    uint32_t seq = calls[line - x->corpus->blocks[block].first_line];
    return places_node_of_call(x->places, block, seq);
}

size_t xsmall_line_access(struct xsmall *x, uint32_t line)
{
    const uint32_t *calls;
    struct err ignored;
    if (line >= x->corpus->n_lines)
        return SIZE_MAX;
    uint32_t index = corpus_block_of(x->corpus, line);
    if (!corpus_block_calls(x->reader, index, &calls, &ignored))
        return SIZE_MAX;
    const struct corpus_block *block = &x->corpus->blocks[index];
    const size_t *first = &x->accesses->first_of_log[block->log];
    uint32_t seq = calls[line - block->first_line];
    return seq && seq <= first[1] - first[0] ? first[0] + seq - 1 : SIZE_MAX;
}

static bool name_of(struct xsmall *x, const char *setting, const struct image_info *info,
                    struct buf *out, struct err *err)
{
    BUF_AUTO struct buf name = {0};
    if (!info->id)
        return true;
    bool found = db_setting_get(x->db, setting, &name, err);
    if (!found && err->kind != ERR_NONE)
        return false;
    buf_add(out, found ? buf_bytes(&name) : bytes_of(info->name));
    return true;
}

bool xsmall_names(struct xsmall *x, struct buf *subject, struct buf *base, struct err *err)
{
    return name_of(x, "export.subject-name", &x->subject_info, subject, err) &&
           name_of(x, "export.base-name", &x->base_info, base, err);
}
