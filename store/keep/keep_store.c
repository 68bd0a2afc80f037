/* SPDX-License-Identifier: MIT
 *
 * Updates the derived tables. Reads tables and results in the order of their ids and compares them,
 * then writes the rows that differ, in slices. A path with only default values has no row; in an
 * image without logs no path has one.
 */
#include "keep/keep.h"

#include <stdlib.h>
#include <string.h>

static const char READ_VERDICTS[] =
    "SELECT path, in_base, mark, needed, kept, reason, used FROM verdict ORDER BY path";
static const char WRITE_VERDICT[] =
    "INSERT INTO verdict (path, in_base, mark, needed, kept, reason, used) "
    "SELECT :path, :in_base, :mark, :needed, :kept, :reason, :used "
    "WHERE EXISTS (SELECT 1 FROM path WHERE id = :path) "
    "ON CONFLICT (path) DO UPDATE SET in_base = excluded.in_base, mark = excluded.mark, "
    "needed = excluded.needed, kept = excluded.kept, reason = excluded.reason, "
    "used = excluded.used";
static const char DROP_VERDICT[] = "DELETE FROM verdict WHERE path = :path";
static const char READ_REALS[] = "SELECT id, real FROM asked ORDER BY id";
static const char WRITE_REAL[] = "UPDATE asked SET real = :real WHERE id = :id";

struct ordered {
    int64_t id;
    uint32_t index;
};

/* Ids, or indices with their ids, of the rows to write. */
struct changes {
    struct ordered *write;
    size_t n_write, cap_write;
    int64_t *drop;
    size_t n_drop, cap_drop;
};

static void changes_finish(struct changes *changes)
{
    free(changes->write);
    free(changes->drop);
}

static void add_write(struct changes *changes, struct ordered item)
{
    ARRAY_ROOM(changes->write, changes->n_write, changes->cap_write);
    changes->write[changes->n_write++] = item;
}

static void add_drop(struct changes *changes, int64_t id)
{
    ARRAY_ROOM(changes->drop, changes->n_drop, changes->cap_drop);
    changes->drop[changes->n_drop++] = id;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t x = ((const struct ordered *)a)->id, y = ((const struct ordered *)b)->id;
    return (x > y) - (x < y);
}

static enum mark shown_mark(const struct verdict *verdict)
{
    return verdict->mark == MARK_NONE ? MARK_AUTO : verdict->mark;
}

static bool is_same_text(struct bytes text, const char *name)
{
    return name ? text.p && bytes_equal(text, bytes_of(name)) : text.p == NULL;
}

static bool is_up_to_date(struct stmt *q, const struct verdict *verdict, struct bytes reason)
{
    return is_same_text(stmt_bytes(q, 1), in_base_name(verdict->in_base)) &&
           bytes_equal(stmt_bytes(q, 2), bytes_of(mark_name(shown_mark(verdict)))) &&
           stmt_int(q, 3) == verdict->needed && stmt_int(q, 4) == verdict->kept &&
           bytes_equal(stmt_bytes(q, 5), reason) && stmt_int(q, 6) == (verdict->n_used > 0);
}

static bool compare_verdicts(const struct keep *keep, const struct keep_input *input,
                             const struct ordered *nodes, size_t n, struct db *db,
                             struct changes *changes, struct err *err)
{
    struct stmt *q = db_query(db, READ_VERDICTS, err);
    BUF_AUTO struct buf reason = {0};
    size_t i = 0;
    enum step step;
    if (!q)
        return false;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t id = stmt_int(q, 0);
        while (i < n && nodes[i].id < id)
            add_write(changes, nodes[i++]);
        if (i == n || nodes[i].id != id) {
            add_drop(changes, id);
            continue;
        }
        buf_clear(&reason);
        keep_reason(keep, input, nodes[i].index, &reason);
        if (!is_up_to_date(q, &keep->verdicts[nodes[i].index], buf_bytes(&reason)))
            add_write(changes, nodes[i]);
        i++;
    }
    while (i < n)
        add_write(changes, nodes[i++]);
    return step == STEP_DONE;
}

static bool write_verdict(const struct keep *keep, const struct keep_input *input,
                          struct ordered item, struct db *db, struct err *err)
{
    const struct verdict *verdict = &keep->verdicts[item.index];
    struct stmt *q = db_query(db, WRITE_VERDICT, err);
    BUF_AUTO struct buf reason = {0};
    if (!q)
        return false;
    keep_reason(keep, input, item.index, &reason);
    stmt_bind_int(q, ":path", item.id);
    if (verdict->in_base == BASE_NONE)
        stmt_bind_null(q, ":in_base");
    else
        stmt_bind_text(q, ":in_base", bytes_of(in_base_name(verdict->in_base)));
    stmt_bind_text(q, ":mark", bytes_of(mark_name(shown_mark(verdict))));
    stmt_bind_int(q, ":needed", verdict->needed);
    stmt_bind_int(q, ":kept", verdict->kept);
    stmt_bind_text(q, ":reason", reason.n ? buf_bytes(&reason) : bytes_of(""));
    stmt_bind_int(q, ":used", verdict->n_used > 0);
    return stmt_run(q, err) && db_slice(db, err);
}

static bool drop_verdict(int64_t id, struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, DROP_VERDICT, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":path", id);
    return stmt_run(q, err) && db_slice(db, err);
}

/* Returns whether the verdict has only the values of a path without a row. */
static bool is_default(const struct verdict *verdict)
{
    return verdict->in_base == BASE_NONE && shown_mark(verdict) == MARK_AUTO && !verdict->needed &&
           !verdict->kept && !verdict->reason && !verdict->n_used;
}

/* Lists the nodes that have a row, sorted by id. */
static size_t order_nodes(const struct tree *tree, const struct keep *keep, struct ordered *nodes)
{
    size_t n = 0;
    for (uint32_t i = 0; i < tree->n; i++)
        if (tree->nodes[i].path_id > 0 && !is_default(&keep->verdicts[i]))
            nodes[n++] = (struct ordered){tree->nodes[i].path_id, i};
    qsort(nodes, n, sizeof *nodes, compare_ids);
    return n;
}

static void real_text(const struct keep *keep, const struct keep_input *input, size_t asked,
                      struct buf *out)
{
    buf_clear(out);
    if (keep->real[asked] != NODE_NONE)
        tree_path(input->subject, keep->real[asked], out);
}

static bool compare_reals(const struct keep *keep, const struct keep_input *input,
                          const struct ordered *asked, size_t n, struct db *db,
                          struct changes *changes, struct err *err)
{
    struct stmt *q = db_query(db, READ_REALS, err);
    BUF_AUTO struct buf real = {0};
    size_t i = 0;
    enum step step;
    if (!q)
        return false;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        while (i < n && asked[i].id < stmt_int(q, 0))
            i++;
        if (i == n || asked[i].id != stmt_int(q, 0))
            continue;
        real_text(keep, input, asked[i].index, &real);
        if (stmt_is_null(q, 1) != !real.n || !bytes_equal(stmt_bytes(q, 1), buf_bytes(&real)))
            add_write(changes, asked[i]);
    }
    return step == STEP_DONE;
}

static bool write_real(const struct keep *keep, const struct keep_input *input, struct ordered item,
                       struct db *db, struct err *err)
{
    struct stmt *q = db_query(db, WRITE_REAL, err);
    BUF_AUTO struct buf real = {0};
    if (!q)
        return false;
    real_text(keep, input, item.index, &real);
    stmt_bind_int(q, ":id", item.id);
    if (real.n)
        stmt_bind_text(q, ":real", buf_bytes(&real));
    else
        stmt_bind_null(q, ":real");
    return stmt_run(q, err) && db_slice(db, err);
}

static bool find_changes(const struct keep *keep, const struct keep_input *input, struct db *db,
                         struct changes *verdicts, struct changes *reals, struct err *err)
{
    size_t n_asked = input->accesses && keep->real ? input->accesses->n_paths : 0;
    MEM_AUTO struct ordered *nodes = mem_array(NULL, keep->n, sizeof *nodes);
    MEM_AUTO struct ordered *asked = mem_array(NULL, n_asked, sizeof *asked);
    size_t n_nodes = order_nodes(input->subject, keep, nodes);
    for (size_t i = 0; i < n_asked; i++)
        asked[i] = (struct ordered){input->accesses->paths[i].id, (uint32_t)i};
    qsort(asked, n_asked, sizeof *asked, compare_ids);
    return compare_verdicts(keep, input, nodes, n_nodes, db, verdicts, err) &&
           compare_reals(keep, input, asked, n_asked, db, reals, err);
}

static bool write_changes(const struct keep *keep, const struct keep_input *input, struct db *db,
                          const struct changes *verdicts, const struct changes *reals,
                          struct err *err)
{
    if (!verdicts->n_write && !verdicts->n_drop && !reals->n_write)
        return true;
    bool ok = db_begin(db, err);
    for (size_t i = 0; ok && i < verdicts->n_drop; i++)
        ok = drop_verdict(verdicts->drop[i], db, err);
    for (size_t i = 0; ok && i < verdicts->n_write; i++)
        ok = write_verdict(keep, input, verdicts->write[i], db, err);
    for (size_t i = 0; ok && i < reals->n_write; i++)
        ok = write_real(keep, input, reals->write[i], db, err);
    if (!ok) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

bool keep_store(const struct keep *keep, const struct keep_input *input, struct db *db,
                struct err *err)
{
    struct changes verdicts = {0}, reals = {0};
    bool ok = !keep->n || (find_changes(keep, input, db, &verdicts, &reals, err) &&
                           write_changes(keep, input, db, &verdicts, &reals, err));
    changes_finish(&verdicts);
    changes_finish(&reals);
    return ok;
}
