/* SPDX-License-Identifier: MIT
 *
 * Decisions: one function runs every step. A step begins a transaction, writes the journal, edits
 * and commits; then the session reads the changed decisions into memory. A failed step is rolled
 * back, and the decisions are also read again, because the edit may already have changed the chain
 * in memory.
 */
#include "db/journal.h"
#include "export/map_rules.h"
#include "session/session_private.h"

/* Replaces marks and notes in memory by the stored marks and notes. */
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

bool session_read_decisions(struct session *session, struct err *err)
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

static bool read_again(struct session *session, struct err *err)
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

/* What is read again after a step. READ_MARKS: marks, notes and the switches of dependency
 * kinds. */
enum step_reads { READ_NOTHING, READ_MARKS, READ_ALL };

static bool read_back(struct session *session, enum step_reads reads, struct err *err)
{
    if (reads == READ_ALL)
        return read_again(session, err);
    return reads == READ_NOTHING || read_marks(session, err);
}

/* Ends a step that was committed (ok) or rolled back. why is the error of a failed step. */
static bool end_step(struct session *session, bool ok, enum step_reads reads, const struct err *why,
                     struct err *err)
{
    struct err again;
    if (read_back(session, ok ? reads : READ_ALL, &again))
        return ok || err_copy(err, why);
    if (ok)
        return err_copy(err, &again) ||
               err_wrap(err, "the decisions are stored, but cannot be read again");
    return err_set(err, "%s; the decisions cannot be read again: %s", why->text, again.text);
}

/* Runs one undoable step: edit() runs inside the transaction, after a new step is begun in the
 * journal. */
static bool session_step(struct session *session, enum step_reads reads,
                         bool (*edit)(struct session *session, const void *with, struct err *err),
                         const void *with, struct err *err)
{
    struct err why;
    bool ok = db_begin(session->db, &why);
    if (ok) {
        ok = journal_step(session->db, &why) && edit(session, with, &why) &&
             db_commit(session->db, &why);
        db_rollback(session->db); /* does nothing after a commit */
    }
    return end_step(session, ok, reads, &why, err);
}

struct marks_edit {
    const uint32_t *nodes;
    size_t n;
    enum mark mark;
    struct bytes note; /* n 0: no note */
};

static bool edit_marks(struct session *session, const void *with, struct err *err)
{
    const struct marks_edit *edit = with;
    for (size_t i = 0; i < edit->n; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(session->subject, edit->nodes[i], &path);
        if (!marks_set(session->db, session->subject, edit->nodes[i], edit->mark, err) ||
            (edit->note.n && !notes_set(session->db, buf_bytes(&path), edit->note, err)))
            return false;
    }
    return true;
}

bool session_set_marks_with_note(struct session *session, const uint32_t *nodes, size_t n,
                                 enum mark mark, struct bytes note, struct err *err)
{
    struct marks_edit edit = {nodes, n, mark, note};
    return session_step(session, READ_MARKS, edit_marks, &edit, err);
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

struct note_edit {
    struct bytes path, text;
};

static bool edit_note(struct session *session, const void *with, struct err *err)
{
    const struct note_edit *edit = with;
    return notes_set(session->db, edit->path, edit->text, err);
}

bool session_set_note(struct session *session, uint32_t node, struct bytes text, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    tree_path(session->subject, node, &path);
    struct note_edit edit = {buf_bytes(&path), text};
    return session_step(session, READ_MARKS, edit_note, &edit, err);
}

static bool edit_map_rule(struct session *session, const void *with, struct err *err)
{
    return map_rules_set(session->db, *(const struct bytes *)with, err);
}

bool session_set_map_rule(struct session *session, struct bytes rule, struct err *err)
{
    return session_step(session, READ_MARKS, edit_map_rule, &rule, err);
}

struct offer_edit {
    const struct group_offer *offer;
    enum group_offer_state answer;
};

static bool edit_offer(struct session *session, const void *with, struct err *err)
{
    const struct offer_edit *edit = with;
    return group_offer_answer(session->db, session->subject, edit->offer, edit->answer, err);
}

bool session_answer_offer(struct session *session, const struct group_offer *offer,
                          enum group_offer_state answer, struct err *err)
{
    struct offer_edit edit = {offer, answer};
    return session_step(session, READ_MARKS, edit_offer, &edit, err);
}

static bool edit_switches(struct session *session, const void *with, struct err *err)
{
    return switches_save(session->db, *(const unsigned *)with, err);
}

bool session_set_switches(struct session *session, unsigned off, struct err *err)
{
    return session_step(session, READ_MARKS, edit_switches, &off, err);
}

/* Stores the chain in memory; nothing needs to be read again afterwards. */
static bool edit_chain(struct session *session, const void *with, struct err *err)
{
    (void)with;
    return chain_bind(session->chain, session->corpus, session->db, err) &&
           chain_write(session->chain, session->db, err);
}

bool session_save_chain(struct session *session, struct err *err)
{
    if (!session_step(session, READ_NOTHING, edit_chain, NULL, err))
        return false;
    session->chain_err.kind = ERR_NONE;
    return true;
}

/* Undoes or redoes a step of the journal in its own transaction. */
static bool replay(struct session *session,
                   bool (*move)(struct db *db, bool *done, struct err *err), bool *done,
                   struct err *err)
{
    struct err why;
    bool ok = move(session->db, done, &why);
    return end_step(session, ok, ok && !*done ? READ_NOTHING : READ_ALL, &why, err);
}

bool session_undo(struct session *session, bool *done, struct err *err)
{
    return replay(session, journal_undo, done, err);
}

bool session_redo(struct session *session, bool *done, struct err *err)
{
    return replay(session, journal_redo, done, err);
}
