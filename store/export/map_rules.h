/* SPDX-License-Identifier: MIT
 *
 * Map rules: where a tree of the subject stands in the slim image (`/inst=/usr/local/lib/app`).
 *
 * Not here: what comes of them (mapped_tree.h).
 *
 *     struct moves *moves;
 *     if (!moves_read(db, &moves, err)) …
 *     moves_put(db, bytes_of("/inst=/opt"), err); // inside a step
 */
#ifndef XSMALL_EXPORT_MAP_RULES_H
#define XSMALL_EXPORT_MAP_RULES_H

#include "db/db.h"
#include "util/arena.h"

struct moves {
    struct move {
        struct bytes from, to; /* absolute, no trailing slash */
    } * items;                 /* in C order of from */
    size_t n;
    struct arena arena;
};

bool moves_read(struct db *db, struct moves **out, struct err *err); /* yours: moves_destroy */
void moves_destroy(struct moves *moves);                             /* NULL is allowed */
#define MOVES_AUTO __attribute__((cleanup(moves_destroy_at)))
void moves_destroy_at(struct moves **moves);
/* A rule as moves_put takes it; appended. */
void moves_say(struct bytes from, struct bytes to, struct buf *out);
/* FROM=TO, both absolute paths; `\=` is an equals sign of FROM, `\\` a backslash. FROM= takes the
 * rule away. One part of the current step: inside a transaction, behind edits_step. */
bool moves_put(struct db *db, struct bytes rule, struct err *err);

#endif
