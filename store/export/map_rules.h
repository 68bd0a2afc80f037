/* SPDX-License-Identifier: MIT
 *
 * Map rules: they move a path and everything below it to another place in the slim image
 * (`/inst=/usr/local/lib/app`).
 *
 * Not here: the resulting tree (mapped_tree.h).
 *
 *     struct map_rules *rules;
 *     if (!map_rules_read(db, &rules, err)) …
 *     map_rules_set(db, bytes_of("/inst=/opt"), err); // inside a step
 */
#ifndef XSMALL_EXPORT_MAP_RULES_H
#define XSMALL_EXPORT_MAP_RULES_H

#include "db/db.h"
#include "util/arena.h"

struct map_rules {
    struct map_rule {
        struct bytes from, to; /* absolute, no trailing slash */
    } * items;                 /* in C order of from */
    size_t n;
    struct arena arena;
};

bool map_rules_read(struct db *db, struct map_rules **out,
                    struct err *err);            /* caller frees: map_rules_destroy */
void map_rules_destroy(struct map_rules *rules); /* NULL is allowed */
#define MAP_RULES_AUTO __attribute__((cleanup(map_rules_destroy_at)))
void map_rules_destroy_at(struct map_rules **rules);
/* Appends a rule in the syntax of map_rules_set. */
void map_rules_print(struct bytes from, struct bytes to, struct buf *out);
/* Sets a rule FROM=TO, both absolute paths; in FROM `\=` is an equals sign, `\\` a backslash. FROM=
 * removes the rule. Part of the current step: call it inside a transaction, after journal_step. */
bool map_rules_set(struct db *db, struct bytes rule, struct err *err);

#endif
