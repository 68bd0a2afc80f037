/* SPDX-License-Identifier: MIT
 *
 * The session file: open, migrate, statements, transactions. The only caller of sqlite3_*.
 *
 * Not here: what the rows mean. Each room keeps the whole text of its queries beside their one
 * user, as constants; nothing is printed into SQL.
 *
 *     static const char FIND[] = "SELECT id, name FROM run WHERE role = :role";
 *     struct stmt *q = db_query(db, FIND, err);
 *     if (!q)
 *         return false;
 *     stmt_bind_text(q, ":role", bytes_of("evidence"));
 *     enum step step;
 *     while ((step = stmt_step(q, err)) == STEP_ROW)
 *         use(stmt_int(q, 0), stmt_bytes(q, 1));
 *     return step == STEP_DONE;
 *
 * One `struct db` is one connection and belongs to one thread at a time. Threads open their own.
 * Within the process writers take turns at db_begin; a loader lets edits in with db_slice.
 */
#ifndef XSMALL_DB_DB_H
#define XSMALL_DB_DB_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/lookup.h"

struct db;
struct stmt;

enum db_mode {
    DB_READ,  /* must exist; never written */
    DB_WRITE, /* must exist */
    DB_CREATE /* made if absent: whole, or not at all if the program is killed */
};

enum { DB_SCHEMA_VERSION = 3, DB_APPLICATION_ID = 0x78736d6c /* "xsml" */ };

/* Opens the session at path. Refuses a file that is no session of xsmall, has a newer version, or
 * holds triggers, or tables, columns, indices or views other than those that the program makes (a
 * session can come from a stranger). An older one is migrated, in READ mode too; where it cannot be
 * written, it is refused. WRITE and CREATE mode remove the remains of killed loads. On success *out
 * is yours: db_close. */
bool db_open(const char *path, enum db_mode mode, struct db **out, struct err *err);
/* A new session that only this connection sees: in memory, or once that is much, in a file without
 * a name. It is gone when it is closed, or the program ends in whatever way. */
bool db_open_scratch(struct db **out, struct err *err);
/* A database without tables or file, for JSON where no session is open. */
bool db_open_memory(struct db **out, struct err *err);
/* Closes; the last connection leaves no -wal or -shm behind. NULL is allowed. */
void db_close(struct db *db);
/* As db_close. Also removes the file if this connection made it, nothing is stored in it and no
 * other connection has it open: a command that failed leaves no session that was not there before.
 */
void db_discard(struct db *db);
const char *db_path(const struct db *db);
bool db_is_read_only(const struct db *db); /* opened with DB_READ */

/* The prepared statement for sql, reset and without bindings; prepared once per connection and
 * owned by it. sql is a constant: it is known by its address. At most one use at a time. */
struct stmt *db_query(struct db *db, const char *sql, struct err *err);

/* Binds by name, ":x" included; an unknown name is a programming error. Bytes are copied. */
void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value);
void stmt_bind_text(struct stmt *stmt, const char *name, struct bytes value);
void stmt_bind_blob(struct stmt *stmt, const char *name, struct bytes value);
void stmt_bind_null(struct stmt *stmt, const char *name);
/* The same without a copy: value must live until stmt_step; for bulk inserts. */
void stmt_bind_text_borrowed(struct stmt *stmt, const char *name, struct bytes value);
void stmt_bind_blob_borrowed(struct stmt *stmt, const char *name, struct bytes value);

enum step { STEP_ROW, STEP_DONE, STEP_ERR };
/* The next row. At the end and on error the statement is reset. */
enum step stmt_step(struct stmt *stmt, struct err *err);
/* Replaces the bytes of out with column 0 of the first row, if there is a row. Resets. */
enum lookup stmt_first(struct stmt *stmt, struct buf *out, struct err *err);
/* Runs a statement that gives no rows, or whose rows do not matter, and resets it. */
bool stmt_run(struct stmt *stmt, struct err *err);
void stmt_reset(struct stmt *stmt); /* for leaving a loop early; NULL is allowed */

/* Columns of the current row, from 0. Bytes are borrowed until the next step or reset. */
int64_t stmt_int(struct stmt *stmt, int column);
struct bytes stmt_bytes(struct stmt *stmt, int column); /* text or blob; NULL gives n 0, p NULL */
bool stmt_is_null(struct stmt *stmt, int column);

/* How many of the file's pages are kept in memory. To read through what is needed once takes few:
 * they are used again, where each new one costs the page faults of fresh memory. */
enum db_cache { DB_CACHE_WORK, DB_CACHE_SCAN };
bool db_cache(struct db *db, enum db_cache cache, struct err *err);

int64_t db_last_id(struct db *db); /* rowid of the last insert */
int64_t db_changes(struct db *db); /* rows that the last INSERT, UPDATE or DELETE touched */

/* A write transaction (BEGIN IMMEDIATE). Waits for the other writers, within the process in turn;
 * an edit of the screen waits for a loader at most as long as one slice's current row. Refused in
 * READ mode, in which a session is edited only where another program has its seat (writer_lock.h).
 */
bool db_begin(struct db *db, struct err *err);
bool db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
/* Moves what is in the log of writes into the file, as far as no reader needs it there. */
void db_checkpoint(struct db *db);
/* Whether a loader's transaction is 50 ms old, or someone in this process waits to write. */
bool db_slice_is_over(const struct db *db);
/* Inside a loader's transaction, after each few rows: commits and begins again when it is over. */
bool db_slice(struct db *db, struct err *err);

/* Runs one SQL text of the person's, read-only (anything else is refused), for some minutes at
 * most. Each row is handed to row(), its columns as bytes; a NULL column has p NULL. row()
 * returning false stops. */
bool db_sql(struct db *db, struct bytes sql,
            bool (*row)(void *with, int n_columns, const struct bytes *columns), void *with,
            struct err *err);

/* Settings: named values. Get replaces the bytes of out. */
enum lookup db_setting_get(struct db *db, const char *name, struct buf *out, struct err *err);
bool db_setting_set(struct db *db, const char *name, struct bytes value, struct err *err);
bool db_setting_unset(struct db *db, const char *name, struct err *err);

/* JSON through SQLite's own functions: the value at path ("$.config.Env[0]") of a document, as
 * text, or as JSON where it is an object or array. False where there is none. */
bool db_json(struct db *db, struct bytes json, const char *path, struct buf *out);
bool db_json_valid(struct db *db, struct bytes json);
/* The number of elements of the array, or keys of the object, at path; -1 where there is neither.
 */
int64_t db_json_length(struct db *db, struct bytes json, const char *path);
/* Calls each() for the elements of the array or object at path, in order: key (index for an array),
 * value as text (JSON where it is an object or array), NULL p for a JSON null. Stops when each()
 * returns false; returns false then, and where there is no such array or object. */
bool db_json_each(struct db *db, struct bytes json, const char *path,
                  bool (*each)(void *with, struct bytes key, struct bytes value), void *with);
/* A text as a JSON string literal, quotes included. Invalid UTF-8 becomes U+FFFD. */
void json_quote(struct bytes text, struct buf *out);
/* "KEY": TEXT, and where that is no UTF-8, "KEY_hex": its bytes too. */
void json_pair(const char *key, struct bytes text, struct buf *out);

#endif
