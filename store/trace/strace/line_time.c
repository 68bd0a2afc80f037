/* SPDX-License-Identifier: MIT */
#include "trace/strace/line_time.h"

enum { NS_DIGITS = 9, EPOCH_MIN = 100000000 /* seconds: 1973; less is a time of -r */ };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Removes at most `most` digits; returns their number. */
static size_t take_digits(struct bytes *b, size_t most, int64_t *value)
{
    size_t n = 0;
    *value = 0;
    for (; n < most && n < b->n && is_digit(b->p[n]); n++)
        *value = *value * 10 + (b->p[n] - '0');
    *b = bytes_skip(*b, n);
    return n;
}

/* Removes `.` and up to nine digits. */
static int64_t take_fraction(struct bytes *b)
{
    int64_t ns = 0;
    if (!b->n || b->p[0] != '.')
        return 0;
    *b = bytes_skip(*b, 1);
    for (size_t n = take_digits(b, NS_DIGITS, &ns); n < NS_DIGITS; n++)
        ns *= 10;
    return ns;
}

/* Removes `:` and two digits. */
static bool take_sixty(struct bytes *b, int64_t *value)
{
    if (!b->n || b->p[0] != ':')
        return false;
    *b = bytes_skip(*b, 1);
    return take_digits(b, 2, value) == 2 && *value <= 60;
}

enum line_time line_time(struct bytes text, int64_t *ns)
{
    enum { NS = 1000000000, MOST_DIGITS = 11 };
    int64_t first, minutes, seconds;
    if (text.n && text.p[0] == '[') /* the context of --secontext */
        text = bytes_skip(text, bytes_index(text, ']') + 1);
    while (text.n && text.p[0] == ' ')
        text = bytes_skip(text, 1);
    size_t n = take_digits(&text, MOST_DIGITS, &first);
    if (n == 2 && take_sixty(&text, &minutes) && take_sixty(&text, &seconds)) {
        *ns = ((first * 60 + minutes) * 60 + seconds) * NS + take_fraction(&text);
        return text.n && text.p[0] == ' ' ? LINE_TIME_DAY : LINE_TIME_NONE;
    }
    if (!n || first < EPOCH_MIN || first > INT64_MAX / NS - 1)
        return LINE_TIME_NONE;
    *ns = first * NS + take_fraction(&text);
    return text.n && text.p[0] == ' ' ? LINE_TIME_EPOCH : LINE_TIME_NONE;
}
