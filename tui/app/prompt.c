/* SPDX-License-Identifier: MIT */
#include "app/prompt.h"

#include <string.h>

#include "util/text.h"

void prompt_set(struct prompt *prompt, struct bytes text)
{
    BUF_AUTO struct buf copy = {0}; /* text may be the prompt's own */
    buf_add(&copy, text);
    buf_clear(&prompt->text);
    buf_add(&prompt->text, buf_bytes(&copy));
    prompt->cursor = prompt->text.n;
}

void prompt_finish(struct prompt *prompt)
{
    buf_finish(&prompt->text);
    prompt->cursor = 0;
}

/* Bytes of the code point before, or behind, an offset; a byte that is no UTF-8 is one. */
static size_t length_before(const struct prompt *prompt, size_t at)
{
    for (size_t n = 1; n <= 4 && n <= at; n++) {
        uint32_t rune;
        if (text_decode(bytes_from(prompt->text.p + at - n, n), &rune) == n)
            return n;
    }
    return at ? 1 : 0;
}

static size_t length_behind(const struct prompt *prompt, size_t at)
{
    if (at >= prompt->text.n)
        return 0;
    uint32_t rune;
    size_t n = text_decode(bytes_skip(buf_bytes(&prompt->text), at), &rune);
    return n ? n : 1;
}

static void cut(struct prompt *prompt, size_t from, size_t to)
{
    memmove(prompt->text.p + from, prompt->text.p + to, prompt->text.n - to + 1);
    prompt->text.n -= to - from;
    prompt->cursor = from;
}

static size_t word_start(const struct prompt *prompt)
{
    size_t at = prompt->cursor;
    while (at && prompt->text.p[at - 1] == ' ')
        at--;
    while (at && prompt->text.p[at - 1] != ' ')
        at--;
    return at;
}

static void insert(struct prompt *prompt, uint32_t rune)
{
    BUF_AUTO struct buf tail = {0};
    buf_add(&tail, bytes_skip(buf_bytes(&prompt->text), prompt->cursor));
    prompt->text.n = prompt->cursor;
    text_encode(rune, &prompt->text);
    prompt->cursor = prompt->text.n;
    buf_add(&prompt->text, buf_bytes(&tail));
}

enum { CTRL_A = 1, CTRL_E = 5, CTRL_K = 11, CTRL_U = 21, CTRL_W = 23 };

static bool move_key(struct prompt *prompt, uint32_t key)
{
    switch (key) {
    case KEY_LEFT_:
        prompt->cursor -= length_before(prompt, prompt->cursor);
        return true;
    case KEY_RIGHT_:
        prompt->cursor += length_behind(prompt, prompt->cursor);
        return true;
    case KEY_HOME_:
    case CTRL_A:
        prompt->cursor = 0;
        return true;
    case KEY_END_:
    case CTRL_E:
        prompt->cursor = prompt->text.n;
        return true;
    default:
        return false;
    }
}

static bool cut_key(struct prompt *prompt, uint32_t key)
{
    size_t at = prompt->cursor;
    buf_reserve(&prompt->text, 0);
    switch (key) {
    case KEY_BACKSPACE_:
        cut(prompt, at - length_before(prompt, at), at);
        return true;
    case KEY_DELETE_:
        cut(prompt, at, at + length_behind(prompt, at));
        return true;
    case CTRL_U:
        cut(prompt, 0, at);
        return true;
    case CTRL_K:
        cut(prompt, at, prompt->text.n);
        return true;
    case CTRL_W:
        cut(prompt, word_start(prompt), at);
        return true;
    default:
        return false;
    }
}

bool prompt_key(struct prompt *prompt, uint32_t key, bool *changed)
{
    *changed = false;
    if (move_key(prompt, key))
        return true;
    size_t before = prompt->text.n;
    if (cut_key(prompt, key)) {
        *changed = prompt->text.n != before;
        return true;
    }
    if (key < ' ' || key >= KEY_UP_)
        return false;
    insert(prompt, key);
    return *changed = true;
}
