/* SPDX-License-Identifier: MIT
 *
 * Notes of the person on paths: why a mark was set, what is still to be found out.
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

bool notes_read(struct db *db, struct notes **out, struct err *err); /* yours: notes_destroy */
void notes_destroy(struct notes *notes);                             /* NULL is allowed */
/* n 0: the path has no note. */
struct bytes notes_find(const struct notes *notes, struct bytes path);
/* Stores a note as part of the current step: in a transaction, after journal_step. An empty text
 * removes the note. */
bool notes_set(struct db *db, struct bytes path, struct bytes text, struct err *err);

#endif
