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

/* What glibc's compiler, which grep asks first, would make of the same text: in an extended
 * expression it skips an operator without operand, and a ) behind that closes nothing. */
struct shadow {
    bool no_operand; /* nothing stands before that an operator could be of */
    bool skipped;    /* an operator was skipped just before */
    size_t n_open;   /* groups */
};

struct lexer {
    struct bytes rest;
    struct shadow shadow;
    bool extended, fold;
    enum token last;
    bool at_start;      /* nothing but zero-width matches since the alternative began */
    size_t n_open;      /* groups */
    size_t n_groups;    /* all so far */
    unsigned completed; /* bit n: group n is closed, for n up to 9 */
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

enum interval {
    INTERVAL_GOOD,
    INTERVAL_BACKWARDS, /* {2,1}, or {} */
    INTERVAL_OTHER      /* no interval */
};

/* {M}, {M,}, {,N} or {M,N} behind the brace; n receives the length of a good one. */
static enum interval read_interval(struct lexer *lex, size_t *n)
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

/* Whether glibc misses the end of a basic interval rather than a number in it: it reads up to a
 * comma or the end for each of the two. */
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

/* Whether glibc does not read an interval as one here: it stands at a start or behind an anchor.
 * glibc then finds nothing wrong with it, and grep's own parser, which does, has other words. */
static bool is_unread(const struct lexer *lex)
{
    if (lex->extended)
        return lex->shadow.no_operand;
    return lex->at_start || lex->last == TOKEN_ANCHOR;
}

static enum token refuse_interval(struct lexer *lex, const char *glibc, const char *own)
{
    err_set(lex->err, "%s", is_unread(lex) ? own : glibc);
    return TOKEN_WRONG;
}

static enum token interval(struct lexer *lex, bool backslash)
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
        if (!(lex->completed >> (c - '0') & 1)) {
            err_set(lex->err, "Invalid back reference");
            return TOKEN_WRONG;
        }
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

static enum token read_token(struct lexer *lex)
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

static void shadow_token(struct lexer *lex, enum token token, char c)
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

static enum token next_token(struct lexer *lex)
{
    char c = lex->rest.n ? lex->rest.p[0] : 0;
    lex->last = read_token(lex);
    if (lex->extended)
        shadow_token(lex, lex->last, c);
    return lex->last;
}

struct parser {
    struct lexer lex;
    enum token token; /* the one to be read next */
    size_t depth;
    struct buf *out;
};

/* What glibc's compiler makes of a piece. It copies what is repeated; it lists for each place all
 * those that can be reached from it without a character, their number squared in the worst case;
 * and for each anchor it copies the places behind it, which has no bound where they go round in
 * loops. */
struct size {
    uint64_t n_leaves;  /* characters, sets and anchors, all copies */
    uint64_t n_run;     /* places in a row that may be passed without a character */
    uint64_t cost;      /* entries in those lists */
    uint64_t n_anchors; /* all copies */
    uint64_t n_loops;   /* repetitions of what may be empty, all copies */
    bool may_be_empty;
};

/* Numbers of copies multiply, but are only compared with limits. */
static uint64_t bound(uint64_t n)
{
    enum { ENOUGH = 1 << 28 };
    return n < ENOUGH ? n : ENOUGH;
}

static void bound_size(struct size *size)
{
    size->n_leaves = bound(size->n_leaves);
    size->n_run = bound(size->n_run);
    size->cost = bound(size->cost);
    size->n_anchors = bound(size->n_anchors);
    size->n_loops = bound(size->n_loops);
}

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

static bool parse_alternatives(struct parser *parser, struct size *sum);

static bool parse_group(struct parser *parser, struct piece *piece)
{
    struct err *err = parser->lex.err;
    if (++parser->depth > TRANSLATE_MAX_DEPTH)
        return err_set(err, "more than %d groups inside each other", TRANSLATE_MAX_DEPTH);
    size_t number = ++parser->lex.n_groups;
    buf_add(parser->out, bytes_of("(?:"));
    advance(parser);
    if (!parse_alternatives(parser, &piece->size))
        return false;
    if (parser->token != TOKEN_CLOSE)
        return parser->token == TOKEN_WRONG ? false : err_set(err, "Unmatched ( or \\(");
    buf_byte(parser->out, ')');
    if (number <= 9)
        parser->lex.completed |= 1U << number;
    parser->depth--;
    piece->is_one = true;
    advance(parser);
    return true;
}

/* Matches without a character. */
static const struct size nothing = {.n_run = 1, .cost = 1, .may_be_empty = true};

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
        piece->size.n_leaves = piece->size.n_anchors = 1;
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

/* Counts out a repetition as glibc's compiler does: x+ becomes xx*, x{2,} xxx*. */
static void repeat_size(struct size *size, int min, int max)
{
    uint64_t n_copies = (uint64_t)(max == NO_MAXIMUM ? min + 1 : max > 1 ? max : 1);
    if (size->may_be_empty) {
        size->n_run = (size->n_run + 1) * n_copies;
        size->n_loops++;
    } else {
        size->n_run += (uint64_t)(max == NO_MAXIMUM ? 1 : max - min);
    }
    size->n_run = bound(size->n_run);
    size->n_leaves *= n_copies;
    size->n_anchors *= n_copies;
    size->n_loops *= n_copies;
    size->cost = size->cost * n_copies + size->n_run * size->n_run;
    size->may_be_empty |= min == 0;
    bound_size(size);
}

/* Adds what follows. The run of a piece that cannot be empty ends with it. */
static void append_size(struct size *sum, const struct size *size)
{
    sum->n_leaves += size->n_leaves;
    sum->n_anchors += size->n_anchors;
    sum->n_loops += size->n_loops;
    if (size->may_be_empty)
        sum->n_run += size->n_run;
    else if (sum->n_run < size->n_run)
        sum->n_run = size->n_run;
    sum->cost += size->cost + (size->may_be_empty ? sum->n_run : 0);
    sum->may_be_empty &= size->may_be_empty;
    bound_size(sum);
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
            repeat_size(&piece.size, one_min, one_max);
            min = min < one_min ? min : one_min;
            max = max < one_max ? max : one_max;
            continue;
        }
        put_quantifier(parser, &piece, min, max);
        if (token != TOKEN_REPEAT)
            break;
        min = max = 1;
        repeat_size(&piece.size, parser->lex.min, parser->lex.max);
        put_quantifier(parser, &piece, parser->lex.min, parser->lex.max);
    }
    append_size(sum, &piece.size);
    return true;
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
        bool may_be_empty = sum->may_be_empty || branch.may_be_empty;
        append_size(sum, &branch);
        sum->may_be_empty = may_be_empty;
        if (parser->token != TOKEN_OR)
            break;
        buf_byte(parser->out, '|');
    }
    return true;
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
                .shadow = {.no_operand = true},
                .warning = warning,
                .made = made,
                .err = err},
        .out = out,
    };
    struct size whole;
    advance(&parser);
    bool ok = parse_alternatives(&parser, &whole) &&
              (parser.token == TOKEN_END || err_set(err, "Unmatched ) or \\)"));
    made->n_leaves = whole.n_leaves;
    made->unclosed = parser.lex.shadow.n_open > 0;
    made->for_glibc = whole.n_leaves <= TRANSLATE_MAX_LEAVES && whole.cost <= TRANSLATE_MAX_COST &&
                      (whole.n_anchors + 2) * whole.n_loops <= TRANSLATE_MAX_LOOPS;
    return ok;
}
