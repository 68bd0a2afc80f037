/* SPDX-License-Identifier: MIT
 *
 * Quoting rules: POSIX, Shell Command Language 2.2, and $'…' as in bash, ksh and POSIX.1-2024.
 */
#include "chain/grep/shell_lexer.h"

#include <string.h>

enum { MAX_NAMED_BYTES = 40 /* length of a rejected word in an error */ };

void shell_word_finish(struct shell_word *word)
{
    buf_finish(&word->text);
    buf_finish(&word->glob);
    *word = (struct shell_word){0};
}

struct reader {
    struct bytes start; /* start of this word, for errors */
    struct bytes rest;
    struct shell_word *word;
    struct err *err;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_among(char c, const char *set)
{
    return c && strchr(set, c);
}

static bool refuse(const struct reader *in, const char *why)
{
    struct bytes named = in->start;
    size_t n = 0;
    while (n < named.n && n < MAX_NAMED_BYTES && !is_among(named.p[n], " \t\n"))
        n++;
    return err_set(in->err, "%.*s: %s", (int)n, named.p, why);
}

static char take(struct reader *in)
{
    char c = in->rest.p[0];
    in->rest = bytes_skip(in->rest, 1);
    return c;
}

/* Appends a quoted character, which is literal, also in a glob. */
static bool put_quoted(struct reader *in, char c)
{
    if (!c)
        return refuse(in, "a NUL cannot be part of a word");
    buf_byte(&in->word->text, c);
    if (is_among(c, "*?[]\\!^-"))
        buf_byte(&in->word->glob, '\\');
    buf_byte(&in->word->glob, c);
    return true;
}

static bool put_plain(struct reader *in, char c)
{
    if (!c)
        return refuse(in, "a NUL cannot be part of a word");
    buf_byte(&in->word->text, c);
    buf_byte(&in->word->glob, c);
    if (is_among(c, "*?["))
        in->word->is_glob = true;
    return true;
}

static bool read_single_quotes(struct reader *in)
{
    while (in->rest.n) {
        char c = take(in);
        if (c == '\'')
            return true;
        if (!put_quoted(in, c))
            return false;
    }
    return refuse(in, "a quote is not closed");
}

/* Rejects a $ or ` that the shell would expand. */
static bool refuse_expansion(const struct reader *in, char c)
{
    return refuse(in, c == '`' ? "commands in backquotes are not part of the chain"
                               : "variables and substitutions are not part of the chain");
}

static bool begins_expansion(struct bytes rest)
{
    char c = rest.n ? rest.p[0] : 0;
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           is_among(c, "_{(@*#?!$-");
}

static bool read_double_quotes(struct reader *in)
{
    while (in->rest.n) {
        char c = take(in);
        if (c == '"')
            return true;
        if (c == '`' || (c == '$' && begins_expansion(in->rest)))
            return refuse_expansion(in, c);
        if (c == '\\' && in->rest.n && is_among(in->rest.p[0], "$`\"\\\n")) {
            c = take(in);
            if (c == '\n')
                continue;
        }
        if (!put_quoted(in, c))
            return false;
    }
    return refuse(in, "a quote is not closed");
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Reads up to max digits in the base; n receives the number of digits. */
static uint32_t read_digits(struct reader *in, int base, int max, int *n)
{
    uint32_t value = 0;
    for (*n = 0; *n < max && in->rest.n; (*n)++) {
        int digit = digit_value(in->rest.p[0]);
        if (digit < 0 || digit >= base)
            break;
        value = value * (uint32_t)base + (uint32_t)digit;
        take(in);
    }
    return value;
}

static bool put_rune(struct reader *in, uint32_t rune)
{
    if (rune < 0x80)
        return put_quoted(in, (char)rune);
    int more = rune < 0x800 ? 1 : rune < 0x10000 ? 2 : 3;
    static const unsigned char lead[] = {0, 0xc0, 0xe0, 0xf0};
    if (rune > 0x10ffff)
        return refuse(in, "no such character");
    put_quoted(in, (char)(lead[more] | rune >> 6 * more));
    while (more--)
        put_quoted(in, (char)(0x80 | (rune >> 6 * more & 0x3f)));
    return true;
}

/* Reads the character after a backslash in $'…'. */
static bool read_escape(struct reader *in)
{
    static const char names[] = "abeEfnrtv\\'\"?", values[] = "\a\b\033\033\f\n\r\t\v\\'\"?";
    char c = in->rest.p[0];
    int n;
    if (c >= '0' && c <= '7')
        return put_quoted(in, (char)read_digits(in, 8, 3, &n));
    take(in);
    if (is_among(c, names))
        return put_quoted(in, values[strchr(names, c) - names]);
    if (c == 'c' && in->rest.n)
        return put_quoted(in, (char)(take(in) & 0x1f));
    if (is_among(c, "xuU")) {
        uint32_t value = read_digits(in, 16, c == 'x' ? 2 : c == 'u' ? 4 : 8, &n);
        if (n)
            return c == 'x' ? put_quoted(in, (char)value) : put_rune(in, value);
    }
    return put_quoted(in, '\\') && put_quoted(in, c);
}

static bool read_dollar_quotes(struct reader *in)
{
    while (in->rest.n) {
        char c = take(in);
        if (c == '\'')
            return true;
        if (c == '\\' && in->rest.n ? !read_escape(in) : !put_quoted(in, c))
            return false;
    }
    return refuse(in, "a quote is not closed");
}

static bool read_dollar(struct reader *in)
{
    char c = in->rest.n ? in->rest.p[0] : 0;
    if (c == '\'' || c == '"') {
        take(in);
        return c == '"' ? read_double_quotes(in) : read_dollar_quotes(in);
    }
    return begins_expansion(in->rest) ? refuse_expansion(in, '$') : put_plain(in, '$');
}

/* Returns whether bash would expand the text after a { to several words. */
static bool is_brace_expansion(struct bytes rest)
{
    bool comma = false;
    for (size_t i = 0; i < rest.n && !is_among(rest.p[i], " \t\n|;&<>'\"\\"); i++) {
        comma |= rest.p[i] == ',' || (rest.p[i] == '.' && i + 1 < rest.n && rest.p[i + 1] == '.');
        if (rest.p[i] == '}')
            return comma;
    }
    return false;
}

static bool read_piece(struct reader *in)
{
    char c = take(in);
    switch (c) {
    case '\'':
        return read_single_quotes(in);
    case '"':
        return read_double_quotes(in);
    case '$':
        return read_dollar(in);
    case '`':
        return refuse_expansion(in, c);
    case '\\':
        if (!in->rest.n)
            return put_quoted(in, '\\');
        c = take(in);
        return c == '\n' || put_quoted(in, c);
    case '{':
        if (is_brace_expansion(in->rest))
            return refuse(in, "brace expansion is not part of the chain (quote it)");
        return put_plain(in, c);
    case '~':
        if (!in->word->glob.n)
            return refuse(in, "~ would be replaced by the shell (quote it)");
        return put_plain(in, c);
    default:
        return put_plain(in, c);
    }
}

/* Skips blanks, escaped newlines, comments and, with newlines, the newlines before the next
 * command. */
static void skip_space(struct bytes *rest, bool newlines)
{
    while (rest->n) {
        char c = rest->p[0];
        if (is_blank(c) || (c == '\n' && newlines))
            *rest = bytes_skip(*rest, 1);
        else if (c == '\\' && rest->n > 1 && rest->p[1] == '\n')
            *rest = bytes_skip(*rest, 2);
        else if (c == '#')
            *rest = bytes_skip(*rest, bytes_index(*rest, '\n'));
        else
            return;
    }
}

static bool refuse_operator(const struct reader *in, char c)
{
    return refuse(in, is_among(c, "<>")   ? "redirections are not part of the chain"
                      : is_among(c, "()") ? "subshells are not part of the chain (quote it)"
                                          : "a list of commands is not a chain");
}

enum operator{ OPERATOR_NONE, OPERATOR_TAKEN, OPERATOR_REFUSED };

/* Reads an operator: the end, a pipe, or a rejected operator. */
static enum operator read_operator(struct reader *in)
{
    char c = in->rest.n ? in->rest.p[0] : 0;
    if (!in->rest.n)
        return OPERATOR_TAKEN;
    if (c == '|' && (in->rest.n == 1 || !is_among(in->rest.p[1], "|&"))) {
        in->word->kind = WORD_PIPE;
        take(in);
        skip_space(&in->rest, true);
        return OPERATOR_TAKEN;
    }
    if (c == '\n') { /* a newline at the end of the text is not an operator */
        skip_space(&in->rest, true);
        if (!in->rest.n)
            return OPERATOR_TAKEN;
        in->start = in->rest; /* the error names the next command */
    }
    if (!is_among(c, "|;&<>()\n"))
        return OPERATOR_NONE;
    refuse_operator(in, c);
    return OPERATOR_REFUSED;
}

bool shell_lexer_next(struct bytes *rest, struct shell_word *word, struct err *err)
{
    word->kind = WORD_END;
    word->is_glob = false;
    buf_clear(&word->text);
    buf_clear(&word->glob);
    skip_space(rest, false);
    struct reader in = {.start = *rest, .rest = *rest, .word = word, .err = err};
    enum operator operator= read_operator(&in);
    if (operator== OPERATOR_NONE) {
        word->kind = WORD_TEXT;
        while (in.rest.n && !is_among(in.rest.p[0], " \t\n|;&<>()"))
            if (!read_piece(&in))
                return false;
        if (in.rest.n && is_among(in.rest.p[0], "<>") && in.start.n - in.rest.n == 1 &&
            in.start.p[0] >= '0' && in.start.p[0] <= '9')
            return refuse_operator(&in, '<'); /* 2>… */
    }
    *rest = in.rest;
    return operator!= OPERATOR_REFUSED;
}

void shell_quote(struct bytes text, struct buf *out)
{
    buf_byte(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            buf_add(out, bytes_of("'\\''"));
        else
            buf_byte(out, text.p[i]);
    }
    buf_byte(out, '\'');
}

static bool is_safe(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           is_among(c, "_./:=@%+,-");
}

void shell_quote_name(struct bytes text, struct buf *out)
{
    bool safe = text.n > 0;
    for (size_t i = 0; i < text.n; i++)
        safe = safe && is_safe(text.p[i]);
    if (safe)
        buf_add(out, text);
    else
        shell_quote(text, out);
}

void shell_quote_glob(struct bytes glob, struct buf *out)
{
    for (size_t i = 0; i < glob.n; i++) {
        char c = glob.p[i];
        bool quoted = c == '\\' && i + 1 < glob.n;
        if (quoted)
            c = glob.p[++i];
        if (!quoted && (is_safe(c) || is_among(c, "*?[]!^")))
            buf_byte(out, c);
        else
            shell_quote(bytes_from(&c, 1), out);
    }
}
