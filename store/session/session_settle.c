/* SPDX-License-Identifier: MIT
 *
 * Computes the results from the decisions: evaluates the chain, computes the kept tree, and stores
 * both.
 */
#include "session/session.h"

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
