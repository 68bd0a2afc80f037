/* SPDX-License-Identifier: MIT
 *
 * Parses the arguments and the result of a call (line.h). One scanner reads the text in units: a
 * string, a comment, the annotation of a descriptor, or one byte. Therefore brackets and commas
 * inside file names are not mistaken for syntax.
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

/* Bytes at which the scanner stops; it skips all other bytes. */
static const bool stops[256] = {
    ['"'] = true, ['<'] = true, ['/'] = true, ['('] = true, [')'] = true,
    ['['] = true, [']'] = true, ['{'] = true, ['}'] = true, [','] = true};

/* Returns the index of the quote that ends the string opened at i; b.n if the string has no end. */
static size_t find_quote(struct bytes b, size_t i)
{
    const char *quote = i + 1 < b.n ? memchr(b.p + i + 1, '"', b.n - i - 1) : NULL;
    if (!quote)
        return b.n;
    if (quote[-1] != '\\') /* the usual case */
        return (size_t)(quote - b.p);
    for (i++; i < b.n; i++) {
        if (b.p[i] == '\\')
            i++;
        else if (b.p[i] == '"')
            return i;
    }
    return b.n;
}

/* Returns the index after that string. */
static size_t skip_string(struct bytes b, size_t i)
{
    size_t quote = find_quote(b, i);
    return quote < b.n ? quote + 1 : b.n;
}

/* Returns the index after the annotation that opens at i, or i + 1 if there is no annotation. In a
 * path, < and > are printed as octal. Elsewhere an arrow does not end the annotation (TCP:[a->b]),
 * and it may contain strings. A device has an annotation inside the annotation: </dev/null<char
 * 1:3>>. */
static size_t skip_note(struct bytes b, size_t i)
{
    size_t depth = 0;
    bool is_path = i + 1 < b.n && b.p[i + 1] == '/';
    for (size_t k = i; k < b.n; k++) {
        char c = b.p[k];
        if (c == '\\')
            k++;
        else if (c == '"' && !is_path)
            k = skip_string(b, k) - 1;
        else if (c == '<')
            depth++;
        else if (c == '>' && (is_path || b.p[k - 1] != '-') && --depth == 0)
            return k + 1;
    }
    return i + 1;
}

/* An annotation directly follows a descriptor, a pid or a comment. */
static bool opens_note(struct bytes b, size_t i)
{
    return i && i + 1 < b.n && b.p[i + 1] != '<' && b.p[i + 1] != ' ' &&
           (is_name(b.p[i - 1]) || b.p[i - 1] == '/');
}

/* Returns the index after the unit at i. */
static size_t skip_unit(struct bytes b, size_t i)
{
    switch (b.p[i]) {
    case '"':
        return skip_string(b, i);
    case '<':
        return opens_note(b, i) ? skip_note(b, i) : i + 1;
    case '/': {
        if (i + 1 >= b.n || b.p[i + 1] != '*')
            return i + 1;
        const char *end = memmem(b.p + i + 2, b.n - i - 2, "*/", 2);
        return end ? (size_t)(end - b.p) + 2 : b.n;
    }
    default:
        return i + 1;
    }
}

static struct bytes trim(struct bytes b)
{
    while (b.n && b.p[0] == ' ')
        b = bytes_skip(b, 1);
    while (b.n && b.p[b.n - 1] == ' ')
        b.n--;
    return b;
}

/* Returns the argument without the `name=` of --arg-names. */
static struct bytes without_name(struct bytes arg)
{
    size_t n = 0;
    if (!arg.n || arg.p[0] < 'a' || arg.p[0] > 'z')
        return arg;
    while (n < arg.n && is_name(arg.p[n]))
        n++;
    return n + 1 < arg.n && arg.p[n] == '=' ? bytes_skip(arg, n + 1) : arg;
}

static void add_arg(struct line_call *call, struct bytes arg)
{
    if (call->n_args < LINE_ARGS_MAX)
        call->args[call->n_args++] = without_name(trim(arg));
}

/* Fills the arguments; returns the index after the closing parenthesis, or b.n. */
static size_t split_args(struct bytes b, struct line_call *call)
{
    size_t depth = 0, from = 0, i = 0;
    bool notes = true; /* false: an annotation has no end, so later ones have no end either; avoids
                          reading bytes twice */
    while (i < b.n) {
        char c = b.p[i];
        if (!stops[(unsigned char)c]) {
            i++;
            continue;
        }
        if (c == '(' || c == '[' || c == '{') {
            depth++;
        } else if (c == ',' && depth == 0) {
            add_arg(call, bytes_from(b.p + from, i - from));
            from = i + 1;
        } else if (c == ')' && depth == 0) {
            call->closed = true;
            break;
        } else if ((c == ')' || c == ']' || c == '}') && depth) {
            depth--;
        }
        size_t next = c == '<' && !notes ? i + 1 : skip_unit(b, i);
        if (c == '<' && next == i + 1 && opens_note(b, i))
            notes = false;
        i = next;
    }
    struct bytes last = trim(bytes_from(b.p + from, (i < b.n ? i : b.n) - from));
    if (last.n || call->n_args)
        add_arg(call, last);
    return i < b.n ? i + 1 : b.n;
}

enum { ERRNO_MAX = 4095 /* MAX_ERRNO of the kernel */ };

/* Reads the errno of a failed call from the words after its negative value: `ENOENT (…)`, `(errno
 * 2)`, `errno=2 (…)`. Without such words, a value from -2 on is the negated errno that the kernel
 * returned (syscall(2)), and -1 does not show the errno. */
static int32_t read_error(struct bytes words, int64_t value)
{
    int64_t number;
    if (bytes_starts(words, bytes_of("(")))
        words = bytes_skip(words, 1);
    if (bytes_starts(words, bytes_of("errno ")) || bytes_starts(words, bytes_of("errno=")))
        return line_number(bytes_skip(words, 6), &number) && number > 0 && number <= ERRNO_MAX
                   ? (int32_t)number
                   : -1;
    size_t n = 0;
    while (n < words.n && is_name(words.p[n]))
        n++;
    int32_t named = line_errno(bytes_from(words.p, n));
    return named < 0 && value < -1 && value >= -ERRNO_MAX ? (int32_t)-value : named;
}

/* Reads the result: `= 3</path>`, `= -1 ENOENT (…)`, `= ?`, … */
static void read_result(struct bytes b, struct line_call *call)
{
    b = trim(b);
    if (b.n < 2 || b.p[0] != '=')
        return;
    call->answered = true;
    b = trim(bytes_skip(b, 1));
    if (!line_number(b, &call->value))
        return;
    size_t n = b.p[0] == '-';
    while (n < b.n && is_name(b.p[n]))
        n++;
    struct bytes behind = bytes_skip(b, n);
    struct bytes words = trim(behind);
    call->error = b.p[0] == '-' ? read_error(words, call->value) : 0;
    call->returned = true;
    if (behind.n && behind.p[0] == '<') {
        size_t end = skip_note(b, n);
        if (end > n + 2)
            call->note = bytes_from(b.p + n + 1, end - n - 2);
    }
    int64_t own;
    if (words.n > 3 && words.p[0] == '/' && line_number(bytes_skip(words, 3), &own) &&
        memmem(words.p, words.n, "in strace's PID NS", 18))
        call->value = own;
}

void line_split(struct bytes rest, struct line_call *call)
{
    call->n_args = 0;
    call->closed = call->answered = call->returned = false;
    call->value = 0;
    call->error = -1;
    call->note = (struct bytes){0};
    if (!rest.n)
        return;
    size_t end = split_args(rest, call);
    if (call->closed)
        read_result(bytes_skip(rest, end), call);
}

static int hex_digit(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Returns the byte of the escape after a backslash; moves *i after the escape. */
static char read_escape(struct bytes b, size_t *i)
{
    static const char letters[] = "nrtvfabe", meant[] = "\n\r\t\v\f\a\b\033";
    char c = b.p[(*i)++];
    if (c >= '0' && c <= '7') {
        unsigned value = (unsigned)(c - '0');
        for (int k = 0; k < 2 && *i < b.n && b.p[*i] >= '0' && b.p[*i] <= '7'; k++)
            value = value * 8 + (unsigned)(b.p[(*i)++] - '0');
        return (char)value;
    }
    if (c == 'x' && *i + 1 < b.n && hex_digit(b.p[*i]) >= 0 && hex_digit(b.p[*i + 1]) >= 0) {
        int value = hex_digit(b.p[*i]) * 16 + hex_digit(b.p[*i + 1]);
        *i += 2;
        return (char)value;
    }
    const char *letter = c ? strchr(letters, c) : NULL;
    return letter ? meant[letter - letters] : c;
}

void line_unescape(struct bytes text, struct buf *out)
{
    buf_clear(out);
    size_t plain = bytes_index(text, '\\');
    buf_add(out, bytes_from(text.p, plain));
    for (size_t i = plain; i < text.n;) {
        char c = text.p[i++];
        if (c == '\\' && i < text.n)
            c = read_escape(text, &i);
        buf_byte(out, c);
    }
}

enum line_string line_string(struct bytes arg, struct buf *scratch, struct bytes *out)
{
    *out = bytes_from("", 0);
    if (!arg.n || arg.p[0] != '"')
        return LINE_STRING_NONE;
    size_t quote = find_quote(arg, 0);
    *out = bytes_from(arg.p + 1, quote - 1);
    if (bytes_index(*out, '\\') != out->n) {
        line_unescape(*out, scratch);
        *out = buf_bytes(scratch);
    }
    if (quote == arg.n || bytes_starts(bytes_skip(arg, quote + 1), bytes_of("...")))
        return LINE_STRING_CUT;
    return LINE_STRING_WHOLE;
}

bool line_number(struct bytes arg, int64_t *value)
{
    size_t i = 0;
    bool negative = arg.n && arg.p[0] == '-';
    uint64_t number = 0;
    unsigned base = 10;
    i += negative;
    if (i >= arg.n || !is_digit(arg.p[i]))
        return false;
    if (arg.p[i] == '0' && i + 2 < arg.n && arg.p[i + 1] == 'x' && hex_digit(arg.p[i + 2]) >= 0) {
        base = 16;
        i += 2;
    } else if (arg.p[i] == '0') {
        base = 8;
    }
    for (; i < arg.n; i++) {
        int digit = hex_digit(arg.p[i]);
        if (digit < 0 || digit >= (int)base)
            break;
        number = number * base + (unsigned)digit; /* may wrap; strace never prints such a number */
    }
    *value = (int64_t)(negative ? 0 - number : number);
    return true;
}

bool line_note_is_path(struct bytes note)
{
    return bytes_starts(note, bytes_of("/")) || bytes_starts(note, bytes_of("\\x2f")) ||
           bytes_starts(note, bytes_of("\\57"));
}

bool line_fd(struct bytes arg, struct line_fd *out)
{
    enum { AT_FDCWD_ = -100 };
    int64_t number = AT_FDCWD_;
    size_t n = 0;
    *out = (struct line_fd){.fd = -1};
    if (!(arg.n && arg.p[0] == 'A' && bytes_starts(arg, bytes_of("AT_FDCWD"))) &&
        !line_number(arg, &number))
        return false;
    out->is_cwd = (int32_t)number == AT_FDCWD_;
    if (!out->is_cwd && number >= 0 && number <= INT32_MAX)
        out->fd = (int32_t)number;
    n = arg.p[0] == '-';
    while (n < arg.n && is_name(arg.p[n]))
        n++;
    if (n + 2 < arg.n && !memcmp(arg.p + n, " /*", 3))
        n = skip_unit(arg, n + 1);
    if (n < arg.n && arg.p[n] == '<' && line_note_is_path(bytes_skip(arg, n + 1))) {
        size_t end = skip_note(arg, n);
        struct bytes path = bytes_from(arg.p + n + 1, end - n - 2);
        if (end == n + 1)
            return true;
        path.n = bytes_index(path, '<'); /* </dev/null<char 1:3>> */
        if (bytes_ends(path, bytes_of(" (deleted)")))
            path.n -= strlen(" (deleted)");
        out->path = path;
    }
    return true;
}

uint64_t line_flags(struct bytes arg, const struct line_flag *table, size_t n)
{
    uint64_t bits = 0;
    int64_t number;
    if (line_number(arg, &number))
        return (uint64_t)number;
    for (size_t i = 0; i < arg.n;) {
        size_t from = i;
        while (i < arg.n && is_name(arg.p[i]))
            i++;
        struct bytes name = bytes_from(arg.p + from, i - from);
        if (line_number(name, &number))
            bits |= (uint64_t)number; /* O_RDONLY|0x800000 */
        for (size_t k = 0; k < n; k++)
            if (name.n == table[k].name.n && !memcmp(name.p, table[k].name.p, name.n))
                bits |= table[k].bits;
        i += i == from;
    }
    return bits;
}
