/* SPDX-License-Identifier: MIT */
#include "db/db_private.h"

static const char GET[] = "SELECT value FROM setting WHERE name = :name";
static const char SET[] = "INSERT INTO setting VALUES (:name, :value) "
                          "ON CONFLICT (name) DO UPDATE SET value = :value";
static const char UNSET[] = "DELETE FROM setting WHERE name = :name";

enum lookup db_setting_get(struct db *db, const char *name, struct buf *out, struct err *err)
{
    struct stmt *q = db_query(db, GET, err);
    if (!q)
        return LOOKUP_ERR;
    stmt_bind_text(q, ":name", bytes_of(name));
    return stmt_first(q, out, err);
}

bool db_setting_set(struct db *db, const char *name, struct bytes value, struct err *err)
{
    struct stmt *q = db_query(db, SET, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":name", bytes_of(name));
    stmt_bind_text(q, ":value", value);
    return stmt_run(q, err);
}

bool db_setting_unset(struct db *db, const char *name, struct err *err)
{
    struct stmt *q = db_query(db, UNSET, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":name", bytes_of(name));
    return stmt_run(q, err);
}
