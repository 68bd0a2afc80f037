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
    bool is_new;                    /* this connection created the file */
    bool in_write;                  /* between db_begin and db_commit or db_rollback */
    uint64_t began_ns;              /* when this transaction began, CLOCK_MONOTONIC */
    int64_t step;                   /* the journal step to which journal_set writes */
    int64_t sql_steps_left;         /* remaining steps of the running db_sql */
    int64_t sql_steps_max;          /* SQL_STEPS_MAX; less in tests */
    const struct bulk_insert *bulk; /* borrowed; the rows of table bulk; NULL: no rows */
};

enum { STMT_PLACES = 32 };

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
/* Removes a session that has no stored rows, unless another connection has it open. */
void new_file_remove(const char *path);

/* Creates or migrates the schema. */
bool schema_apply(struct db *db, struct err *err);
/* Returns true if the session has exactly the tables, columns, indices and views of this version.
 */
bool schema_check(struct db *db, struct err *err);

#endif
