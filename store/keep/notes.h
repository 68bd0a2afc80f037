/* SPDX-License-Identifier: MIT
 *
 * Notes of the user on paths: why a mark was set, open questions.
 */
#ifndef XSMALL_KEEP_NOTES_H
#define XSMALL_KEEP_NOTES_H

#include "db/db.h"
#include "util/arena.h"

struct notes {
    struct notes_item {
        struct bytes path; /* absolute */
        struct bytes text;
    } * items; /* in C order of path */
    size_t n;
    struct arena arena;
};

/* Reads the notes; the caller frees *out with notes_destroy. */
bool notes_read(struct db *db, struct notes **out, struct err *err);
void notes_destroy(struct notes *notes); /* NULL is allowed */
/* Returns the note of a path; n 0: the path has no note. */
struct bytes notes_find(const struct notes *notes, struct bytes path);
/* Stores a note as part of the current step: inside a transaction, after journal_step. An empty
 * text removes the note. */
bool notes_set(struct db *db, struct bytes path, struct bytes text, struct err *err);

#endif
