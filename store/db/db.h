/* SPDX-License-Identifier: MIT
 *
 * The session file: open, migrate, statements, transactions. The only caller of sqlite3_*.
 *
 * Not here: the meaning of the rows. Each room keeps the whole text of each query next to the
 * function that uses it, as a constant; values are bound, never printed into SQL.
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
 * One `struct db` is one connection and belongs to one thread at a time. Threads open their own
 * connections. Within the process, writers wait for their turn in db_begin; a loader calls db_slice
 * to let edits in.
 */
#ifndef XSMALL_DB_DB_H
#define XSMALL_DB_DB_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/lookup.h"

struct db;
struct stmt;

enum db_mode {
    DB_READ,  /* file must exist; never written */
    DB_WRITE, /* file must exist */
    DB_CREATE /* created if absent: completely, or not at all if the program is killed */
};

enum { DB_SCHEMA_VERSION = 4, DB_APPLICATION_ID = 0x78736d6c /* "xsml" */ };

/* Opens the session at path. A session can come from a stranger: rejects a file that is not an
 * xsmall session, has a newer version, or has triggers or any table, column, index or view that the
 * program does not create. An older session is migrated, in READ mode too; if it cannot be written,
 * it is rejected. WRITE and CREATE mode remove the remains of killed loads. On success the caller
 * owns *out: db_close. */
bool db_open(const char *path, enum db_mode mode, struct db **out, struct err *err);
/* Opens a new session that only this connection sees. SQLite keeps it in memory and moves it to a
 * file without a name when it grows. It is removed when the connection is closed or the program
 * ends for any reason. */
bool db_open_scratch(struct db **out, struct err *err);
/* Opens a database without tables and without a file, to use the JSON functions when no session is
 * open. */
bool db_open_memory(struct db **out, struct err *err);
/* Closes the connection. The last connection to a file removes its -wal and -shm files. NULL is
 * allowed. */
void db_close(struct db *db);
/* As db_close. Also removes the file if this connection created it, it has no stored rows and no
 * other connection has it open, so that a failed command does not leave an empty session. */
void db_discard(struct db *db);
/* Removes the session at path, with its -wal and -shm files, if it has no stored rows and no
 * connection has it open. */
void db_remove_unused(const char *path);
const char *db_path(const struct db *db);
bool db_is_read_only(const struct db *db); /* opened with DB_READ */

/* Returns the prepared statement for sql, reset and without bindings. It is prepared once per
 * connection, which owns it. sql must be a constant, because the statement is found by the address
 * of sql. Use the statement in one place at a time. */
struct stmt *db_query(struct db *db, const char *sql, struct err *err);

/* Bind a parameter by name, with its colon (":x"). An unknown name is a programming error. Bytes
 * are copied. */
void stmt_bind_int(struct stmt *stmt, const char *name, int64_t value);
void stmt_bind_text(struct stmt *stmt, const char *name, struct bytes value);
void stmt_bind_blob(struct stmt *stmt, const char *name, struct bytes value);
void stmt_bind_null(struct stmt *stmt, const char *name);
/* Bind without copying, for bulk inserts; value must stay valid until stmt_step. */
void stmt_bind_text_borrowed(struct stmt *stmt, const char *name, struct bytes value);
void stmt_bind_blob_borrowed(struct stmt *stmt, const char *name, struct bytes value);

enum step { STEP_ROW, STEP_DONE, STEP_ERR };
/* Moves to the next row. At the end and on error, the statement is reset. */
enum step stmt_step(struct stmt *stmt, struct err *err);
/* Replaces the bytes of out with column 0 of the first row, then resets the statement. Absent if
 * there is no row. */
enum lookup stmt_first(struct stmt *stmt, struct buf *out, struct err *err);
/* Runs a statement that returns no rows, or whose rows are not needed, and resets it. */
bool stmt_run(struct stmt *stmt, struct err *err);
void stmt_reset(struct stmt *stmt); /* for leaving a loop early; NULL is allowed */

/* Return a column of the current row; columns count from 0. Bytes are borrowed until the next step
 * or reset. */
int64_t stmt_int(struct stmt *stmt, int column);
struct bytes stmt_bytes(struct stmt *stmt, int column); /* text or blob; NULL: n 0, p NULL */
bool stmt_is_null(struct stmt *stmt, int column);

/* Sets how many pages of the file SQLite keeps in memory. A scan that reads each page once should
 * keep few pages: reused pages cost no page faults, new pages do. */
enum db_cache { DB_CACHE_WORK, DB_CACHE_SCAN };
bool db_cache(struct db *db, enum db_cache cache, struct err *err);

int64_t db_last_id(struct db *db); /* rowid of the last insert */
int64_t db_changes(struct db *db); /* rows that the last INSERT, UPDATE or DELETE touched */

/* Begins a write transaction (BEGIN IMMEDIATE). Waits for other writers; within the process,
 * writers get their turn in order. An edit on the screen waits for a loader at most until the
 * current row of its slice is written. Fails in READ mode. The explorer opens a session in READ
 * mode if another program has the writer lock (writer_lock.h). */
bool db_begin(struct db *db, struct err *err);
bool db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
/* Copies the write-ahead log into the database file, except the part that a reader still needs. */
void db_checkpoint(struct db *db);
/* Returns true if the transaction of a loader is 50 ms old, or if another thread of this process
 * waits to write. */
bool db_slice_is_over(const struct db *db);
/* Call inside a loader's transaction, after every few rows: if the slice is over, commits and
 * begins a new transaction. */
bool db_slice(struct db *db, struct err *err);

/* Runs one SQL statement of the user, read-only and for a few minutes at most; other statements are
 * rejected. Calls row() for each row, with its columns as bytes; a NULL column has p NULL. Stops
 * when row() returns false. */
bool db_sql(struct db *db, struct bytes sql,
            bool (*row)(void *with, int n_columns, const struct bytes *columns), void *with,
            struct err *err);

/* Settings are named values. db_setting_get replaces the bytes of out. */
enum lookup db_setting_get(struct db *db, const char *name, struct buf *out, struct err *err);
bool db_setting_set(struct db *db, const char *name, struct bytes value, struct err *err);
bool db_setting_unset(struct db *db, const char *name, struct err *err);

/* Reads JSON with SQLite's own functions: the value at path ("$.config.Env[0]") of a document, as
 * text; an object or array as JSON. Returns false if there is no value. */
bool db_json(struct db *db, struct bytes json, const char *path, struct buf *out);
bool db_json_valid(struct db *db, struct bytes json);
/* Returns the number of elements of the array, or of keys of the object, at path; -1 if there is no
 * array or object. */
int64_t db_json_length(struct db *db, struct bytes json, const char *path);
/* Calls each() for the elements of the array or object at path, in order. key is the key or the
 * array index. value is text; for an object or array it is JSON, for a JSON null its p is NULL.
 * Stops and returns false when each() returns false. Also returns false if there is no array or
 * object. */
bool db_json_each(struct db *db, struct bytes json, const char *path,
                  bool (*each)(void *with, struct bytes key, struct bytes value), void *with);
/* Appends text as a JSON string literal, with quotes. Invalid UTF-8 becomes U+FFFD. */
void json_quote(struct bytes text, struct buf *out);
/* Appends "KEY": TEXT. If text is not valid UTF-8, also appends "KEY_hex" with its bytes in
 * hexadecimal. */
void json_pair(const char *key, struct bytes text, struct buf *out);

#endif
