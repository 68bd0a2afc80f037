/* SPDX-License-Identifier: MIT */
#include "app/line_edit.h"

#include <string.h>

#include "util/text.h"

void line_edit_set(struct line_edit *line, struct bytes text)
{
    BUF_AUTO struct buf copy = {0}; /* text may point into line->text */
    buf_add(&copy, text);
    buf_clear(&line->text);
    buf_add(&line->text, buf_bytes(&copy));
    line->cursor = line->text.n;
}

void line_edit_finish(struct line_edit *line)
{
    buf_finish(&line->text);
    line->cursor = 0;
}

/* Returns the length in bytes of the code point before an offset; an invalid byte has length 1. */
static size_t length_before(const struct line_edit *line, size_t at)
{
    for (size_t n = 1; n <= 4 && n <= at; n++) {
        uint32_t rune;
        if (text_decode(bytes_from(line->text.p + at - n, n), &rune) == n)
            return n;
    }
    return at ? 1 : 0;
}

static size_t length_after(const struct line_edit *line, size_t at)
{
    if (at >= line->text.n)
        return 0;
    uint32_t rune;
    size_t n = text_decode(bytes_skip(buf_bytes(&line->text), at), &rune);
    return n ? n : 1;
}

static void cut(struct line_edit *line, size_t from, size_t to)
{
    memmove(line->text.p + from, line->text.p + to, line->text.n - to + 1);
    line->text.n -= to - from;
    line->cursor = from;
}

static size_t word_start(const struct line_edit *line)
{
    size_t at = line->cursor;
    while (at && line->text.p[at - 1] == ' ')
        at--;
    while (at && line->text.p[at - 1] != ' ')
        at--;
    return at;
}

static void insert(struct line_edit *line, uint32_t rune)
{
    BUF_AUTO struct buf tail = {0};
    buf_add(&tail, bytes_skip(buf_bytes(&line->text), line->cursor));
    line->text.n = line->cursor;
    text_encode(rune, &line->text);
    line->cursor = line->text.n;
    buf_add(&line->text, buf_bytes(&tail));
}

enum { CTRL_A = 1, CTRL_E = 5, CTRL_K = 11, CTRL_U = 21, CTRL_W = 23 };

static bool move_key(struct line_edit *line, uint32_t key)
{
    switch (key) {
    case KEY_LEFT_:
        line->cursor -= length_before(line, line->cursor);
        return true;
    case KEY_RIGHT_:
        line->cursor += length_after(line, line->cursor);
        return true;
    case KEY_HOME_:
    case CTRL_A:
        line->cursor = 0;
        return true;
    case KEY_END_:
    case CTRL_E:
        line->cursor = line->text.n;
        return true;
    default:
        return false;
    }
}

static bool cut_key(struct line_edit *line, uint32_t key)
{
    size_t at = line->cursor;
    buf_reserve(&line->text, 0);
    switch (key) {
    case KEY_BACKSPACE_:
        cut(line, at - length_before(line, at), at);
        return true;
    case KEY_DELETE_:
        cut(line, at, at + length_after(line, at));
        return true;
    case CTRL_U:
        cut(line, 0, at);
        return true;
    case CTRL_K:
        cut(line, at, line->text.n);
        return true;
    case CTRL_W:
        cut(line, word_start(line), at);
        return true;
    default:
        return false;
    }
}

bool line_edit_key(struct line_edit *line, uint32_t key, bool *changed)
{
    *changed = false;
    if (move_key(line, key))
        return true;
    size_t before = line->text.n;
    if (cut_key(line, key)) {
        *changed = line->text.n != before;
        return true;
    }
    if (key < ' ' || key >= KEY_UP_)
        return false;
    insert(line, key);
    return *changed = true;
}
