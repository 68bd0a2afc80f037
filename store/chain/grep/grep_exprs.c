/* SPDX-License-Identifier: MIT */
#include "chain/grep/grep_exprs.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"

/* Fills the list with the lines of its text. */
static void index_lines(struct exprs *exprs)
{
    struct bytes rest = buf_bytes(&exprs->text);
    size_t cap = 0;
    for (;;) {
        size_t n = bytes_index(rest, '\n');
        ARRAY_ROOM(exprs->lines, exprs->n, cap);
        exprs->lines[exprs->n++] = bytes_from(rest.p, n);
        if (n == rest.n)
            break;
        rest = bytes_skip(rest, n + 1);
    }
}

void exprs_split(const struct stage_spec *spec, struct exprs *out)
{
    *out = (struct exprs){0};
    struct map seen = {0};
    bool any = false;
    for (size_t i = 0; i < spec->n_exprs; i++) {
        struct bytes rest = buf_bytes(&spec->exprs[i]);
        for (bool more = true; more;) {
            size_t n = bytes_index(rest, '\n');
            more = n < rest.n;
            bool is_new;
            map_at(&seen, bytes_from(rest.p, n), &is_new);
            if (is_new && any)
                buf_byte(&out->text, '\n');
            if (is_new)
                buf_add(&out->text, bytes_from(rest.p, n));
            any = true;
            rest = bytes_skip(rest, n + 1);
        }
    }
    map_finish(&seen);
    if (any)
        index_lines(out);
}

/* Moves one character, escaped or not, from *rest to out. Returns false if it is an operator. */
static bool take_fixed(struct bytes *rest, enum grep_syntax syntax, struct buf *out)
{
    char c = rest->p[0];
    if (strchr("$*.[^", c) && c)
        return false;
    if (strchr("(+?{|", c) && c && syntax == GREP_EXTENDED)
        return false;
    if (c == '\\' && rest->n > 1) {
        *rest = bytes_skip(*rest, 1);
        c = rest->p[0];
        if (strchr("\nBSW'<bsw`>123456789", c) && c)
            return false;
        if (strchr("(+?{|)", c) && c && syntax == GREP_BASIC)
            return false;
    }
    buf_byte(out, c);
    *rest = bytes_skip(*rest, 1);
    return true;
}

bool exprs_as_fixed(const struct exprs *exprs, enum grep_syntax syntax, struct exprs *out)
{
    *out = (struct exprs){0};
    if (exprs->n < 2 || (syntax != GREP_BASIC && syntax != GREP_EXTENDED))
        return false;
    struct bytes rest = buf_bytes(&exprs->text);
    while (rest.n) {
        if (!take_fixed(&rest, syntax, &out->text)) {
            exprs_finish(out);
            return false;
        }
    }
    index_lines(out);
    return true;
}

void exprs_escape(const struct exprs *exprs, struct exprs *out)
{
    *out = (struct exprs){0};
    for (size_t i = 0; i < exprs->text.n; i++) {
        char c = exprs->text.p[i];
        if (c && strchr("$*.[\\^", c))
            buf_byte(&out->text, '\\');
        buf_byte(&out->text, c);
    }
    index_lines(out);
}

void exprs_finish(struct exprs *exprs)
{
    free(exprs->lines);
    buf_finish(&exprs->text);
    *exprs = (struct exprs){0};
}
