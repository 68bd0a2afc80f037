/* SPDX-License-Identifier: MIT
 *
 * The accesses of one log while it is read. Each distinct (process, call, path, kind, result) is
 * one row with its count and first line.
 *
 *     uint32_t seq = access_rows_add(&rows, &call);     1, 2, …; of two paths: the first one's row
 *     access_rows_get(&rows, seq)->n                    the count
 *     access_rows_take(&rows, ACCESS_ROWS_OLD, &part);  moves the older generations out
 *
 * Memory holds two generations of about ACCESS_ROWS_GENERATION accesses each. An access that
 * repeats after its generation was written becomes a second row.
 */
#ifndef XSMALL_TRACE_LOG_ACCESS_ROWS_H
#define XSMALL_TRACE_LOG_ACCESS_ROWS_H

#include "trace/strace/syscalls.h"

/* Accesses in one row of table packed. */
enum { ACCESS_ROWS_PACKED = 256 };

struct access_rows_path {
    uint32_t path; /* number in the path table, from 1 */
    uint8_t kind;  /* enum access_kind */
    bool nofollow;
    bool cloexec, rooted; /* of an open; not part of the row's identity */
};

struct access_rows_call {
    uint32_t process; /* number of the process */
    const struct call *call;
    int32_t error; /* value of access.errno */
    bool other_root;
    uint32_t line; /* from 1 */
    struct access_rows_path paths[2];
    size_t n_paths; /* 1 or 2 */
};

#ifndef ACCESS_ROWS_GENERATION
#define ACCESS_ROWS_GENERATION 32768
#endif

struct new_access {
    const struct call *call;
    uint32_t process, path, n, first_line, mate;
    int32_t error;
    uint8_t asked_kind; /* kind when the row was added; `kind` may be raised later */
    uint8_t kind;
    bool nofollow, other_root;
    uint32_t hash; /* hash of the call */
};

struct access_rows {
    uint32_t *slots; /* hash table of each call's first seq; 0: free; owned */
    size_t n_slots, n_used;
    uint32_t turn; /* first seq of the newer generation; 0: there is no older generation */
    struct new_access *items; /* owned; the rows from seq `first` on */
    size_t n, cap;
    uint32_t first; /* 0 means 1 */
};

/* Rows that no further call can change. */
struct access_rows_part {
    struct new_access *items; /* owned */
    size_t n;
    uint32_t first; /* seq of items[0] */
};

uint32_t access_rows_add(struct access_rows *rows, const struct access_rows_call *what);
/* Returns the row with this seq, or NULL if access_rows_take already moved it out. */
struct new_access *access_rows_get(const struct access_rows *rows, uint32_t seq);
uint32_t access_rows_last(const struct access_rows *rows); /* the greatest seq; 0: no rows */
/* Moves completed rows out: the older generations, or all rows at the end of the log. The part may
 * be empty. */
enum access_rows_age { ACCESS_ROWS_OLD, ACCESS_ROWS_ALL };
void access_rows_take(struct access_rows *rows, enum access_rows_age age,
                      struct access_rows_part *part);
void access_rows_finish(struct access_rows *rows);

#endif
