/* SPDX-License-Identifier: MIT
 *
 * A recursive-descent parser that writes the translation while it reads. If a quantifier follows an
 * atom, the atom is enclosed in (?:…) afterwards. Stacked quantifiers (a**, a+?) are combined into
 * one, because a second quantifier has a different meaning in PCRE2.
 */
#include "chain/grep/pcre_translate.h"

#include <string.h>

#include "chain/grep/regex_lexer.h"

struct parser {
    struct regex_lexer lex;
    enum regex_token token; /* the next token */
    size_t depth;
    struct buf *out;
    char run[TRANSLATE_NEEDLE_BYTES]; /* consecutive bytes, outside groups */
    size_t n_run;
    bool has_choice; /* there are alternatives outside groups: no byte is required */
};

/* The size of a piece in glibc's compiler. The compiler copies repeated parts. For each position it
 * lists all positions that are reachable without a character: in the worst case the square of their
 * number. For each anchor it copies the positions after the anchor; in loops, the number of copies
 * has no bound. */
struct size {
    uint64_t n_leaves;  /* characters, sets and anchors, all copies */
    uint64_t n_run;     /* consecutive positions that can be passed without a character */
    uint64_t cost;      /* total entries of the lists of positions */
    uint64_t n_anchors; /* all copies */
    uint64_t n_loops;   /* repetitions of possibly empty parts, all copies */
    bool may_be_empty;
};

/* Limits a product of copies so that it cannot overflow; numbers of copies are only compared with
 * limits. */
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

/* The piece of the expression that was written last. */
struct piece {
    size_t at;   /* its offset in out */
    bool is_one; /* a quantifier after it applies to the whole piece */
    bool is_any; /* matches any text: quantifiers change nothing */
    struct size size;
};

/* Ends the run of consecutive bytes; the longest run becomes the literal. */
static void end_run(struct parser *parser)
{
    struct translated *made = parser->lex.made;
    if (parser->n_run > made->n_literal) {
        memcpy(made->literal, parser->run, parser->n_run);
        made->n_literal = parser->n_run;
    }
    parser->n_run = 0;
}

/* Adds a piece outside groups to the run of bytes. A piece that matches no text, such as an anchor,
 * does not end the run. */
static void add_to_run(struct parser *parser, int byte, bool is_empty, bool may_be_missing,
                       bool may_be_more)
{
    if (is_empty)
        return;
    if (byte < 0 || may_be_missing || parser->n_run == sizeof parser->run)
        end_run(parser);
    if (byte < 0 || may_be_missing)
        return;
    parser->run[parser->n_run++] = (char)byte;
    if (may_be_more) { /* the next byte follows the last repetition */
        end_run(parser);
        parser->run[parser->n_run++] = (char)byte;
    }
}

static void advance(struct parser *parser)
{
    parser->token = regex_lexer_next(&parser->lex);
}

static bool parse_alternatives(struct parser *parser, struct size *sum);

static bool parse_group(struct parser *parser, struct piece *piece)
{
    struct err *err = parser->lex.err;
    if (++parser->depth > TRANSLATE_MAX_DEPTH)
        return err_set(err, "more than %d groups inside each other", TRANSLATE_MAX_DEPTH);
    size_t number = ++parser->lex.n_groups;
    const char *open = parser->lex.begin;
    buf_add(parser->out, bytes_of("(?:"));
    advance(parser);
    if (!parse_alternatives(parser, &piece->size))
        return false;
    if (parser->token == TOKEN_WRONG)
        return false;
    if (parser->token != TOKEN_CLOSE) {
        parser->lex.begin = open;
        return err_set(err, "Unmatched ( or \\(");
    }
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
    if (max == TOKEN_NO_MAXIMUM)
        buf_printf(parser->out, min == 0 ? "*" : min == 1 ? "+" : "{%d,}", min);
    else if (min == 0 && max == 1)
        buf_byte(parser->out, '?');
    else
        buf_printf(parser->out, "{%d,%d}", min, max);
    piece->is_one = false;
}

/* Expands a repetition as glibc's compiler does: x+ becomes xx*, x{2,} becomes xxx*. */
static void repeat_size(struct size *size, int min, int max)
{
    uint64_t n_copies = (uint64_t)(max == TOKEN_NO_MAXIMUM ? min + 1 : max > 1 ? max : 1);
    if (size->may_be_empty) {
        size->n_run = (size->n_run + 1) * n_copies;
        size->n_loops++;
    } else {
        size->n_run += (uint64_t)(max == TOKEN_NO_MAXIMUM ? 1 : max - min);
    }
    size->n_run = bound(size->n_run);
    size->n_leaves *= n_copies;
    size->n_anchors *= n_copies;
    size->n_loops *= n_copies;
    size->cost = size->cost * n_copies + size->n_run * size->n_run;
    size->may_be_empty |= min == 0;
    bound_size(size);
}

/* Adds the size of the next piece. A piece that cannot be empty ends the run. */
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

static bool is_simple(enum regex_token token)
{
    return token == TOKEN_STAR || token == TOKEN_PLUS || token == TOKEN_OPTIONAL;
}

/* Returns the only byte of a set, or -1 if it has not exactly one. */
static int only_byte(const struct byteset *set)
{
    int byte = -1;
    for (int i = 0; i < 4; i++) {
        if (!set->words[i])
            continue;
        if (byte >= 0 || set->words[i] & (set->words[i] - 1))
            return -1;
        byte = i * 64 + __builtin_ctzll(set->words[i]);
    }
    return byte;
}

static bool parse_quantified(struct parser *parser, struct size *sum)
{
    struct piece piece;
    int byte = parser->token == TOKEN_SET ? only_byte(&parser->lex.set) : -1;
    bool is_empty = parser->token == TOKEN_ANCHOR, may_be_missing = false, may_be_more = false;
    if (!parse_atom(parser, &piece))
        return false;
    int min = 1,
        max = 1; /* simple quantifiers that are not written yet: 0 or 1, 1 or TOKEN_NO_MAXIMUM */
    for (;; advance(parser)) {
        enum regex_token token = parser->token;
        int one_min = token == TOKEN_PLUS ? 1 : 0,
            one_max = token == TOKEN_OPTIONAL ? 1 : TOKEN_NO_MAXIMUM;
        may_be_missing |=
            (is_simple(token) && !one_min) || (token == TOKEN_REPEAT && parser->lex.min == 0);
        may_be_more |= is_simple(token) || token == TOKEN_REPEAT;
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
    if (parser->depth == 0)
        add_to_run(parser, byte, is_empty, may_be_missing, may_be_more);
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
        parser->has_choice |= parser->depth == 0;
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
                .wrapped = flags & TRANSLATE_WRAPPED,
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
    if (!ok)
        made->wrong_at = (size_t)(parser.lex.begin - text.p);
    end_run(&parser);
    if (parser.has_choice)
        made->n_literal = 0;
    made->n_leaves = whole.n_leaves;
    made->unclosed = parser.lex.shadow.n_open > 0;
    made->for_glibc = whole.n_leaves <= TRANSLATE_MAX_LEAVES && whole.cost <= TRANSLATE_MAX_COST &&
                      (whole.n_anchors + 2) * whole.n_loops <= TRANSLATE_MAX_LOOPS;
    return ok;
}
