/* SPDX-License-Identifier: MIT
 *
 * v_line(run, log, line, text, survives): all evidence lines, unpacked from the log blocks.
 */
#include <roaring/roaring.h>

#include "session/session.h"
#include "db/virtual_table.h"

enum { COLUMN_RUN, COLUMN_LOG, COLUMN_LINE, COLUMN_TEXT, COLUMN_SURVIVES };

static const char RUN_NAME[] = "SELECT name FROM run WHERE id = :id";

static int64_t count_lines(void *with)
{
    const struct session *session = with;
    return session->corpus->n_lines;
}

static bool run_name(struct session *session, int64_t run, struct virtual_value *out,
                     struct err *err)
{
    struct stmt *q = db_query(session->db, RUN_NAME, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":id", run);
    enum step step = stmt_step(q, err);
    out->is_text = true;
    if (step == STEP_ROW)
        out->text = stmt_bytes(q, 0); /* valid until the query is used again */
    return step != STEP_ERR;
}

static bool line_value(void *with, int64_t row, int column, struct virtual_value *out,
                       struct err *err)
{
    struct session *session = with;
    uint32_t line = (uint32_t)row;
    const struct corpus_log *log = &session->corpus->logs[corpus_log_of(session->corpus, line)];
    switch (column) {
    case COLUMN_RUN:
        return run_name(session, log->run, out, err);
    case COLUMN_LOG:
        *out = (struct virtual_value){.is_text = true, .text = log->name};
        return true;
    case COLUMN_LINE:
        out->number = line - log->first_line + 1;
        return true;
    case COLUMN_TEXT:
        out->is_text = true;
        return corpus_line(session->reader, line, &out->text, err);
    default:
        if (!chain_survivors(session->chain) && !session_settle_chain(session, NULL, err))
            return false;
        out->number = roaring_bitmap_contains(chain_survivors(session->chain), line);
        return true;
    }
}

static const struct virtual_table line_table = {
    .name = "v_line",
    .declaration = "CREATE TABLE v_line (run TEXT, log TEXT, line INTEGER, text TEXT, "
                   "survives INTEGER)",
    .count = count_lines,
    .value = line_value,
};

bool line_table_register(struct session *session, struct err *err)
{
    return db_virtual_table(session->db, &line_table, session, err);
}
