/* SPDX-License-Identifier: MIT
 *
 * What the files of store/db share; nobody else includes it.
 */
#ifndef XSMALL_DB_DB_PRIVATE_H
#define XSMALL_DB_DB_PRIVATE_H

#include <sqlite3.h>

#include "db/db.h"

struct db {
    sqlite3 *handle;
    char *path; /* owned */
    enum db_mode mode;
    struct stmt **stmts; /* owned; prepared once, found by the address of their text */
    size_t n_stmts, cap_stmts;
    bool is_new;                    /* this connection made the file */
    bool in_write;                  /* between db_begin and db_commit or db_rollback */
    uint64_t began_ns;              /* when this transaction began, CLOCK_MONOTONIC */
    int64_t step;                   /* of journal.h: the step that journal_set journals to */
    int64_t sql_steps_left;         /* of db_sql, while it runs */
    int64_t sql_steps_max;          /* SQL_STEPS_MAX; less in tests */
    const struct bulk_insert *bulk; /* borrowed: what table bulk shows; NULL: nothing */
};

enum { STMT_PLACES = 32 };

/* Steps of SQLite's machine that one text of a person's SQL may take: some minutes. */
#define SQL_STEPS_MAX ((int64_t)20 * 1000 * 1000 * 1000)

struct stmt {
    struct db *db;   /* borrowed */
    const char *sql; /* borrowed: a constant */
    sqlite3_stmt *handle;
    /* Parameters by number, as their names (constants) were last bound with: found again by the
     * address, beginning behind the last one. */
    const char *places[STMT_PLACES];
    int last_place;
};

/* Fills err with SQLite's words for the last failure on this connection. Returns false. */
bool db_fail(struct db *db, struct err *err);

/* Runs a text of SQL that is part of the program: pragmas, the schema. */
bool db_run_text(struct db *db, const char *sql, struct err *err);

/* A statement outside the cache, for what may nest. stmt_finish ends it. */
bool stmt_prepare(struct db *db, struct bytes sql, struct stmt *out, struct err *err);
void stmt_finish(struct stmt *stmt);

/* Makes table bulk known to the connection. */
bool bulk_register(struct db *db, struct err *err);

/* Makes an empty session at path, in directory dir. *is_made false: another process made a file of
 * that name meanwhile, which is untouched. */
bool new_file_make(const char *path, const char *dir, bool *is_made, struct err *err);
/* Removes a session in which nothing is stored, unless another connection has it open. */
void new_file_remove(const char *path);

/* Makes or migrates the schema. */
bool schema_apply(struct db *db, struct err *err);
/* Whether tables, columns, indices and views are those of today and no others. */
bool schema_check(struct db *db, struct err *err);

#endif
