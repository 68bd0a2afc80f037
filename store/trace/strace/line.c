/* SPDX-License-Identifier: MIT
 *
 * Parses the beginning of a line and finds its kind. strace prints these parts in this order, each
 * only with its option:
 *
 *     [pid  12] [context] 12:00:01.000002 (+     0.000038) [ 257] [00007f3dc82bfb1d] body
 *
 * The first byte of a part decides which part it is. A number alone is a pid if it can be a pid and
 * no pid came before it, else a time.
 */
#include "trace/strace/line.h"

#include <string.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || c == '_' || is_digit(c) || (c >= 'A' && c <= 'Z');
}

static struct bytes skip_spaces(struct bytes b)
{
    size_t n = 0;
    while (n < b.n && b.p[n] == ' ')
        n++;
    return bytes_skip(b, n);
}

static bool starts(struct bytes b, const char *z)
{
    return bytes_starts(b, bytes_of(z));
}

static bool ends(struct bytes b, const char *z)
{
    return bytes_ends(b, bytes_of(z));
}

/* Removes decimal digits; returns false if there are none. A number that is too large becomes
 * INT64_MAX. */
static bool take_number(struct bytes *b, int64_t *value)
{
    size_t n = 0;
    *value = 0;
    for (; n < b->n && is_digit(b->p[n]); n++)
        *value = *value > INT64_MAX / 10 - 1 ? INT64_MAX : *value * 10 + (b->p[n] - '0');
    *b = bytes_skip(*b, n);
    return n > 0;
}

/* Removes "PID" and its suffixes: <comm>, and the pid in strace's own pid namespace. */
static bool take_pid(struct bytes *b, int32_t *pid)
{
    struct bytes rest = *b;
    int64_t value;
    if (!take_number(&rest, &value) || value < 1 || value > LINE_PID_MAX)
        return false;
    if (rest.n && rest.p[0] == '<') {
        size_t close = bytes_index(rest, '>');
        if (close == rest.n)
            return false;
        rest = bytes_skip(rest, close + 1);
    }
    struct bytes comment = skip_spaces(rest);
    if (starts(comment, "/* ")) {
        int64_t own;
        comment = bytes_skip(comment, 3);
        if (take_number(&comment, &own) && own >= 1 && own <= LINE_PID_MAX &&
            starts(comment, " in strace's PID NS */")) {
            value = own;
            rest = bytes_skip(comment, strlen(" in strace's PID NS */"));
        }
    }
    *pid = (int32_t)value;
    *b = rest;
    return true;
}

/* Removes one bracketed part: [pid N], [context], [number], [instruction pointer]. */
static bool take_bracket(struct bytes *b, struct line *line, bool is_first)
{
    if (starts(*b, "[pid ")) {
        struct bytes rest = skip_spaces(bytes_skip(*b, 5));
        if (!take_pid(&rest, &line->pid) || !rest.n || rest.p[0] != ']')
            return false;
        *b = bytes_skip(rest, 1);
        return true;
    }
    size_t close = bytes_index(*b, ']');
    if (close == b->n)
        return false;
    /* python-ptrace prints [1234]; the numbers of strace -n are padded, as in [ 257]. */
    struct bytes inner = bytes_from(b->p + 1, close - 1);
    int32_t pid;
    if (is_first && inner.n && inner.p[0] != '0' && take_pid(&inner, &pid) && !inner.n)
        line->pid = pid;
    *b = bytes_skip(*b, close + 1);
    return true;
}

/* Removes a pid or a time. */
static bool take_count(struct bytes *b, struct line *line, bool *timed)
{
    size_t n = 0;
    while (n < b->n && is_digit(b->p[n]))
        n++;
    bool is_time = n < b->n && (b->p[n] == ':' || b->p[n] == '.');
    if (!is_time && !line->pid && !*timed && take_pid(b, &line->pid))
        return !b->n || b->p[0] == ' ';
    while (n < b->n && (is_digit(b->p[n]) || b->p[n] == ':' || b->p[n] == '.'))
        n++;
    *timed = true;
    *b = bytes_skip(*b, n);
    return !b->n || b->p[0] == ' ';
}

/* Removes all parts before the body. */
static struct bytes skip_leader(struct bytes b, struct line *line)
{
    const char *text = b.p;
    bool timed = false;
    for (;;) {
        b = skip_spaces(b);
        struct bytes before = b;
        int32_t pid = line->pid;
        bool taken = false;
        if (b.n && is_digit(b.p[0])) {
            taken = take_count(&b, line, &timed);
        } else if (b.n && b.p[0] == '[') {
            taken = take_bracket(&b, line, b.p == text && !line->pid);
        } else if (starts(b, "(+")) {
            b = bytes_skip(b, bytes_index(b, ')') + 1);
            taken = true;
        }
        if (!taken) {
            line->pid = pid;
            return before;
        }
    }
}

/* Returns the number after the first occurrence of a text in b; 0 if there is none. */
static int32_t pid_behind(struct bytes b, const char *words)
{
    const char *at = b.n ? memmem(b.p, b.n, words, strlen(words)) : NULL;
    if (!at)
        return 0;
    struct bytes rest = bytes_skip(b, (size_t)(at - b.p) + strlen(words));
    int32_t pid;
    return take_pid(&rest, &pid) ? pid : 0;
}

static void read_message(struct bytes body, struct line *line)
{
    line->kind = LINE_NOTE;
    if (!ends(body, "tached"))
        return;
    line->other_pid = pid_behind(body, "Process ");
    if (line->other_pid && ends(body, " attached"))
        line->kind = LINE_ATTACHED;
    else if (line->other_pid && ends(body, " detached"))
        line->kind = LINE_DETACHED;
}

/* `+++ … +++` */
static void read_end(struct bytes body, struct line *line)
{
    if (starts(body, "+++ superseded by execve in pid ")) {
        line->other_pid = pid_behind(body, "in pid ");
        line->kind = line->other_pid ? LINE_SUPERSEDED : LINE_UNKNOWN;
    } else if (starts(body, "+++ exited with ") || starts(body, "+++ killed by ")) {
        line->kind = LINE_ENDED;
    }
}

/* `<... name resumed>rest` */
static void read_resumed(struct bytes body, struct line *line)
{
    struct bytes rest = bytes_skip(body, strlen("<... "));
    size_t n = 0;
    while (n < rest.n && (is_name(rest.p[n]) || rest.p[n] == '?'))
        n++;
    line->name = bytes_from(rest.p, n);
    const char *close = rest.n ? memmem(rest.p, rest.n, " resumed>", 9) : NULL;
    if (!n || !close)
        return;
    line->kind = LINE_RESUMED;
    line->rest = bytes_skip(rest, (size_t)(close - rest.p) + 9);
}

static void take_off(struct bytes *b, size_t n)
{
    b->n -= n;
    while (b->n && b->p[b->n - 1] == ' ')
        b->n--;
}

/* The end of a line whose call did not end on that line. */
static void read_call_end(struct line *line)
{
    static const char unfinished[] = "<unfinished ...>", detached[] = "<detached ...>";
    static const char moved[] = "<pid changed to ", attached[] = "strace: Process ";
    struct bytes *rest = &line->rest;
    line->kind = LINE_CALL;
    if (!rest->n || (rest->p[rest->n - 1] != '>' && rest->p[rest->n - 1] != 'd'))
        return;
    if (ends(*rest, unfinished)) {
        line->kind = LINE_UNFINISHED;
        take_off(rest, sizeof unfinished - 1);
    } else if (ends(*rest, detached)) {
        take_off(rest, sizeof detached - 1);
        line->detached = true;
    } else if (ends(*rest, " ...>") && (line->other_pid = pid_behind(*rest, moved))) {
        const char *at = memmem(rest->p, rest->n, moved, sizeof moved - 1);
        line->kind = LINE_MOVED;
        take_off(rest, rest->n - (size_t)(at - rest->p));
    } else if (ends(*rest, " attached") && (line->other_pid = pid_behind(*rest, attached))) {
        const char *at = memmem(rest->p, rest->n, attached, sizeof attached - 1);
        line->kind = LINE_UNFINISHED;
        take_off(rest, rest->n - (size_t)(at - rest->p));
    }
}

/* Parses `name(rest`, `name#64(rest` or `????(rest`; returns false for other text. */
static bool read_call(struct bytes body, struct line *line)
{
    size_t n = 0;
    while (n < body.n && (is_name(body.p[n]) || body.p[n] == '?'))
        n++;
    line->name = bytes_from(body.p, n);
    if (n && n < body.n && body.p[n] == '#')
        for (n++; n < body.n && is_name(body.p[n]);)
            n++;
    if (!n || n >= body.n || body.p[n] != '(')
        return false;
    line->rest = bytes_skip(body, n + 1);
    read_call_end(line);
    return true;
}

/* Returns true for a line of -c: the head, the rule, or "% time" numbers followed by a call's name.
 */
static bool is_table(struct bytes text)
{
    struct bytes b = skip_spaces(text);
    if (starts(b, "% time") || starts(b, "------ ") || starts(b, "System call usage summary for"))
        return true;
    int64_t number;
    if (!take_number(&b, &number) || !b.n || b.p[0] != '.')
        return false;
    b = bytes_skip(b, 1);
    return take_number(&b, &number) && b.n > 1 && b.p[0] == ' ' && bytes_index(b, '(') == b.n;
}

static bool is_message(struct bytes body)
{
    static const char *const fronts[] = {"strace: ",        "Process ", "Requested path ",
                                         "<Cannot restart", "VCPU:",    "[ Process PID="};
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
        if (starts(body, fronts[i]))
            return true;
    return false;
}

void line_read(struct bytes text, struct line *line)
{
    *line = (struct line){.kind = LINE_UNKNOWN};
    if (text.n && text.p[text.n - 1] == '\r')
        text.n--;
    struct bytes body = skip_leader(text, line);
    if (!body.n) {
        line->kind = text.n == 0 ? LINE_EMPTY : LINE_UNKNOWN;
        return;
    }
    if (read_call(body, line))
        return;
    line->name = (struct bytes){0};
    if (starts(body, "<... "))
        read_resumed(body, line);
    else if (starts(body, "+++ "))
        read_end(body, line);
    else if (starts(body, "--- SIG") || starts(body, "--- stopped by "))
        line->kind = LINE_SIGNAL;
    else if (starts(body, "> "))
        line->kind = LINE_STACK;
    else if (starts(body, "| "))
        line->kind = LINE_DUMP;
    else if (is_message(body))
        read_message(body, line);
    else if (is_table(text))
        line->kind = LINE_TABLE;
    else if (starts(body, "<unfinished ...>") || starts(body, "<detached ...>"))
        line->kind = LINE_NOTE;
    else if (starts(body, ", ") || starts(body, ")"))
        line->kind = LINE_CONTINUED;
    if (line->kind == LINE_CONTINUED || line->kind == LINE_UNKNOWN)
        line->rest = text;
}

/* Returns the length of a colour sequence (ESC [, digits and semicolons, m) at the beginning of
 * text; 0 if text does not begin with one. */
static size_t colour_length(struct bytes text)
{
    size_t n = 2;
    if (!starts(text, "\033["))
        return 0;
    while (n < text.n && (is_digit(text.p[n]) || text.p[n] == ';'))
        n++;
    return n < text.n && text.p[n] == 'm' ? n + 1 : 0;
}

struct bytes line_plain(struct bytes text, struct buf *out)
{
    if (bytes_index(text, '\033') == text.n)
        return text;
    buf_clear(out);
    while (text.n) {
        size_t skipped = colour_length(text);
        if (!skipped)
            buf_byte(out, text.p[0]);
        text = bytes_skip(text, skipped ? skipped : 1);
    }
    return buf_bytes(out);
}
