/* SPDX-License-Identifier: MIT
 *
 * Each kind of prefix is removed by its own function. The wrapping of a log is the sequence of
 * kinds after whose removal most of its first lines are lines of strace.
 */
#include "trace/strace/line_wrap.h"

#include <string.h>

#include "trace/strace/line.h"

enum { LOOK_LINES = 200 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Returns the length of the longest prefix of text that fits a pattern: '0' is a digit, 'A' a
 * letter, ' ' a space; any other character itself. 0: text does not begin with it. */
static size_t fits(struct bytes text, const char *pattern)
{
    size_t n = strlen(pattern);
    if (text.n < n)
        return 0;
    for (size_t i = 0; i < n; i++) {
        char c = text.p[i], lower = (char)(c | 0x20);
        bool fit = pattern[i] == '0'   ? is_digit(c)
                   : pattern[i] == 'A' ? lower >= 'a' && lower <= 'z'
                                       : c == pattern[i];
        if (!fit)
            return 0;
    }
    return n;
}

/* Removes a time as of RFC 3339: 2026-01-02T03:04:05.123456789Z, or with +01:00 or +0100. */
static bool take_rfc3339(struct bytes *text)
{
    size_t n = fits(*text, "0000-00-00T00:00:00");
    if (!n)
        return false;
    while (n < text->n && (is_digit(text->p[n]) || text->p[n] == '.' || text->p[n] == ','))
        n++;
    if (n < text->n && text->p[n] == 'Z')
        n++;
    else if (n < text->n && (text->p[n] == '+' || text->p[n] == '-'))
        for (n++; n < text->n && (is_digit(text->p[n]) || text->p[n] == ':');)
            n++;
    if (n >= text->n || text->p[n] != ' ')
        return false;
    *text = bytes_skip(*text, n + 1);
    return true;
}

/* docker logs -t, kubectl logs --timestamps; with CRI also `stdout F `. */
static bool take_container(struct bytes *text)
{
    static const char *const streams[] = {"stdout F ", "stderr F "};
    if (!take_rfc3339(text))
        return false;
    for (size_t i = 0; i < 2; i++)
        if (bytes_starts(*text, bytes_of(streams[i])))
            *text = bytes_skip(*text, strlen(streams[i]));
    return true;
}

/* docker compose logs: `web-1  | `; kubectl logs --prefix: `[pod/web/app] `. */
static bool take_service(struct bytes *text)
{
    size_t n = 0;
    if (bytes_starts(*text, bytes_of("[pod/"))) {
        n = bytes_index(*text, ']');
        if (n + 1 >= text->n || text->p[n + 1] != ' ')
            return false;
        *text = bytes_skip(*text, n + 2);
        return true;
    }
    while (n < text->n &&
           (fits(bytes_skip(*text, n), "A") || is_digit(text->p[n]) || strchr("_.-", text->p[n])))
        n++;
    if (!n)
        return false;
    while (n < text->n && text->p[n] == ' ')
        n++;
    if (n + 1 >= text->n || text->p[n] != '|' || text->p[n + 1] != ' ')
        return false;
    *text = bytes_skip(*text, n + 2);
    return true;
}

/* journalctl and syslog: `Jan 02 03:04:05 host app[123]: `, also with an RFC 3339 time. */
static bool take_journal(struct bytes *text)
{
    struct bytes rest = *text;
    size_t n = fits(rest, "AAA 00 00:00:00 ");
    n = n ? n : fits(rest, "AAA  0 00:00:00 ");
    if (n)
        rest = bytes_skip(rest, n);
    else if (!take_rfc3339(&rest))
        return false;
    size_t host = bytes_index(rest, ' ');
    rest = bytes_skip(rest, host < rest.n ? host + 1 : rest.n);
    size_t colon = bytes_index(rest, ':');
    if (colon + 1 >= rest.n || bytes_index(rest, ' ') != colon + 1)
        return false;
    *text = bytes_skip(rest, colon + 2);
    return true;
}

/* Mail: `> `, `>> `. */
static bool take_quote(struct bytes *text)
{
    size_t n = 0;
    while (n < text->n && text->p[n] == '>')
        n++;
    if (!n)
        return false;
    *text = bytes_skip(*text, n + (n < text->n && text->p[n] == ' '));
    return true;
}

/* grep -n: `12:`. A time of strace -t is 03:04:05 and a space or a point. */
static bool take_number(struct bytes *text)
{
    size_t n = 0;
    while (n < text->n && is_digit(text->p[n]))
        n++;
    if (!n || n >= text->n || text->p[n] != ':' || fits(*text, "00:00:00 ") ||
        fits(*text, "00:00:00."))
        return false;
    *text = bytes_skip(*text, n + 1);
    return true;
}

/* grep -H: `dir/log.12:`. */
static bool take_file(struct bytes *text)
{
    size_t n = 0;
    bool named = false;
    while (n < text->n && !strchr(" :\"'()<>=,[]{}", text->p[n])) {
        named = named || !is_digit(text->p[n]);
        n++;
    }
    if (!named || n >= text->n || text->p[n] != ':')
        return false;
    *text = bytes_skip(*text, n + 1);
    return true;
}

/* HTML is found by its entities and spans, and removed by unescape_html. */
static bool take_html(struct bytes *text)
{
    static const char *const signs[] = {"&lt;", "&quot;", "&#34;", "&gt;", "<span", "</span>"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (text->n && memmem(text->p, text->n, signs[i], strlen(signs[i])))
            return true;
    return false;
}

static bool (*const takers[])(struct bytes *text) = {
    take_journal, take_container, take_service, take_quote, take_number, take_file, take_html};
enum { N_TAKERS = sizeof takers / sizeof *takers, TAKE_FILE = N_TAKERS - 2, TAKE_HTML };

/* Appends the text without tags, with entities replaced. Other tags than those that markup of code
 * uses stay, because `<unfinished ...>` and annotations are no tags. */
static void unescape_html(struct bytes text, struct buf *out)
{
    static const struct {
        const char *entity, *text;
    } entities[] = {{"&lt;", "<"},   {"&gt;", ">"},  {"&quot;", "\""}, {"&#34;", "\""},
                    {"&apos;", "'"}, {"&#39;", "'"}, {"&nbsp;", " "},  {"&amp;", "&"}};
    static const char *const tags[] = {"<span", "</span", "<pre", "</pre",
                                       "<code", "</code", "<br"};
    while (text.n) {
        size_t skipped = 0;
        for (size_t i = 0; !skipped && i < sizeof entities / sizeof *entities; i++)
            if (bytes_starts(text, bytes_of(entities[i].entity))) {
                buf_add(out, bytes_of(entities[i].text));
                skipped = strlen(entities[i].entity);
            }
        for (size_t i = 0; !skipped && i < sizeof tags / sizeof *tags; i++)
            if (bytes_starts(text, bytes_of(tags[i])))
                skipped = bytes_index(text, '>') + 1;
        if (!skipped)
            buf_byte(out, text.p[0]);
        text = bytes_skip(text, skipped ? skipped : 1);
    }
}

/* Returns the pid at the end of the file name before `file:`. */
static int32_t pid_of_file(struct bytes name)
{
    int64_t pid = 0;
    name.n = bytes_index(name, ':');
    struct bytes suffix = bytes_skip(name, bytes_rindex(name, '.') + 1);
    bool is_pid = suffix.n && suffix.n < name.n && suffix.n <= 7 && suffix.p[0] != '0';
    for (size_t i = 0; is_pid && i < suffix.n; i++) {
        is_pid = is_digit(suffix.p[i]);
        pid = pid * 10 + (suffix.p[i] - '0');
    }
    return is_pid && pid <= LINE_PID_MAX ? (int32_t)pid : 0;
}

struct bytes line_unwrap(const struct line_wrap *wrap, struct bytes text, struct buf *scratch,
                         int32_t *pid)
{
    struct bytes rest = text;
    *pid = 0;
    for (size_t i = 0; i < wrap->n; i++) {
        struct bytes before = rest;
        if (!takers[wrap->kinds[i]](&rest)) {
            if (wrap->kinds[i] == TAKE_HTML)
                continue; /* a line without entities */
            *pid = 0;
            return text;
        }
        if (wrap->kinds[i] == TAKE_FILE)
            *pid = pid_of_file(before);
        if (wrap->kinds[i] == TAKE_HTML) {
            buf_clear(scratch);
            unescape_html(before, scratch);
            rest = buf_bytes(scratch);
        }
    }
    return rest;
}

bool line_is_strace(struct bytes text)
{
    struct line line;
    struct line_call parts;
    line_read(text, &line);
    switch (line.kind) {
    case LINE_CALL:
        line_split(line.rest, &parts);
        return parts.closed && parts.answered;
    case LINE_UNFINISHED:
    case LINE_RESUMED:
    case LINE_MOVED:
    case LINE_ENDED:
    case LINE_SIGNAL:
    case LINE_SUPERSEDED:
        return true;
    default:
        return false;
    }
}

/* Returns true for a line of strace itself. A line with the number of grep -n, or with HTML in its
 * strings, can be read as one, but wrongly. */
static bool is_bare(struct bytes text)
{
    struct bytes rest = text;
    return !take_number(&rest) && !take_html(&rest) && line_is_strace(text);
}

/* Finds the wrapping of one line; n 0: none leads to a line of strace. */
static void find_one(struct bytes text, struct buf *scratch, struct line_wrap *out)
{
    int32_t pid;
    *out = (struct line_wrap){0};
    for (struct bytes rest = text; out->n < LINE_WRAP_MAX;) {
        size_t kind = 0;
        while (kind < N_TAKERS && !takers[kind](&rest))
            kind++;
        if (kind == N_TAKERS)
            break;
        out->kinds[out->n++] = (uint8_t)kind;
        if (is_bare(line_unwrap(out, text, scratch, &pid)))
            return;
        if (kind == TAKE_HTML)
            break;
    }
    out->n = 0;
}

void line_wrap_find(struct bytes start, struct line_wrap *out)
{
    BUF_AUTO struct buf scratch = {0};
    BUF_AUTO struct buf plain = {0};
    size_t n_bare = 0, n_wrapped = 0;
    int32_t pid;
    *out = (struct line_wrap){0};
    for (size_t i = 0; start.n && i < LOOK_LINES; i++) {
        struct bytes text = line_plain(bytes_split(&start, '\n'), &plain);
        if (is_bare(text)) {
            n_bare++;
            if (!out->n && n_bare > 1)
                return; /* the usual case */
        } else if (!out->n) {
            find_one(text, &scratch, out);
            n_wrapped += out->n > 0;
        } else {
            n_wrapped += is_bare(line_unwrap(out, text, &scratch, &pid));
        }
    }
    if (n_wrapped <= n_bare)
        out->n = 0;
}
