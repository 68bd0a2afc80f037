/* SPDX-License-Identifier: MIT */
#include "export/map_rules.h"

#include <stdlib.h>

#include "db/journal.h"
#include "util/path.h"
#include "util/text.h"

static const char READ_RULES[] = "SELECT source, target FROM map ORDER BY source";

bool map_rules_read(struct db *db, struct map_rules **out, struct err *err)
{
    struct stmt *q = db_query(db, READ_RULES, err);
    if (!q)
        return false;
    struct map_rules *rules = mem_zero(1, sizeof *rules);
    size_t cap = 0;
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        ARRAY_ROOM(rules->items, rules->n, cap);
        rules->items[rules->n++] =
            (struct map_rule){.from = arena_copy(&rules->arena, stmt_bytes(q, 0)),
                              .to = arena_copy(&rules->arena, stmt_bytes(q, 1))};
    }
    if (step == STEP_ERR) {
        map_rules_destroy(rules);
        return false;
    }
    *out = rules;
    return true;
}

void map_rules_destroy(struct map_rules *rules)
{
    if (!rules)
        return;
    free(rules->items);
    arena_finish(&rules->arena);
    free(rules);
}

void map_rules_destroy_at(struct map_rules **rules)
{
    map_rules_destroy(*rules);
}

void map_rules_print(struct bytes from, struct bytes to, struct buf *out)
{
    for (size_t i = 0; i < from.n; i++) {
        if (from.p[i] == '=' || from.p[i] == '\\')
            buf_byte(out, '\\');
        buf_byte(out, from.p[i]);
    }
    buf_byte(out, '=');
    buf_add(out, to);
}

/* Splits at the first unescaped equals sign. Returns the part after it; p NULL: no equals sign. */
static struct bytes split(struct bytes rule, struct buf *from)
{
    for (size_t i = 0; i < rule.n; i++) {
        if (rule.p[i] == '=')
            return bytes_skip(rule, i + 1);
        if (rule.p[i] == '\\' && i + 1 < rule.n && (rule.p[i + 1] == '=' || rule.p[i + 1] == '\\'))
            i++;
        buf_byte(from, rule.p[i]);
    }
    return bytes_from(NULL, 0);
}

static bool reject(struct bytes rule, const char *why, struct err *err)
{
    BUF_AUTO struct buf shown = {0};
    text_escape(rule, TEXT_PASS_NONE, &shown);
    return err_set(err, "map rule \"%s\": %s", buf_str(&shown), why);
}

bool map_rules_set(struct db *db, struct bytes rule, struct err *err)
{
    BUF_AUTO struct buf left = {0}, from = {0}, to = {0};
    struct bytes target = split(rule, &left);
    if (!target.p)
        return reject(rule, "expected FROM=TO, or FROM= to remove a rule", err);
    if (!left.n || left.p[0] != '/' || (target.n && target.p[0] != '/'))
        return reject(rule, "FROM and TO must be absolute paths", err);
    if (memchr(rule.p, '\0', rule.n))
        return reject(rule, "a path cannot contain a NUL byte", err);
    path_absolute(bytes_of("/"), buf_bytes(&left), &from);
    if (from.n == 1)
        return reject(rule, "/ cannot be moved; name a path below it", err);
    if (!target.n)
        return journal_set(db, EDIT_MAP, buf_bytes(&from), bytes_from(NULL, 0), err);
    path_absolute(bytes_of("/"), target, &to);
    return journal_set(db, EDIT_MAP, buf_bytes(&from), buf_bytes(&to), err);
}
