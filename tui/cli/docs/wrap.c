/* SPDX-License-Identifier: MIT */
#include "cli/docs/wrap.h"

/* Counts code points: each byte that does not continue a UTF-8 sequence. */
static size_t columns(struct bytes text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        n += (text.p[i] & 0xc0) != 0x80;
    return n;
}

/* Removes the next word, or group, from *rest. */
static struct bytes take_word(struct bytes *rest, enum wrap_mode mode)
{
    size_t n = 0;
    int depth = 0;
    bool quoted = false;
    for (; n < rest->n && (rest->p[n] != ' ' || depth > 0 || quoted); n++) {
        if (mode == WRAP_WORDS)
            continue;
        depth += (rest->p[n] == '[') - (rest->p[n] == ']');
        quoted ^= rest->p[n] == '\'';
    }
    struct bytes word = bytes_from(rest->p, n);
    *rest = bytes_skip(*rest, n + 1);
    return word;
}

static void new_line(size_t indent, struct buf *out)
{
    buf_byte(out, '\n');
    for (size_t i = 0; i < indent; i++)
        buf_byte(out, ' ');
}

/* Appends one line of text; column is the width of the line that it continues. */
static void wrap_line(struct bytes line, enum wrap_mode mode, size_t column, size_t indent,
                      size_t width, struct buf *out)
{
    for (bool first = true; line.n; first = false) {
        struct bytes word = take_word(&line, mode);
        size_t n = columns(word);
        if (!first && column + 1 + n > width) {
            new_line(indent, out);
            column = indent;
        } else if (!first) {
            buf_byte(out, ' ');
            column++;
        }
        buf_add(out, word);
        column += n;
    }
}

void wrap_text(struct bytes text, enum wrap_mode mode, size_t column, size_t indent, size_t width,
               struct buf *out)
{
    for (bool first = true; text.n; first = false) {
        struct bytes line = bytes_split(&text, '\n');
        if (!first)
            new_line(line.n ? indent : 0, out);
        wrap_line(line, mode, first ? column : indent, indent, width, out);
    }
}
