/* SPDX-License-Identifier: MIT
 *
 * Declarations that only the files of store/db share. Other rooms must not include this file.
 */
#ifndef XSMALL_DB_DB_PRIVATE_H
#define XSMALL_DB_DB_PRIVATE_H

#include <sqlite3.h>

#include "db/db.h"

struct db {
    sqlite3 *handle;
    char *path; /* owned */
    enum db_mode mode;
    struct stmt **stmts; /* owned; prepared once, found by the address of their SQL text */
    size_t n_stmts, cap_stmts;
    bool is_new;              /* this connection created the file */
    bool is_ending;           /* a signal does not cancel: the connection cleans up */
    bool in_write;            /* between db_begin and db_commit or db_rollback */
    uint64_t began_ns;        /* when this transaction began, CLOCK_MONOTONIC */
    int64_t step;             /* the journal step to which journal_set writes */
    struct {                  /* load_guard.h */
        sqlite3 *pin;         /* owned; NULL: no pin */
        int64_t data_version; /* of SQLite, when the load began: others' commits change it */
        int reserve;          /* file descriptor + 1; owned; 0: no reserve */
    } guard;
    int64_t sql_steps_left;         /* remaining steps of the running db_sql */
    int64_t sql_steps_max;          /* SQL_STEPS_MAX; less in tests */
    const struct bulk_insert *bulk; /* borrowed; the rows of table bulk; NULL: no rows */
};

enum { STMT_PLACES = 32, WAL_PAGES = 4000 /* of the log, before it is copied into the file */ };

/* Limit for one SQL text of the user, in steps of SQLite's virtual machine: some minutes. */
#define SQL_STEPS_MAX ((int64_t)20 * 1000 * 1000 * 1000)

struct stmt {
    struct db *db;   /* borrowed */
    const char *sql; /* borrowed: a constant */
    sqlite3_stmt *handle;
    /* Parameter names by number, as they were last bound. Names are constants, so they are compared
     * by address, beginning after the last one found. */
    const char *places[STMT_PLACES];
    int last_place;
};

/* Fills err with SQLite's message for the last failure of this connection. Returns false. */
bool db_fail(struct db *db, struct err *err);

/* Returns true if a signal cancels the work of this connection. */
bool db_is_cancelled(const struct db *db);

/* Installs SQLite's progress handler, which stops a statement when a signal came. */
void db_watch_signals(struct db *db);

/* Runs SQL text that is part of the program: pragmas, the schema. */
bool db_run_text(struct db *db, const char *sql, struct err *err);

/* Prepares a statement outside the cache, for uses that may nest. The caller ends it with
 * stmt_finish. */
bool stmt_prepare(struct db *db, struct bytes sql, struct stmt *out, struct err *err);
void stmt_finish(struct stmt *stmt);

/* Registers the virtual table bulk with the connection. */
bool bulk_register(struct db *db, struct err *err);

/* Creates an empty session at path, in directory dir. Sets *is_made to false if another process
 * created a file of that name meanwhile; that file stays untouched. */
bool new_file_make(const char *path, const char *dir, bool *is_made, struct err *err);
/* Locks the file for this connection alone. The exclusive mode needs no shared memory, for which a
 * full disk may have no space. Returns false if another connection has the file open. */
bool new_file_lock(sqlite3 *handle);
/* Removes the -wal and -shm files of a session that is locked. */
void new_file_unlink_log(const char *path);
/* Close and open SQLite's connection of db. Opening reads nothing of the file yet. On failure, each
 * later use of the connection fails. */
void db_close_handle(struct db *db);
bool db_open_handle(struct db *db);
/* Removes the -wal and -shm files that a failed write left, unless another connection has the
 * session open or they hold changes that cannot be copied into it. */
void new_file_tidy(const char *path);
/* Returns the directory of a path. The caller owns it. */
char *db_directory(const char *path);

/* Creates or migrates the schema. */
bool schema_apply(struct db *db, struct err *err);
/* Returns true if the session has exactly the tables, columns, indices and views of this version.
 */
bool schema_check(struct db *db, struct err *err);

#endif
