/* SPDX-License-Identifier: MIT */
#include "session/session.h"

#include <pthread.h>
#include <stdlib.h>

#include "db/journal.h"
#include "export/map_rules.h"

static void drop_sources(struct session *session)
{
    chain_destroy(session->chain);
    marks_destroy(session->marks);
    notes_destroy(session->notes);
    keep_destroy(session->keep);
    line_paths_destroy(session->line_paths);
    accesses_destroy(session->accesses);
    corpus_reader_destroy(session->reader);
    corpus_destroy(session->corpus);
    tree_destroy(session->subject);
    tree_destroy(session->base);
    image_info_finish(&session->subject_info);
    image_info_finish(&session->base_info);
    *session = (struct session){.db = session->db};
}

/* What the session has of marks and notes takes the place of what was read before. */
static bool read_marks(struct session *session, struct err *err)
{
    struct marks *marks = NULL;
    struct notes *notes = NULL;
    if (!marks_read(session->db, &marks, err))
        return false;
    if (!notes_read(session->db, &notes, err)) {
        marks_destroy(marks);
        return false;
    }
    marks_destroy(session->marks);
    notes_destroy(session->notes);
    session->marks = marks;
    session->notes = notes;
    return true;
}

/* The decisions anew; a chain that cannot be bound is kept apart in chain_err. */
static bool read_decisions(struct session *session, struct err *err)
{
    struct chain *chain = NULL;
    if (!chain_read(session->db, &chain, err))
        return false;
    if (!read_marks(session, err)) {
        chain_destroy(chain);
        return false;
    }
    chain_destroy(session->chain);
    session->chain = chain;
    session->chain_err.kind = ERR_NONE;
    chain_set_line_paths(session->chain, session->line_paths);
    chain_bind(session->chain, session->corpus, session->db, &session->chain_err);
    return true;
}

/* The decisions as the session has them: what was found for them stays. */
static bool read_decisions_again(struct session *session, struct err *err)
{
    bool is_bound;
    if (!read_marks(session, err))
        return false;
    if (!chain_read_again(session->chain, session->db, &is_bound, err))
        return false;
    session->chain_err.kind = ERR_NONE;
    if (!is_bound)
        chain_bind(session->chain, session->corpus, session->db, &session->chain_err);
    return true;
}

/* The logs are read while the images are, over a connection of its own. */
struct evidence {
    struct session *session;
    struct err err;
    bool ok;
};

static void *read_evidence(void *with)
{
    struct evidence *evidence = with;
    struct session *session = evidence->session;
    struct err *err = &evidence->err;
    struct db *db = NULL;
    evidence->ok = db_open(db_path(session->db), DB_READ, &db, err) &&
                   db_cache(db, DB_CACHE_SCAN, err) && corpus_read(db, &session->corpus, err) &&
                   corpus_reader_create(db, session->corpus, &session->reader, err) &&
                   accesses_read(db, session->corpus, &session->accesses, err);
    db_close(db);
    return NULL;
}

static bool read_images(struct session *session, struct err *err)
{
    return image_info_read(session->db, "subject", &session->subject_info, err) != LOOKUP_ERR &&
           image_info_read(session->db, "base", &session->base_info, err) != LOOKUP_ERR &&
           tree_read(session->db, "subject", &session->subject, err) &&
           tree_read(session->db, "base", &session->base, err);
}

static bool read_sources(struct session *session, struct err *err)
{
    struct evidence evidence = {.session = session};
    pthread_t thread;
    if (pthread_create(&thread, NULL, read_evidence, &evidence) != 0)
        return err_set(err, "cannot start a thread");
    bool ok = db_cache(session->db, DB_CACHE_SCAN, err) && read_images(session, err) &&
              db_cache(session->db, DB_CACHE_WORK, err);
    pthread_join(thread, NULL);
    if (!ok)
        return false;
    if (!evidence.ok)
        return err_copy(err, &evidence.err);
    session->line_paths = line_paths_create(session->corpus, session->accesses, session->subject);
    return true;
}

bool session_reload(struct session *session, struct err *err)
{
    drop_sources(session);
    return read_sources(session, err) && read_decisions(session, err);
}

bool session_open(const char *path, enum db_mode mode, struct session **out, struct err *err)
{
    struct session *session = mem_zero(1, sizeof *session);
    if (!db_open(path, mode, &session->db, err) || !session_reload(session, err)) {
        session_close(session);
        return false;
    }
    *out = session;
    return true;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    drop_sources(session);
    db_close(session->db);
    free(session);
}

struct keep_input session_keep_input(const struct session *session)
{
    return (struct keep_input){
        .subject = session->subject,
        .base = session->base,
        .marks = session->marks,
        .corpus = session->corpus,
        .accesses = session->accesses,
        .line_paths = session->line_paths,
        .survivors = chain_survivors(session->chain),
        .selecting = chain_selecting_stage(session->chain) + 1,
        .reader = session->reader,
        .config = bytes_of(session->subject_info.config),
        .db = session->db,
    };
}

bool session_settle_chain(struct session *session, const atomic_bool *cancel, struct err *err)
{
    if (session->chain_err.kind != ERR_NONE)
        return err_copy(err, &session->chain_err);
    return chain_settle(session->chain, session->db, cancel, err);
}

bool session_settle(struct session *session, const atomic_bool *cancel, struct err *err)
{
    if (!session_settle_chain(session, cancel, err))
        return false;
    struct keep *keep = NULL;
    struct keep_input input = session_keep_input(session);
    input.cancel = cancel;
    if (session->subject && !keep_compute(&input, &keep, err))
        return false;
    keep_destroy(session->keep);
    session->keep = keep;
    if (db_is_read_only(session->db))
        return true;
    return (!keep || keep_store(keep, &input, session->db, err)) &&
           session_store_settled(session, err);
}

bool session_store_settled(struct session *session, struct err *err)
{
    if (!chain_store_hits(session->chain, session->db, err) || !db_begin(session->db, err))
        return false;
    if (!db_setting_set(session->db, "state.stale", bytes_of("0"), err)) {
        db_rollback(session->db);
        return false;
    }
    return db_commit(session->db, err);
}

/* Ends the transaction of a step, and reads what it decided; ok false: takes it back. */
static bool end_step(struct session *session, bool ok, struct err *err)
{
    if (!ok) {
        db_rollback(session->db);
        return false;
    }
    return db_commit(session->db, err) && read_marks(session, err);
}

bool session_set_marks_with_note(struct session *session, const uint32_t *nodes, size_t n,
                                 enum mark mark, struct bytes note, struct err *err)
{
    if (!db_begin(session->db, err))
        return false;
    bool ok = journal_step(session->db, err);
    for (size_t i = 0; ok && i < n; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(session->subject, nodes[i], &path);
        ok = marks_set(session->db, session->subject, nodes[i], mark, err) &&
             (!note.n || notes_set(session->db, buf_bytes(&path), note, err));
    }
    return end_step(session, ok, err);
}

bool session_set_marks(struct session *session, const uint32_t *nodes, size_t n, enum mark mark,
                       struct err *err)
{
    return session_set_marks_with_note(session, nodes, n, mark, bytes_from(NULL, 0), err);
}

bool session_keep_survivors(struct session *session, struct bytes note, size_t *n, struct err *err)
{
    MEM_AUTO uint32_t *nodes = mem_array(NULL, session->subject->n, sizeof *nodes);
    *n = 0;
    for (uint32_t node = 1; node < session->subject->n; node++) {
        if (reason_origin(session->keep->verdicts[node].reason) != ORIGIN_TRACE ||
            session->subject->nodes[node].kind == NODE_DIR)
            continue;
        nodes[(*n)++] = node;
    }
    return session_set_marks_with_note(session, nodes, *n, MARK_KEEP, note, err);
}

bool session_set_note(struct session *session, uint32_t node, struct bytes text, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    tree_path(session->subject, node, &path);
    if (!db_begin(session->db, err))
        return false;
    bool ok = journal_step(session->db, err) && notes_set(session->db, buf_bytes(&path), text, err);
    return end_step(session, ok, err);
}

bool session_set_map_rule(struct session *session, struct bytes rule, struct err *err)
{
    if (!db_begin(session->db, err))
        return false;
    bool ok = journal_step(session->db, err) && map_rules_set(session->db, rule, err);
    return end_step(session, ok, err);
}

bool session_why(struct session *session, uint32_t node, struct buf *out, struct err *err)
{
    struct keep_input input = session_keep_input(session);
    if (!keep_why(session->keep, &input, session->chain, node, out, err))
        return false;
    for (; node != NODE_NONE; node = session->subject->nodes[node].parent) {
        BUF_AUTO struct buf path = {0};
        tree_path(session->subject, node, &path);
        struct bytes note = notes_find(session->notes, buf_bytes(&path));
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

bool session_answer_offer(struct session *session, const struct group_offer *offer,
                          enum group_offer_state answer, struct err *err)
{
    if (!db_begin(session->db, err))
        return false;
    bool ok = journal_step(session->db, err) &&
              group_offer_answer(session->db, session->subject, offer, answer, err);
    return end_step(session, ok, err);
}

bool session_set_switches(struct session *session, unsigned off, struct err *err)
{
    if (!db_begin(session->db, err))
        return false;
    return end_step(session, journal_step(session->db, err) && switches_save(session->db, off, err),
                    err);
}

bool session_save_chain(struct session *session, struct err *err)
{
    bool ok =
        chain_bind(session->chain, session->corpus, session->db, err) && db_begin(session->db, err);
    if (ok && !(journal_step(session->db, err) && chain_write(session->chain, session->db, err) &&
                db_commit(session->db, err))) {
        db_rollback(session->db);
        ok = false;
    }
    if (!ok)
        read_decisions_again(session, NULL);
    else
        session->chain_err.kind = ERR_NONE;
    return ok;
}

bool session_undo(struct session *session, bool *done, struct err *err)
{
    return journal_undo(session->db, done, err) && (!*done || read_decisions_again(session, err));
}

bool session_redo(struct session *session, bool *done, struct err *err)
{
    return journal_redo(session->db, done, err) && (!*done || read_decisions_again(session, err));
}

bool session_line_text(struct session *session, uint32_t line, struct buf *out, struct err *err)
{
    struct bytes text;
    if (line_paths_are_lines(session->line_paths) &&
        line < line_paths_n_lines(session->line_paths)) {
        tree_path(session->subject, line_paths_node(session->line_paths, line), out);
        return true;
    }
    if (line >= session->corpus->n_lines)
        return err_set(err, "%s: no such line", db_path(session->db));
    if (!corpus_line(session->reader, line, &text, err))
        return false;
    buf_add(out, text);
    return true;
}

uint32_t session_line_node(struct session *session, uint32_t line)
{
    const uint32_t *calls;
    if (line < line_paths_n_lines(session->line_paths))
        return line_paths_node(session->line_paths, line);
    if (line >= session->corpus->n_lines)
        return NODE_NONE;
    uint32_t block = corpus_block_of(session->corpus, line);
    if (!corpus_block_calls(session->reader, block, &calls, NULL))
        return NODE_NONE;
    uint32_t seq = calls[line - session->corpus->blocks[block].first_line];
    return line_paths_node_of_call(session->line_paths, block, seq);
}

size_t session_line_access(struct session *session, uint32_t line)
{
    const uint32_t *calls;
    if (line >= session->corpus->n_lines)
        return SIZE_MAX;
    uint32_t index = corpus_block_of(session->corpus, line);
    if (!corpus_block_calls(session->reader, index, &calls, NULL))
        return SIZE_MAX;
    const struct corpus_block *block = &session->corpus->blocks[index];
    const size_t *first = &session->accesses->first_of_log[block->log];
    uint32_t seq = calls[line - block->first_line];
    return seq && seq <= first[1] - first[0] ? first[0] + seq - 1 : SIZE_MAX;
}

static bool name_of(struct session *session, const char *setting, const struct image_info *info,
                    struct buf *out, struct err *err)
{
    BUF_AUTO struct buf name = {0};
    if (!info->id)
        return true;
    enum lookup found = db_setting_get(session->db, setting, &name, err);
    if (found == LOOKUP_ERR)
        return false;
    buf_add(out, found == LOOKUP_FOUND ? buf_bytes(&name) : bytes_of(info->name));
    return true;
}

bool session_names(struct session *session, struct buf *subject, struct buf *base, struct err *err)
{
    return name_of(session, "export.subject-name", &session->subject_info, subject, err) &&
           name_of(session, "export.base-name", &session->base_info, base, err);
}
