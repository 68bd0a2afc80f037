/* SPDX-License-Identifier: MIT */
#include "chain/grep/bracket_expr.h"

#include <string.h>

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static int to_upper(int c)
{
    return c >= 'a' && c <= 'z' ? c - 0x20 : c;
}

void byteset_add(struct byteset *set, unsigned char c)
{
    set->words[c / 64] |= (uint64_t)1 << c % 64;
}

void byteset_add_fold(struct byteset *set, unsigned char c)
{
    byteset_add(set, c);
    if (is_letter(c))
        byteset_add(set, c ^ 0x20);
}

bool byteset_has(const struct byteset *set, unsigned char c)
{
    return set->words[c / 64] >> c % 64 & 1;
}

void byteset_invert(struct byteset *set)
{
    for (int i = 0; i < 4; i++)
        set->words[i] = ~set->words[i];
}

bool byteset_is_word(unsigned char c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

/* The classes of the C locale (POSIX, 7.3.1) as ranges: pairs of first and last byte. */
static const struct class_row {
    const char *name, *ranges;
} classes[] = {
    {"alpha", "AZaz"},
    {"upper", "AZ"},
    {"lower", "az"},
    {"digit", "09"},
    {"xdigit", "09AFaf"},
    {"space", "\t\r  "},
    {"punct", "!/:@[`{~"},
    {"alnum", "09AZaz"},
    {"print", " ~"},
    {"graph", "!~"},
    {"cntrl", "\1\37\177\177"},
    {"blank", "\t\t  "},
};

bool byteset_add_class(struct byteset *set, struct bytes name)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (!bytes_equal(name, bytes_of(classes[i].name)))
            continue;
        for (const char *range = classes[i].ranges; *range; range += 2)
            for (int c = (unsigned char)range[0]; c <= (unsigned char)range[1]; c++)
                byteset_add(set, (unsigned char)c);
        if (bytes_equal(name, bytes_of("cntrl")))
            byteset_add(set, 0); /* NUL, which the C string above cannot contain */
        return true;
    }
    return false;
}

static void print_byte(unsigned char c, struct buf *out)
{
    if (is_letter(c) || is_digit(c))
        buf_byte(out, (char)c);
    else
        buf_printf(out, "\\x%02x", c);
}

void byteset_print(const struct byteset *set, struct buf *out)
{
    struct byteset wanted = *set;
    wanted.words[0] &= ~((uint64_t)1 << '\n');
    size_t n = 0;
    for (int c = 0; c < 256; c++)
        n += byteset_has(&wanted, (unsigned char)c);
    if (n == 0) {
        buf_add(out, bytes_of("(?!)"));
        return;
    }
    if (n == 255) {
        buf_byte(out, '.');
        return;
    }
    if (n > 1)
        buf_byte(out, '[');
    for (int c = 0; c < 256; c++) {
        int last = c;
        if (!byteset_has(&wanted, (unsigned char)c))
            continue;
        while (last < 255 && byteset_has(&wanted, (unsigned char)(last + 1)))
            last++;
        print_byte((unsigned char)c, out);
        if (last > c + 1)
            buf_byte(out, '-');
        if (last > c)
            print_byte((unsigned char)last, out);
        c = last;
    }
    if (n > 1)
        buf_byte(out, ']');
}

/* The syntax seen in a bracket expression, to distinguish [:space:] from [[:space:]]. */
enum { COLON_FIRST = 1, COLON_LAST = 2, COLON_OTHER = 4, COLON_NEVER = 8 };

struct bracket_reader {
    struct bytes rest;
    struct byteset *set;
    bool fold, unknown;
    bool is_first; /* no member was read yet */
    int colons;
};

static bool next_byte(struct bracket_reader *in, int *c, struct err *err)
{
    *c = 0;
    if (!in->rest.n)
        return err_set(err, "Unmatched [, [^, [:, [., or [=");
    *c = (unsigned char)in->rest.p[0];
    in->rest = bytes_skip(in->rest, 1);
    return true;
}

/* Reads the rest of [:name:], [.x.] or [=x=] after the character of the kind. */
static bool read_named(struct bracket_reader *in, int kind, struct err *err)
{
    struct bytes name = {in->rest.p, 0};
    int c = 0;
    for (;; name.n++) {
        if (!next_byte(in, &c, err))
            return false;
        if (!in->rest.n || (c == kind && in->rest.p[0] == ']'))
            break;
    }
    in->colons |= COLON_NEVER;
    if (!next_byte(in, &c, err)) /* the ] */
        return false;
    if (kind != ':') {
        in->unknown = true;
        return true;
    }
    if (in->fold && (bytes_equal(name, bytes_of("upper")) || bytes_equal(name, bytes_of("lower"))))
        name = bytes_of("alpha");
    return byteset_add_class(in->set, name) || err_set(err, "Invalid character class name");
}

static bool refuse_range(struct err *err)
{
    return err_set(err, "Invalid range end");
}

static void add_range(struct bracket_reader *in, int first, int last)
{
    for (int c = first; c <= last; c++) {
        if (in->fold)
            byteset_add_fold(in->set, (unsigned char)c);
        else
            byteset_add(in->set, (unsigned char)c);
    }
}

/* Reads the end of a range that begins with c; the dash is already read. */
static bool read_range(struct bracket_reader *in, int c, int *next, struct err *err)
{
    int last;
    if (!next_byte(in, &last, err))
        return false;
    in->colons |= COLON_NEVER;
    if (last == '[' && in->rest.n && strchr(".=:", in->rest.p[0]) && in->rest.p[0]) {
        int kind;
        if (in->rest.p[0] != '.')
            return refuse_range(err);
        in->unknown = true; /* glibc's compiler checks it */
        return next_byte(in, &kind, err) && read_named(in, kind, err) && next_byte(in, next, err);
    }
    if (in->fold ? to_upper(c) > to_upper(last) : c > last) /* the order that glibc uses */
        return refuse_range(err);
    add_range(in, c, last);
    if (c == last)
        in->colons |= c == ':' ? COLON_LAST : COLON_OTHER;
    return next_byte(in, next, err);
}

/* Reads one member that begins with c; *next receives the byte after it. */
static bool read_member(struct bracket_reader *in, int c, int *next, struct err *err)
{
    bool is_first = in->is_first;
    in->is_first = false;
    if (!next_byte(in, next, err))
        return false;
    if (c == '[' && (*next == ':' || *next == '.' || *next == '=')) {
        int kind = *next;
        if (!read_named(in, kind, err) || !next_byte(in, next, err))
            return false;
        bool is_range = *next == '-' && in->rest.n && in->rest.p[0] != ']';
        if (is_range && kind == '.') /* [[.a.]-z] */
            return next_byte(in, next, err) && read_member(in, *next, next, err);
        return !is_range || refuse_range(err);
    }
    if (c == '-' && !is_first && *next != ']')
        return refuse_range(err);
    if (*next == '-' && in->rest.n && in->rest.p[0] != ']')
        return read_range(in, c, next, err);
    in->colons |= c == ':' ? COLON_LAST : COLON_OTHER;
    add_range(in, c, c);
    return true;
}

bool byteset_read_bracket(struct bytes *rest, bool fold, struct byteset *set, enum bracket *what,
                          struct err *err)
{
    struct bracket_reader in = {.rest = *rest, .set = set, .fold = fold, .is_first = true};
    *set = (struct byteset){0};
    int c = 0;
    bool any = next_byte(&in, &c, err), invert = any && c == '^';
    if (!any || (invert && !next_byte(&in, &c, err)))
        return err_set(err, "Invalid regular expression");
    in.colons = c == ':' ? COLON_FIRST : 0;
    do {
        int next;
        in.colons &= ~COLON_LAST;
        if (!read_member(&in, c, &next, err))
            return false;
        c = next;
    } while (c != ']');
    if (in.colons == (COLON_FIRST | COLON_LAST | COLON_OTHER))
        return err_set(err, "character class syntax is [[:space:]], not [:space:]");
    if (invert)
        byteset_invert(set);
    *what = in.unknown ? BRACKET_UNKNOWN : BRACKET_SET;
    *rest = in.rest;
    return true;
}
