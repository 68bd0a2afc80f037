/* SPDX-License-Identifier: MIT
 *
 * Cases that the documentation of grep does not define follow the observed behaviour of grep 3.8
 * (tests/unit/chain_pattern.c).
 */
#include "chain/grep/regex_lexer.h"

#include <stdio.h>
#include <string.h>

enum {
    MAX_REPEAT = 0x7fff,   /* RE_DUP_MAX of regex.h */
    MAX_MESSAGE_BYTES = 80 /* length of a warning */
};

static void warn(struct regex_lexer *lex, const char *text)
{
    if (lex->warning)
        buf_printf(lex->warning, "grep: warning: %s\n", text);
}

static enum regex_token literal(struct regex_lexer *lex, unsigned char c)
{
    lex->set = (struct byteset){0};
    if (lex->fold)
        byteset_add_fold(&lex->set, c);
    else
        byteset_add(&lex->set, c);
    lex->at_start = false;
    return TOKEN_SET;
}

/* Handles a backslash before a character that has no special meaning with it. */
static enum regex_token stray(struct regex_lexer *lex, unsigned char c)
{
    char text[MAX_MESSAGE_BYTES] = "stray \\ before unprintable character";
    if (c == ' ')
        strcpy(text, "stray \\ before white space");
    else if (c > ' ' && c < 0x7f)
        snprintf(text, sizeof text, "stray \\ before %c", c);
    warn(lex, text);
    return literal(lex, c);
}

static enum regex_token anchor(struct regex_lexer *lex, const char *text)
{
    lex->anchor = text;
    return TOKEN_ANCHOR;
}

static enum regex_token class_set(struct regex_lexer *lex, const char *class, bool and_underscore,
                                  bool invert)
{
    lex->set = (struct byteset){0};
    byteset_add_class(&lex->set, bytes_of(class));
    if (and_underscore)
        byteset_add(&lex->set, '_');
    if (invert)
        byteset_invert(&lex->set);
    lex->at_start = false;
    return TOKEN_SET;
}

/* Returns whether the $ before rest is an anchor in a basic expression: at the end, or before \),
 * \| or a newline. As in grep's own parser, a bare ) or | with more text after it also counts. */
static bool ends_alternative(struct bytes rest)
{
    if (!rest.n || rest.p[0] == '\n')
        return true;
    if (rest.n < 2)
        return false;
    char c = rest.p[0] == '\\' ? rest.p[1] : rest.p[0];
    return c == ')' || c == '|';
}

/* Returns whether an operator at the start of an alternative is literal; if not, adds a warning. */
static bool is_plain_at_start(struct regex_lexer *lex, const char *operator)
{
    if (!lex->at_start)
        return false;
    if (!lex->extended)
        return true;
    char text[MAX_MESSAGE_BYTES];
    snprintf(text, sizeof text, "%s at start of expression", operator);
    warn(lex, text);
    return false;
}

static enum regex_token quantifier(struct regex_lexer *lex, bool backslash, unsigned char c)
{
    if (c == '*' ? backslash : backslash == lex->extended)
        return literal(lex, c);
    if (is_plain_at_start(lex, (char[]){(char)c, 0}))
        return backslash ? stray(lex, c) : literal(lex, c);
    return c == '*' ? TOKEN_STAR : c == '+' ? TOKEN_PLUS : TOKEN_OPTIONAL;
}

static size_t read_number(struct bytes text, size_t i, int *number)
{
    for (; i < text.n && text.p[i] >= '0' && text.p[i] <= '9'; i++) {
        int next = (*number < 0 ? 0 : *number * 10) + (text.p[i] - '0');
        *number = next > MAX_REPEAT ? MAX_REPEAT + 1 : next;
    }
    return i;
}

enum interval {
    INTERVAL_GOOD,
    INTERVAL_BACKWARDS, /* {2,1}, or {} */
    INTERVAL_OTHER      /* not an interval */
};

/* Reads {M}, {M,}, {,N} or {M,N} after the brace; n receives the length of a valid interval. */
static enum interval read_interval(struct regex_lexer *lex, size_t *n)
{
    struct bytes text = lex->rest;
    lex->min = lex->max = -1;
    size_t i = read_number(text, 0, &lex->min);
    if (i < text.n && text.p[i] == ',') {
        lex->min = lex->min < 0 ? 0 : lex->min;
        i = read_number(text, i + 1, &lex->max);
    } else {
        lex->max = lex->min;
    }
    if (!lex->extended && (i >= text.n || text.p[i++] != '\\'))
        return INTERVAL_OTHER;
    if (i >= text.n || text.p[i] != '}')
        return INTERVAL_OTHER;
    *n = i + 1;
    bool backwards = lex->min < 0 || (lex->max >= 0 && lex->max < lex->min);
    return backwards ? INTERVAL_BACKWARDS : INTERVAL_GOOD;
}

/* Returns whether glibc reports a missing end of a basic interval, and not a wrong number in it.
 * glibc reads each number up to a comma or to the end of the text. */
static bool is_unclosed(struct bytes text)
{
    bool in_number = true;
    for (int n_commas = 0; text.n; text = bytes_skip(text, 1)) {
        if (text.p[0] == '\\' && text.n > 1 && text.p[1] == '}')
            return false;
        if (text.p[0] == ',' && (n_commas++ || !in_number))
            return false;
        in_number = in_number && text.p[0] >= '0' && text.p[0] <= '9';
    }
    return true;
}

/* Returns whether glibc does not treat the text here as an interval, because it is at a start or
 * after an anchor. glibc then reports no error, and grep's own parser reports it with a different
 * message. */
static bool is_unread(const struct regex_lexer *lex)
{
    if (lex->extended)
        return lex->shadow.no_operand;
    return lex->at_start || lex->last == TOKEN_ANCHOR;
}

static enum regex_token refuse_interval(struct regex_lexer *lex, const char *glibc, const char *own)
{
    err_set(lex->err, "%s", is_unread(lex) ? own : glibc);
    return TOKEN_WRONG;
}

static enum regex_token interval(struct regex_lexer *lex, bool backslash)
{
    static const char invalid[] = "Invalid content of \\{\\}", own[] = "invalid content of \\{\\}";
    if (backslash == lex->extended)
        return literal(lex, '{');
    size_t n = 0;
    enum interval what = read_interval(lex, &n);
    bool unread = is_unread(lex);
    if (what == INTERVAL_OTHER && lex->extended)
        return literal(lex, '{');
    if (what == INTERVAL_BACKWARDS && lex->extended)
        return unread ? literal(lex, '{') : refuse_interval(lex, invalid, own);
    if (is_plain_at_start(lex, "{...}"))
        return stray(lex, '{');
    if (what != INTERVAL_GOOD)
        return refuse_interval(lex, is_unclosed(lex->rest) ? "Unmatched \\{" : invalid, own);
    if (lex->max > MAX_REPEAT || (lex->min > MAX_REPEAT && !unread))
        return refuse_interval(lex, "Regular expression too big", "regular expression too big");
    if (lex->min > MAX_REPEAT)
        lex->min = MAX_REPEAT;
    lex->rest = bytes_skip(lex->rest, n);
    lex->at_start = false;
    return TOKEN_REPEAT;
}

static enum regex_token group(struct regex_lexer *lex, bool backslash, unsigned char c)
{
    if (backslash == lex->extended)
        return literal(lex, c);
    if (c == '|') {
        lex->at_start = true;
        return TOKEN_OR;
    }
    if (c == '(') {
        lex->n_open++;
        lex->at_start = true;
        return TOKEN_OPEN;
    }
    if (!lex->n_open) {
        lex->made->stray_paren = true;
        return lex->extended ? literal(lex, c) : TOKEN_CLOSE;
    }
    lex->n_open--;
    lex->at_start = false;
    return TOKEN_CLOSE;
}

static enum regex_token bracket(struct regex_lexer *lex)
{
    enum bracket what;
    if (!byteset_read_bracket(&lex->rest, lex->fold, &lex->set, &what, lex->err))
        return TOKEN_WRONG;
    lex->at_start = false;
    return what == BRACKET_UNKNOWN ? TOKEN_BACKREF : TOKEN_SET;
}

/* Reads a character that has a special meaning after a backslash. */
static enum regex_token escaped(struct regex_lexer *lex, unsigned char c)
{
    switch (c) {
    case '`':
        return anchor(lex, "^");
    case '\'':
        return anchor(lex, "$");
    case '<':
        return anchor(lex, "\\b(?=\\w)");
    case '>':
        return anchor(lex, "\\b(?<=\\w)");
    case 'b':
        return anchor(lex, "\\b");
    case 'B':
        return anchor(lex, "\\B");
    case 's':
    case 'S':
        return class_set(lex, "space", false, c == 'S');
    case 'w':
    case 'W':
        return class_set(lex, "alnum", true, c == 'W');
    case '\\':
    case '^':
    case '$':
    case '.':
    case '[':
    case ']':
    case '}':
    case '\n':
        return literal(lex, c);
    default:
        if (c < '1' || c > '9')
            return stray(lex, c);
        if (!lex->wrapped && !(lex->completed >> (c - '0') & 1)) {
            err_set(lex->err, "Invalid back reference");
            return TOKEN_WRONG;
        }
        lex->at_start = false;
        return TOKEN_BACKREF;
    }
}

static enum regex_token plain(struct regex_lexer *lex, unsigned char c)
{
    switch (c) {
    case '^':
        if (lex->extended || lex->last == TOKEN_END || lex->last == TOKEN_OPEN ||
            lex->last == TOKEN_OR)
            return anchor(lex, "^");
        return literal(lex, c);
    case '$':
        if (lex->extended || ends_alternative(lex->rest))
            return anchor(lex, "$");
        return literal(lex, c);
    case '\n':
        lex->at_start = true;
        return TOKEN_OR;
    case '.':
        lex->set = (struct byteset){0};
        byteset_invert(&lex->set);
        lex->at_start = false;
        return TOKEN_SET;
    case '[':
        return bracket(lex);
    default:
        return literal(lex, c);
    }
}

static enum regex_token read_token(struct regex_lexer *lex)
{
    if (!lex->rest.n)
        return TOKEN_END;
    unsigned char c = (unsigned char)lex->rest.p[0];
    lex->rest = bytes_skip(lex->rest, 1);
    bool backslash = c == '\\';
    if (backslash) {
        if (!lex->rest.n) {
            err_set(lex->err, "Trailing backslash");
            return TOKEN_WRONG;
        }
        c = (unsigned char)lex->rest.p[0];
        lex->rest = bytes_skip(lex->rest, 1);
    }
    switch (c) {
    case '?':
    case '*':
    case '+':
        return quantifier(lex, backslash, c);
    case '{':
        return interval(lex, backslash);
    case '|':
    case '(':
    case ')':
        return group(lex, backslash, c);
    default:
        return backslash ? escaped(lex, c) : plain(lex, c);
    }
}

static void shadow_token(struct regex_lexer *lex, enum regex_token token, char c)
{
    struct shadow *shadow = &lex->shadow;
    bool is_operator = token == TOKEN_OPTIONAL || token == TOKEN_STAR || token == TOKEN_PLUS;
    if (shadow->no_operand && (is_operator || (c == '{' && token == TOKEN_SET))) {
        shadow->skipped = true;
        return;
    }
    if (token == TOKEN_OPEN)
        shadow->n_open++;
    else if (c == ')' && !shadow->skipped && shadow->n_open)
        shadow->n_open--;
    shadow->skipped = false;
    shadow->no_operand = token == TOKEN_OPEN || token == TOKEN_OR || token == TOKEN_ANCHOR;
}

enum regex_token regex_lexer_next(struct regex_lexer *lex)
{
    char c = lex->rest.n ? lex->rest.p[0] : 0;
    lex->begin = lex->rest.p;
    lex->last = read_token(lex);
    if (lex->extended)
        shadow_token(lex, lex->last, c);
    return lex->last;
}
