/* SPDX-License-Identifier: MIT */
#include "app/actions.h"

#include "keep/need_switches.h"
#include "util/text.h"

static const struct action_info infos[] = {[ACTION_NONE] = {0},
#define X(id, scope, name, keys, handler, help) [ACTION_##id] = {SCOPE_##scope, name, keys, help},
                                           ACTIONS(X)
#undef X
};

bool action_is_switch(enum action action, size_t *number)
{
    if (action < N_ACTIONS)
        return false;
    *number = (size_t)(action - N_ACTIONS);
    return true;
}

enum action actions_end(void)
{
    return (enum action)(N_ACTIONS + switches_count());
}

struct action_info action_info(enum action action)
{
    size_t number;
    if (!action_is_switch(action, &number))
        return infos[action];
    const struct reason *kind = switch_row(number);
    return (struct action_info){SCOPE_ALL, kind->command, "", kind->command_help};
}

enum argument action_argument(enum action action)
{
    static const enum argument arguments[N_ACTIONS] = {
#define X(id, argument, handler) [ACTION_##id] = ARGUMENT_##argument,
        ACTION_ARGUMENTS(X)
#undef X
    };
    return action < N_ACTIONS ? arguments[action] : ARGUMENT_NONE;
}

static const struct {
    const char *name;
    uint32_t key;
} names[] = {
    {"Up", KEY_UP_},         {"Down", KEY_DOWN_},
    {"Left", KEY_LEFT_},     {"Right", KEY_RIGHT_},
    {"PgUp", KEY_PAGE_UP_},  {"PgDn", KEY_PAGE_DOWN_},
    {"Home", KEY_HOME_},     {"End", KEY_END_},
    {"Tab", KEY_TAB_},       {"Enter", KEY_ENTER_},
    {"Esc", KEY_ESCAPE_},    {"Space", ' '},
    {"Delete", KEY_DELETE_}, {"Backspace", KEY_BACKSPACE_},
};
enum { N_NAMES = sizeof names / sizeof *names };

uint32_t key_of_byte(uint32_t byte)
{
    return byte == 127 || byte == 8 ? (uint32_t)KEY_BACKSPACE_
           : byte == '\n'           ? (uint32_t)KEY_ENTER_
                                    : byte;
}

uint32_t key_of_word(struct bytes word)
{
    for (size_t i = 0; i < N_NAMES; i++)
        if (bytes_equal(word, bytes_of(names[i].name)))
            return names[i].key;
    if (word.n == 3 && bytes_starts(word, bytes_of("C-")) && word.p[2] >= '@')
        return key_of_byte((uint32_t)word.p[2] & 0x1f);
    uint32_t rune = 0;
    return word.n && text_decode(word, &rune) == word.n ? rune : 0;
}

void key_word(uint32_t key, struct buf *out)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        if (names[i].key == key) {
            buf_add(out, bytes_of(names[i].name));
            return;
        }
    }
    if (key < ' ')
        buf_printf(out, "C-%c", (int)key + (key > 26 ? '@' : '`'));
    else
        text_encode(key, out);
}

struct bytes key_next_word(struct bytes *rest)
{
    struct bytes word = bytes_split(rest, ' ');
    return word;
}

enum action action_of_default(uint32_t key, enum scope focus)
{
    for (enum action action = 1; key && action < N_ACTIONS; action++) {
        if (infos[action].scope != SCOPE_ALL && infos[action].scope != focus)
            continue;
        struct bytes rest = bytes_of(infos[action].keys);
        for (struct bytes word; (word = key_next_word(&rest)).n;)
            if (key_of_word(word) == key)
                return action;
    }
    return ACTION_NONE;
}

enum action action_of_name(struct bytes name)
{
    enum action found = ACTION_NONE, end = actions_end();
    for (enum action action = 1; name.n && action < end; action++) {
        struct bytes full = bytes_of(action_info(action).name);
        if (bytes_equal(full, name))
            return action;
        if (bytes_starts(full, name))
            found = found ? end : action; /* a second match: ambiguous */
    }
    return found == end ? ACTION_NONE : found;
}
