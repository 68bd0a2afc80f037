/* SPDX-License-Identifier: MIT
 *
 * Tokens are read with the context rules of GNU grep's own parser: what ^, $, *, \{ mean depends on
 * the token before and on whether anything but zero-width matches began the alternative. Where
 * grep's documentation is silent, its 3.8 release was asked (tests/unit/chain_pattern.c).
 *
 * The text is written as the descent goes; an atom that a quantifier follows is put in (?:…)
 * afterwards. Stacked quantifiers (a**, a+?) are multiplied, because PCRE2 gives a second one
 * another meaning.
 */
#include "chain/translate.h"

#include <stdio.h>
#include <string.h>

#include "chain/byteset.h"

enum {
    MAX_REPEAT = 0x7fff,   /* RE_DUP_MAX of regex.h */
    NO_MAXIMUM = -1,       /* of {m,} */
    MAX_MESSAGE_BYTES = 80 /* a warning */
};

enum token {
    TOKEN_END,
    TOKEN_SET,    /* lexer.set */
    TOKEN_ANCHOR, /* lexer.anchor */
    TOKEN_BACKREF,
    TOKEN_OPTIONAL,
    TOKEN_STAR,
    TOKEN_PLUS,
    TOKEN_REPEAT, /* lexer.min, lexer.max */
    TOKEN_OR,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_WRONG /* err is filled */
};

struct lexer {
    struct bytes rest;
    bool extended, fold;
    enum token last;
    bool at_start; /* nothing but zero-width matches since the alternative began */
    size_t n_open; /* groups */
    struct byteset set;
    const char *anchor;
    int min, max;
    struct buf *warning;
    struct translated *made;
    struct err *err;
};

static void warn(struct lexer *lex, const char *text)
{
    if (lex->warning)
        buf_printf(lex->warning, "grep: warning: %s\n", text);
}

static enum token literal(struct lexer *lex, unsigned char c)
{
    lex->set = (struct byteset){0};
    if (lex->fold)
        byteset_add_fold(&lex->set, c);
    else
        byteset_add(&lex->set, c);
    lex->at_start = false;
    return TOKEN_SET;
}

/* A backslash before a character to which it gives no meaning. */
static enum token stray(struct lexer *lex, unsigned char c)
{
    char text[MAX_MESSAGE_BYTES] = "stray \\ before unprintable character";
    if (c == ' ')
        strcpy(text, "stray \\ before white space");
    else if (c > ' ' && c < 0x7f)
        snprintf(text, sizeof text, "stray \\ before %c", c);
    warn(lex, text);
    return literal(lex, c);
}

static enum token anchor(struct lexer *lex, const char *text)
{
    lex->anchor = text;
    return TOKEN_ANCHOR;
}

static enum token class_set(struct lexer *lex, const char *class, bool and_underscore, bool invert)
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

/* Whether the $ just read is an anchor in a basic expression: at the end, before \), \| or a
 * newline. grep's own parser also takes a bare ) or | with more behind it; so does this. */
static bool ends_alternative(struct bytes rest)
{
    if (!rest.n || rest.p[0] == '\n')
        return true;
    if (rest.n < 2)
        return false;
    char c = rest.p[0] == '\\' ? rest.p[1] : rest.p[0];
    return c == ')' || c == '|';
}

/* Whether an operator at the start of an alternative stands for itself; if not, a warning. */
static bool is_plain_at_start(struct lexer *lex, const char *operator)
{
    if (!lex->at_start)
        return false;
    if (!lex->extended)
        return true;
    char text[MAX_MESSAGE_BYTES];
    strcpy(text, operator);
    strcat(text, " at start of expression");
    warn(lex, text);
    return false;
}

static enum token quantifier(struct lexer *lex, bool backslash, unsigned char c)
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

/* {M}, {M,}, {,N} or {M,N} behind the brace; 0 where it is none of these, else its length. */
static size_t read_interval(struct lexer *lex)
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
        return 0;
    if (i >= text.n || text.p[i] != '}' || lex->min < 0 || (lex->max >= 0 && lex->max < lex->min))
        return 0;
    return i + 1;
}

static enum token interval(struct lexer *lex, bool backslash)
{
    if (backslash == lex->extended)
        return literal(lex, '{');
    size_t n = read_interval(lex);
    if (!n && lex->extended)
        return literal(lex, '{');
    if (is_plain_at_start(lex, "{...}"))
        return stray(lex, '{');
    if (!n || lex->min > MAX_REPEAT || lex->max > MAX_REPEAT) {
        err_set(lex->err, n ? "Regular expression too big" : "Invalid content of \\{\\}");
        return TOKEN_WRONG;
    }
    lex->rest = bytes_skip(lex->rest, n);
    lex->at_start = false;
    return TOKEN_REPEAT;
}

static enum token group(struct lexer *lex, bool backslash, unsigned char c)
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

static enum token bracket(struct lexer *lex)
{
    enum bracket what;
    if (!byteset_read_bracket(&lex->rest, lex->fold, &lex->set, &what, lex->err))
        return TOKEN_WRONG;
    lex->at_start = false;
    return what == BRACKET_UNKNOWN ? TOKEN_BACKREF : TOKEN_SET;
}

/* A character that a backslash gives a meaning of its own. */
static enum token escaped(struct lexer *lex, unsigned char c)
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
        lex->at_start = false;
        return TOKEN_BACKREF;
    }
}

static enum token plain(struct lexer *lex, unsigned char c)
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

static enum token next_token(struct lexer *lex)
{
    if (!lex->rest.n)
        return lex->last = TOKEN_END;
    unsigned char c = (unsigned char)lex->rest.p[0];
    lex->rest = bytes_skip(lex->rest, 1);
    bool backslash = c == '\\';
    if (backslash) {
        if (!lex->rest.n) {
            err_set(lex->err, "Trailing backslash");
            return lex->last = TOKEN_WRONG;
        }
        c = (unsigned char)lex->rest.p[0];
        lex->rest = bytes_skip(lex->rest, 1);
    }
    switch (c) {
    case '?':
    case '*':
    case '+':
        return lex->last = quantifier(lex, backslash, c);
    case '{':
        return lex->last = interval(lex, backslash);
    case '|':
    case '(':
    case ')':
        return lex->last = group(lex, backslash, c);
    default:
        return lex->last = backslash ? escaped(lex, c) : plain(lex, c);
    }
}

struct parser {
    struct lexer lex;
    enum token token; /* the one to be read next */
    size_t depth;
    struct buf *out;
};

/* What glibc's compiler makes of a piece. It copies what is repeated, and lists for each place all
 * those that can be reached from it without a character: their number squared, in the worst case.
 */
struct size {
    uint64_t n_leaves; /* characters, sets and anchors, all copies */
    uint64_t n_run;    /* places in a row that may be passed without a character */
    uint64_t cost;     /* entries in those lists */
    bool may_be_empty;
};

/* A piece of the expression just written. */
struct piece {
    size_t at;   /* where it begins in out */
    bool is_one; /* a quantifier behind it takes all of it */
    bool is_any; /* matches any text: quantifiers change nothing */
    struct size size;
};

static void advance(struct parser *parser)
{
    parser->token = next_token(&parser->lex);
}

static bool refuse_size(struct parser *parser)
{
    parser->lex.made->over_limit = true;
    return err_set(parser->lex.err, "Regular expression too big");
}

static bool parse_alternatives(struct parser *parser, struct size *sum);

static bool parse_group(struct parser *parser, struct piece *piece)
{
    struct err *err = parser->lex.err;
    if (++parser->depth > TRANSLATE_MAX_DEPTH) {
        parser->lex.made->over_limit = true;
        return err_set(err, "more than %d groups inside each other", TRANSLATE_MAX_DEPTH);
    }
    buf_add(parser->out, bytes_of("(?:"));
    advance(parser);
    if (!parse_alternatives(parser, &piece->size))
        return false;
    if (parser->token != TOKEN_CLOSE)
        return parser->token == TOKEN_WRONG ? false : err_set(err, "Unmatched ( or \\(");
    buf_byte(parser->out, ')');
    parser->depth--;
    piece->is_one = true;
    advance(parser);
    return true;
}

/* Matches without a character. */
static const struct size nothing = {.n_leaves = 1, .n_run = 1, .cost = 1, .may_be_empty = true};

static bool parse_atom(struct parser *parser, struct piece *piece)
{
    struct translated *made = parser->lex.made;
    *piece = (struct piece){.at = parser->out->n, .size = {.n_leaves = 1}};
    switch (parser->token) {
    case TOKEN_SET:
        byteset_print(&parser->lex.set, parser->out);
        piece->is_one = true;
        made->has_char = true;
        break;
    case TOKEN_ANCHOR:
        buf_add(parser->out, bytes_of(parser->lex.anchor));
        piece->size = nothing;
        break;
    case TOKEN_BACKREF:
        buf_add(parser->out, bytes_of("(?:.*)"));
        piece->is_any = true;
        made->backref = true;
        break;
    case TOKEN_OPEN:
        return parse_group(parser, piece);
    case TOKEN_WRONG:
        return false;
    default: /* an operator without operand: the empty expression */
        piece->size = nothing;
        return true;
    }
    advance(parser);
    return true;
}

static void wrap(struct buf *out, size_t at)
{
    static const char open[] = "(?:";
    size_t n = out->n - at;
    buf_reserve(out, sizeof open);
    memmove(out->p + at + 3, out->p + at, n);
    memcpy(out->p + at, open, 3);
    out->n += 3;
    buf_byte(out, ')');
}

static void put_quantifier(struct parser *parser, struct piece *piece, int min, int max)
{
    if ((min == 1 && max == 1) || piece->is_any)
        return;
    if (!piece->is_one)
        wrap(parser->out, piece->at);
    if (max == NO_MAXIMUM)
        buf_printf(parser->out, min == 0 ? "*" : min == 1 ? "+" : "{%d,}", min);
    else if (min == 0 && max == 1)
        buf_byte(parser->out, '?');
    else
        buf_printf(parser->out, "{%d,%d}", min, max);
    piece->is_one = false;
}

static bool check_size(struct parser *parser, const struct size *size)
{
    return (size->n_leaves <= TRANSLATE_MAX_LEAVES && size->cost <= TRANSLATE_MAX_COST) ||
           refuse_size(parser);
}

/* Counts out a repetition as glibc's compiler does: x+ becomes xx*, x{2,} xxx*. */
static bool repeat_size(struct parser *parser, struct size *size, int min, int max)
{
    uint64_t n_copies = (uint64_t)(max == NO_MAXIMUM ? min + 1 : max > 1 ? max : 1);
    size->n_leaves *= n_copies;
    size->cost *= n_copies;
    if (size->may_be_empty)
        size->n_run = (size->n_run + 1) * n_copies;
    else
        size->n_run += (uint64_t)(max == NO_MAXIMUM ? 1 : max - min);
    size->cost += size->n_run * size->n_run;
    size->may_be_empty |= min == 0;
    return check_size(parser, size);
}

/* Adds what follows. The run of a piece that cannot be empty ends with it. */
static void append_size(struct size *sum, const struct size *size)
{
    sum->n_leaves += size->n_leaves;
    sum->cost += size->cost;
    if (size->may_be_empty)
        sum->n_run += size->n_run;
    else if (sum->n_run < size->n_run)
        sum->n_run = size->n_run;
    sum->cost += size->may_be_empty ? sum->n_run : 0;
    sum->may_be_empty &= size->may_be_empty;
}

static bool is_simple(enum token token)
{
    return token == TOKEN_STAR || token == TOKEN_PLUS || token == TOKEN_OPTIONAL;
}

static bool parse_quantified(struct parser *parser, struct size *sum)
{
    struct piece piece;
    if (!parse_atom(parser, &piece))
        return false;
    int min = 1, max = 1; /* of simple quantifiers not written yet: 0 or 1, 1 or NO_MAXIMUM */
    for (;; advance(parser)) {
        enum token token = parser->token;
        int one_min = token == TOKEN_PLUS ? 1 : 0,
            one_max = token == TOKEN_OPTIONAL ? 1 : NO_MAXIMUM;
        if (is_simple(token)) {
            if (!repeat_size(parser, &piece.size, one_min, one_max))
                return false;
            min = min < one_min ? min : one_min;
            max = max < one_max ? max : one_max;
            continue;
        }
        put_quantifier(parser, &piece, min, max);
        if (token != TOKEN_REPEAT)
            break;
        min = max = 1;
        if (!repeat_size(parser, &piece.size, parser->lex.min, parser->lex.max))
            return false;
        put_quantifier(parser, &piece, parser->lex.min, parser->lex.max);
    }
    append_size(sum, &piece.size);
    return check_size(parser, sum);
}

static bool parse_alternatives(struct parser *parser, struct size *sum)
{
    *sum = (struct size){0};
    for (;; advance(parser)) {
        struct size branch = {.may_be_empty = true};
        do {
            if (!parse_quantified(parser, &branch))
                return false;
        } while (parser->token != TOKEN_CLOSE && parser->token != TOKEN_OR &&
                 parser->token != TOKEN_END);
        sum->n_leaves += branch.n_leaves;
        sum->n_run += branch.n_run;
        sum->cost += branch.cost;
        sum->may_be_empty |= branch.may_be_empty;
        if (parser->token != TOKEN_OR)
            break;
        buf_byte(parser->out, '|');
    }
    return check_size(parser, sum);
}

bool translate(struct bytes text, enum translate_flags flags, struct buf *out, struct buf *warning,
               struct translated *made, struct err *err)
{
    *made = (struct translated){0};
    struct parser parser = {
        .lex = {.rest = text,
                .extended = flags & TRANSLATE_EXTENDED,
                .fold = flags & TRANSLATE_FOLD,
                .last = TOKEN_END,
                .at_start = true,
                .warning = warning,
                .made = made,
                .err = err},
        .out = out,
    };
    struct size whole;
    advance(&parser);
    bool ok = parse_alternatives(&parser, &whole) &&
              (parser.token == TOKEN_END || err_set(err, "Unmatched ) or \\)"));
    if (!ok && bytes_index(parser.lex.rest, '{') < parser.lex.rest.n)
        made->over_limit = true; /* what is behind the mistake was not counted */
    made->n_leaves = ok ? whole.n_leaves : 0;
    return ok;
}
