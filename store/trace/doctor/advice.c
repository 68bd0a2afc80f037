/* SPDX-License-Identifier: MIT
 *
 * The line of the first call shows which strace options the user chose: a time before the call is
 * -t, -tt, -ttt or -r, a number in brackets is -n, sixteen digits in brackets are -i, seconds after
 * the call are -T, a complete environment is -v. The new command keeps these options.
 */
#include "trace/doctor/advice.h"

#include <string.h>

#include "trace/strace/line.h"
#include "util/path.h"

enum { ARGUMENTS_MAX = 4096 /* arguments of the traced program; further ones are not printed */ };

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("_@%+=:,./-", c));
}

void advice_quote(struct bytes word, struct buf *out)
{
    bool plain = word.n > 0;
    for (size_t i = 0; plain && i < word.n; i++)
        plain = is_plain(word.p[i]);
    if (plain) {
        buf_add(out, word);
        return;
    }
    buf_byte(out, '\'');
    for (size_t i = 0; i < word.n; i++) {
        if (word.p[i] == '\'')
            buf_add(out, bytes_of("'\\''"));
        else if (word.p[i])
            buf_byte(out, word.p[i]);
    }
    buf_byte(out, '\'');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_decimal(struct bytes word)
{
    for (size_t i = 0; i < word.n; i++)
        if (!is_digit(word.p[i]) && word.p[i] != '.')
            return false;
    return word.n > 0;
}

/* Returns the first word of a line: a time, or a part in brackets. */
static const char *option_of(struct bytes word)
{
    size_t dot = bytes_index(word, '.');
    if (word.n > 3 && word.p[0] == '[')
        return word.p[1] == '?' || bytes_index(word, ']') > 8 ? "-i" : "-n";
    if (bytes_index(word, ':') < word.n)
        return dot < word.n ? "-tt" : "-t";
    if (dot < word.n && is_decimal(word))
        return dot > 6 ? "-ttt" : "-r";
    return NULL;
}

/* Appends the options that the beginning of a line shows. A part in brackets may contain spaces. */
static void add_front(struct bytes front, struct buf *out)
{
    while (front.n) {
        if (front.p[0] == ' ') {
            front = bytes_skip(front, 1);
            continue;
        }
        size_t end = front.p[0] == '['   ? bytes_index(front, ']') + 1
                     : front.p[0] == '(' ? bytes_index(front, ')') + 1
                                         : bytes_index(front, ' ');
        struct bytes word = bytes_from(front.p, end < front.n ? end : front.n);
        const char *option = option_of(word);
        if (option && !bytes_starts(word, bytes_of("[pid ")))
            buf_printf(out, " %s", option);
        if (word.p[0] == '(')
            buf_add(out, bytes_of(" -r"));
        front = bytes_skip(front, word.n);
    }
}

/* Returns true if the line ends with a duration such as <0.000123>. */
static bool is_timed(struct bytes text)
{
    size_t open = bytes_rindex(text, '<');
    return bytes_ends(text, bytes_of(">")) && open + 2 < text.n &&
           is_decimal(bytes_from(text.p + open + 1, text.n - open - 2));
}

static void add_style(struct bytes style, struct buf *out)
{
    struct line line;
    struct line_call call;
    if (!style.n)
        return;
    line_read(style, &line);
    if (line.kind != LINE_CALL)
        return;
    add_front(bytes_from(style.p, (size_t)(line.name.p - style.p)), out);
    if (is_timed(style))
        buf_add(out, bytes_of(" -T"));
    line_split(line.rest, &call);
    if (bytes_equal(line.name, bytes_of("execve")) && call.n_args > 2 &&
        bytes_starts(call.args[2], bytes_of("[\"")))
        buf_add(out, bytes_of(" -v"));
}

/* Returns the length of the string literal at the beginning of text, with quotes; 0 if there is
 * none or it has no end. */
static size_t literal_length(struct bytes text)
{
    if (!text.n || text.p[0] != '"')
        return 0;
    for (size_t i = 1; i < text.n; i++) {
        if (text.p[i] == '\\')
            i++;
        else if (text.p[i] == '"')
            return i + 1;
    }
    return 0;
}

/* Appends a string argument as a word and moves *text after it; returns false if the string is
 * truncated. */
static bool add_string(struct bytes *text, struct buf *out)
{
    BUF_AUTO struct buf scratch = {0};
    size_t n = literal_length(*text);
    if (!n)
        return false;
    line_unescape(bytes_from(text->p + 1, n - 2), &scratch);
    *text = bytes_skip(*text, n);
    bool cut = bytes_starts(*text, bytes_of("..."));
    buf_byte(out, ' ');
    if (cut)
        buf_add(&scratch, bytes_of("..."));
    advice_quote(buf_bytes(&scratch), out);
    *text = bytes_skip(*text, cut ? 3 : 0);
    return !cut;
}

/* Appends the arguments after the first string of ["sh", "-c", …]. */
static bool add_arguments(struct bytes list, struct buf *out)
{
    bool whole = true;
    if (!list.n || list.p[0] != '[') {
        buf_add(out, bytes_of(" ARGS"));
        return false;
    }
    list = bytes_skip(list, 1);
    for (size_t i = 0; i < ARGUMENTS_MAX && list.n && list.p[0] != ']'; i++) {
        BUF_AUTO struct buf word = {0};
        if (bytes_starts(list, bytes_of("..."))) {
            buf_add(out, bytes_of(" ..."));
            return false;
        }
        if (list.p[0] != '"')
            return false;
        bool got = add_string(&list, &word);
        if (i)
            buf_add(out, buf_bytes(&word));
        whole = whole && (got || !i);
        if (!word.n)
            return false;
        while (list.n && (list.p[0] == ',' || list.p[0] == ' '))
            list = bytes_skip(list, 1);
    }
    return whole && list.n && list.p[0] == ']';
}

static bool add_program(struct bytes command, struct buf *out)
{
    struct line_call call;
    line_split(command, &call);
    struct bytes path = call.n_args ? call.args[0] : (struct bytes){0};
    if (call.n_args < 2 || !literal_length(path)) {
        buf_add(out, bytes_of(" PROGRAM ARGS"));
        return false;
    }
    bool whole = add_string(&path, out);
    return add_arguments(call.args[1], out) && whole;
}

bool advice_one_process(const struct advice_log *log, struct bytes *stem)
{
    struct line line = {0};
    size_t dot = bytes_rindex(log->name, '.');
    struct bytes pid = bytes_skip(log->name, dot + 1);
    *stem = log->name;
    if (!pid.n || pid.p[0] == '0')
        return false;
    for (size_t i = 0; i < pid.n; i++)
        if (!is_digit(pid.p[i]))
            return false;
    if (log->style.n)
        line_read(log->style, &line);
    if (line.pid)
        return false;
    *stem = bytes_from(log->name.p, dot);
    return true;
}

bool advice_command(const struct advice_log *log, struct buf *out)
{
    BUF_AUTO struct buf again = {0};
    struct bytes stem;
    bool each = advice_one_process(log, &stem) && log->files == ADVICE_AS_IT_WAS;
    if (log->root.n) {
        buf_add(out, bytes_of("chroot "));
        advice_quote(log->root, out);
        buf_byte(out, ' ');
    }
    buf_add(out, bytes_of(each ? "strace -ff -y" : "strace -f -y"));
    add_style(log->style, out);
    buf_add(out, bytes_of(" -s 4096 -e " ADVICE_CALLS " -o "));
    struct bytes base = path_base(stem);
    buf_add(&again, log->root.n ? bytes_of("/") : bytes_from(stem.p, stem.n - base.n));
    buf_add(&again, bytes_of("again-")); /* a prefix, because strace runs a file name that begins
                                            with "|" as a command */
    buf_add(&again, base);
    advice_quote(buf_bytes(&again), out);
    buf_add(out, bytes_of(" --"));
    if (log->command.n)
        return add_program(log->command, out);
    buf_add(out, bytes_of(" PROGRAM ARGS"));
    return false;
}
