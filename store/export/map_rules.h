/* SPDX-License-Identifier: MIT
 *
 * Map rules: where a tree of the subject stands in the slim image (`/inst=/usr/local/lib/app`).
 *
 * Not here: what comes of them (mapped_tree.h).
 *
 *     struct map_rules *moves;
 *     if (!map_rules_read(db, &moves, err)) …
 *     map_rules_set(db, bytes_of("/inst=/opt"), err); // inside a step
 */
#ifndef XSMALL_EXPORT_MAP_RULES_H
#define XSMALL_EXPORT_MAP_RULES_H

#include "db/db.h"
#include "util/arena.h"

struct map_rules {
    struct move {
        struct bytes from, to; /* absolute, no trailing slash */
    } * items;                 /* in C order of from */
    size_t n;
    struct arena arena;
};

bool map_rules_read(struct db *db, struct map_rules **out,
                    struct err *err);            /* yours: map_rules_destroy */
void map_rules_destroy(struct map_rules *moves); /* NULL is allowed */
#define MOVES_AUTO __attribute__((cleanup(map_rules_destroy_at)))
void map_rules_destroy_at(struct map_rules **moves);
/* A rule as map_rules_set takes it; appended. */
void map_rules_print(struct bytes from, struct bytes to, struct buf *out);
/* FROM=TO, both absolute paths; `\=` is an equals sign of FROM, `\\` a backslash. FROM= takes the
 * rule away. One part of the current step: inside a transaction, behind journal_step. */
bool map_rules_set(struct db *db, struct bytes rule, struct err *err);

#endif
