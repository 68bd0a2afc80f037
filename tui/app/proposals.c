/* SPDX-License-Identifier: MIT */
#include "app/proposals.h"

#include <stdlib.h>
#include <string.h>

#include "util/path.h"

enum {
    MAX_PROPOSALS = 48,
    MAX_STRINGS = 2,         /* strings per line; rename has two paths */
    MAX_EXTENSION_BYTES = 12 /* without the dot */
};

/* Appends a basic regular expression that matches exactly the text. */
static void escape(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        bool is_edge = (text.p[i] == '^' && i == 0) || (text.p[i] == '$' && i + 1 == text.n);
        if (memchr(".[\\*", text.p[i], 4) || is_edge)
            buf_byte(out, '\\');
        buf_byte(out, text.p[i]);
    }
}

static void add(struct proposals *out, struct bytes before, struct bytes text, struct bytes after)
{
    BUF_AUTO struct buf expr = {0};
    buf_add(&expr, before);
    escape(text, &expr);
    buf_add(&expr, after);
    for (size_t i = 0; i < out->n; i++)
        if (bytes_equal(buf_bytes(&out->list[i]), buf_bytes(&expr)))
            return;
    if (!expr.n || out->n == MAX_PROPOSALS || memchr(expr.p, '\n', expr.n))
        return; /* a newline would be two patterns */
    ARRAY_ROOM(out->list, out->n, out->cap);
    out->list[out->n++] = expr;
    expr = (struct buf){0};
}

static bool is_word(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!((text.p[i] >= '0' && text.p[i] <= '9') ||
              ((text.p[i] | 0x20) >= 'a' && (text.p[i] | 0x20) <= 'z')))
            return false;
    return text.n > 0;
}

/* Proposes ".so" for "libx.so.1.2"; otherwise the text from the last dot, if it looks like an
 * extension. */
static void propose_extension(struct bytes name, struct proposals *out)
{
    const char *so = name.n > 3 ? memmem(name.p + 1, name.n - 1, ".so", 3) : NULL;
    if (so && (so + 3 == name.p + name.n || so[3] == '.')) {
        add(out, bytes_of(""), bytes_of(".so"), bytes_of(""));
        return;
    }
    for (size_t i = name.n; i > 1; i--) {
        struct bytes extension = bytes_skip(name, i);
        if (name.p[i - 1] != '.')
            continue;
        if (extension.n <= MAX_EXTENSION_BYTES && is_word(extension))
            add(out, bytes_of(""), bytes_skip(name, i - 1), bytes_of(""));
        return;
    }
}

void propose_path(struct bytes path, struct proposals *out)
{
    struct bytes base = path_base(path), dir;
    propose_extension(base, out);
    /* a directory such as "/usr/share/doc/" already ends in a slash */
    for (dir = bytes_from(path.p, path.n - base.n); dir.n > 1;) {
        add(out, bytes_of(""), dir, bytes_of(""));
        dir.n--;
        dir.n -= path_base(dir).n;
    }
    for (dir = bytes_from(path.p, path.n - base.n); dir.n > 1;) {
        dir.n--;
        struct bytes name = path_base(dir);
        add(out, bytes_of(""), name, bytes_of(""));
        dir.n -= name.n;
    }
    add(out, bytes_of(""), base, bytes_of(""));
}

/* Returns the end of the string that begins at `at`: the position of its closing quote, or line.n.
 */
static size_t string_end(struct bytes line, size_t at)
{
    while (at < line.n && line.p[at] != '"')
        at += line.p[at] == '\\' ? 2 : 1;
    return at < line.n ? at : line.n;
}

/* Proposes "= -1" and "= -1 ENOENT" for a line whose result is a failure. */
static void propose_failure(struct bytes line, struct proposals *out)
{
    struct bytes rest = line;
    for (const char *at; (at = rest.n ? memmem(rest.p, rest.n, " = -1 E", 7) : NULL);)
        rest = bytes_skip(line, (size_t)(at + 1 - line.p));
    if (rest.n == line.n)
        return;
    add(out, bytes_of(""), bytes_of("= -1"), bytes_of(""));
    size_t n = 5;
    while (n < rest.n && is_word(bytes_from(rest.p + n, 1)))
        n++;
    add(out, bytes_of(""), bytes_from(rest.p, n), bytes_of(""));
}

/* Proposes "openat(": the word before the first parenthesis, with the parenthesis. */
static void propose_call(struct bytes line, struct proposals *out)
{
    size_t end = bytes_index(line, '('), from = end;
    while (from && (is_word(bytes_from(line.p + from - 1, 1)) || line.p[from - 1] == '_'))
        from--;
    if (end < line.n && from < end)
        add(out, bytes_of(""), bytes_from(line.p + from, end + 1 - from), bytes_of(""));
}

void propose_line(struct bytes line, struct proposals *out)
{
    propose_failure(line, out);
    size_t at = bytes_index(line, '"');
    for (int i = 0; i < MAX_STRINGS && at < line.n; i++) {
        size_t end = string_end(line, at + 1);
        struct bytes text = bytes_from(line.p + at + 1, end - at - 1);
        if (i == 0 || memchr(text.n ? text.p : "", '/', text.n))
            propose_path(text, out);
        struct bytes rest = bytes_skip(line, end + 1);
        at = end + 1 + bytes_index(rest, '"');
    }
    propose_call(line, out);
}

void proposals_finish(struct proposals *proposals)
{
    for (size_t i = 0; i < proposals->n; i++)
        buf_finish(&proposals->list[i]);
    free(proposals->list);
    *proposals = (struct proposals){0};
}
