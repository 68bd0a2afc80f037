/* SPDX-License-Identifier: MIT */
#include "app/bindings.h"

#include <string.h>

static bool share_a_place(enum action a, enum action b)
{
    enum scope one = action_info(a).scope, other = action_info(b).scope;
    return one == SCOPE_ALL || other == SCOPE_ALL || one == other;
}

void bindings_init(struct bindings *bindings)
{
    *bindings = (struct bindings){0};
    for (enum action action = 1; action < actions_end(); action++) {
        struct bytes rest = bytes_of(action_info(action).keys);
        for (struct bytes word; (word = key_next_word(&rest)).n;)
            bindings_bind(bindings, key_of_word(word), action);
    }
}

static void remove_binding(struct bindings *bindings, size_t at)
{
    memmove(&bindings->list[at], &bindings->list[at + 1],
            (bindings->n - at - 1) * sizeof *bindings->list);
    bindings->n--;
}

bool bindings_bind(struct bindings *bindings, uint32_t key, enum action action)
{
    for (size_t i = bindings->n; i-- > 0;)
        if (bindings->list[i].key == key && share_a_place(bindings->list[i].action, action))
            remove_binding(bindings, i);
    if (bindings->n == BINDINGS_MAX)
        return false;
    bindings->list[bindings->n++] = (struct binding){key, action};
    return true;
}

bool bindings_unbind(struct bindings *bindings, uint32_t key)
{
    size_t before = bindings->n;
    for (size_t i = bindings->n; i-- > 0;)
        if (bindings->list[i].key == key)
            remove_binding(bindings, i);
    return bindings->n < before;
}

enum action bindings_action(const struct bindings *bindings, uint32_t key, enum scope focus)
{
    for (size_t i = 0; i < bindings->n; i++) {
        enum scope scope = action_info(bindings->list[i].action).scope;
        if (bindings->list[i].key == key && (scope == SCOPE_ALL || scope == focus))
            return bindings->list[i].action;
    }
    return ACTION_NONE;
}

bool bindings_key(const struct bindings *bindings, enum action action, struct buf *out)
{
    for (size_t i = 0; i < bindings->n; i++)
        if (bindings->list[i].action == action)
            return key_word(bindings->list[i].key, out), true;
    return false;
}

void bindings_keys(const struct bindings *bindings, enum action action, struct buf *out)
{
    const char *gap = "";
    for (size_t i = 0; i < bindings->n; i++) {
        if (bindings->list[i].action != action)
            continue;
        buf_add(out, bytes_of(gap));
        key_word(bindings->list[i].key, out);
        gap = " ";
    }
}

/* Appends one part of a hint (keys and a text) with the keys as they are bound. Returns false if no
 * action of the part has a key. */
static bool translate(const struct bindings *bindings, struct bytes one, enum scope focus,
                      struct buf *out)
{
    struct bytes rest = one;
    bool any = false, known = false;
    for (struct bytes word, after = rest; (word = key_next_word(&after)).n; rest = after) {
        enum action action = action_of_default(key_of_word(word), focus);
        if (!action)
            break;
        known = true;
        if (bindings_action(bindings, key_of_word(word), focus) == action) {
            buf_add(out, word);
            any = true;
        } else if (bindings_key(bindings, action, out)) {
            any = true;
        } else {
            continue;
        }
        buf_byte(out, ' ');
    }
    buf_add(out, rest);
    return any || !known;
}

void bindings_hint(const struct bindings *bindings, struct bytes hint, enum scope focus,
                   struct buf *out)
{
    size_t begin = out->n;
    while (hint.n) {
        BUF_AUTO struct buf piece = {0};
        const char *gap = memmem(hint.p, hint.n, "  ", 2);
        struct bytes one = bytes_from(hint.p, gap ? (size_t)(gap - hint.p) : hint.n);
        hint = bytes_skip(hint, one.n + 2);
        if (!translate(bindings, one, focus, &piece))
            continue;
        if (out->n > begin)
            buf_add(out, bytes_of("  "));
        buf_add(out, buf_bytes(&piece));
    }
}
