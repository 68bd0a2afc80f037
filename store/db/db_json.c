/* SPDX-License-Identifier: MIT
 *
 * JSON, parsed with SQLite's own functions (sqlite.org/json1.html).
 */
#include "db/db_private.h"
#include "util/text.h"

static const char GET[] = "SELECT CASE json_type(:json, :path) WHEN 'true' THEN 'true' "
                          "WHEN 'false' THEN 'false' ELSE json_extract(:json, :path) END, "
                          "json_type(:json, :path)";
static const char VALID[] = "SELECT json_valid(:json)";
static const char LENGTH[] = "SELECT count(*), (SELECT json_type(:json, :path)) "
                             "FROM json_each(:json, :path)";
static const char EACH[] =
    "SELECT key, CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
    "ELSE value END FROM json_each(:json, :path)";

bool db_json(struct db *db, struct bytes json, const char *path, struct buf *out)
{
    struct stmt *q = db_query(db, GET, NULL);
    if (!q)
        return false;
    stmt_bind_text(q, ":json", json);
    stmt_bind_text(q, ":path", bytes_of(path));
    bool found = stmt_step(q, NULL) == STEP_ROW && !stmt_is_null(q, 0);
    if (found)
        buf_replace(out, stmt_bytes(q, 0));
    stmt_reset(q);
    return found;
}

bool db_json_valid(struct db *db, struct bytes json)
{
    struct stmt *q = db_query(db, VALID, NULL);
    if (!q)
        return false;
    stmt_bind_text(q, ":json", json);
    bool valid = stmt_step(q, NULL) == STEP_ROW && stmt_int(q, 0) == 1;
    stmt_reset(q);
    return valid;
}

static bool is_container(struct bytes type)
{
    return bytes_equal(type, bytes_of("array")) || bytes_equal(type, bytes_of("object"));
}

int64_t db_json_length(struct db *db, struct bytes json, const char *path)
{
    struct stmt *q = db_query(db, LENGTH, NULL);
    if (!q)
        return -1;
    stmt_bind_text(q, ":json", json);
    stmt_bind_text(q, ":path", bytes_of(path));
    int64_t n = -1;
    if (stmt_step(q, NULL) == STEP_ROW && is_container(stmt_bytes(q, 1)))
        n = stmt_int(q, 0);
    stmt_reset(q);
    return n;
}

bool db_json_each(struct db *db, struct bytes json, const char *path,
                  bool (*each)(void *with, struct bytes key, struct bytes value), void *with)
{
    if (db_json_length(db, json, path) < 0)
        return false;
    struct stmt q; /* a separate statement, because each() may call this function again */
    if (!stmt_prepare(db, bytes_from(EACH, sizeof EACH - 1), &q, NULL))
        return false;
    stmt_bind_text(&q, ":json", json);
    stmt_bind_text(&q, ":path", bytes_of(path));
    enum step step;
    while ((step = stmt_step(&q, NULL)) == STEP_ROW) {
        /* read the key first: reading the value as bytes does not invalidate it */
        struct bytes key = stmt_bytes(&q, 0);
        if (!each(with, key, stmt_is_null(&q, 1) ? bytes_from(NULL, 0) : stmt_bytes(&q, 1)))
            break;
    }
    stmt_finish(&q);
    return step == STEP_DONE;
}

void json_quote(struct bytes text, struct buf *out)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < text.n;) {
        unsigned char c = (unsigned char)text.p[i];
        uint32_t rune;
        size_t length = text_decode(bytes_skip(text, i), &rune);
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c < 0x20 || c == 0x7f)
            buf_printf(out, "\\u%04x", c);
        else if (length)
            buf_add(out, bytes_from(text.p + i, length));
        else
            buf_add(out, bytes_of("\\ufffd"));
        i += length ? length : 1;
    }
    buf_byte(out, '"');
}

void json_pair(const char *key, struct bytes text, struct buf *out)
{
    buf_printf(out, "\"%s\": ", key);
    json_quote(text, out);
    if (text_is_utf8(text))
        return;
    buf_printf(out, ", \"%s_hex\": \"", key);
    for (size_t i = 0; i < text.n; i++)
        buf_printf(out, "%02x", (unsigned char)text.p[i]);
    buf_byte(out, '"');
}
