/* SPDX-License-Identifier: MIT
 *
 * There are three ways to decide a line. Usually PCRE2 decides, with the translation of
 * pcre_translate.h; if PCRE2 reaches a limit on a line, the POSIX matcher decides it. If there is a
 * back-reference, PCRE2 matches a wider expression first, and the POSIX matcher decides each line
 * that matches it. For -P, PCRE2 is called as grep calls it.
 *
 * Many expressions are joined into a few PCRE2 expressions, each of limited length, because PCRE2
 * does not compile very long expressions.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "chain/grep/pattern.h"

#include <pcre2.h>
#include <stdlib.h>
#include <string.h>

#include "chain/grep/bracket_expr.h"
#include "chain/grep/grep_exprs.h"
#include "chain/grep/posix_matcher.h"
#include "chain/grep/literal_prefilter.h"
#include "chain/grep/pcre_translate.h"

enum {
    MAX_JOINED_BYTES = 12 * 1024, /* length of the expressions joined in one PCRE2 expression */
    MAX_NESTING =
        500, /* parentheses in a PCRE2 expression; for deeper nesting, the POSIX matcher is used */
    STACK_START_BYTES = 32 * 1024,
    STACK_BYTES = 1024 * 1024,            /* stack of PCRE2's JIT */
    STACK_PERL_BYTES = 256 * 1024 * 1024, /* for -P, where grep sets no limit */
    LINE_LIMIT = 1000 * 1000, /* PCRE2's steps on one line; beyond it, the POSIX matcher is used */
    BLOCK_LIMIT = 20 * 1000 * 1000 /* PCRE2's steps on many lines at once */
};

struct code {
    pcre2_code *code; /* owned */
    bool jit;
};

struct pattern {
    struct code *codes; /* owned; a line matches only if one of the codes matches it */
    size_t n_codes;
    bool is_perl;
    bool needs_matcher; /* the POSIX matcher decides the lines that the codes match; all lines if
                           there are no codes */
    bool no_matcher;    /* the expressions exceed the limits for glibc's compiler */
    bool matches_all;
    struct literal_prefilter prefilter; /* each matching line contains it; n 0: no prefilter */
    struct exprs matcher_exprs;         /* expressions of the POSIX matcher */
    enum posix_flags matcher_flags;
};

struct pattern_scratch {
    const struct pattern *pattern;
    pcre2_match_data *data;
    pcre2_match_context *line_context, *block_context;
    pcre2_jit_stack *stack;
    struct posix_matcher *matcher;      /* NULL until it is needed */
    struct literal_prefilter prefilter; /* n 0: not chosen yet */
    bool skips_prefilter;               /* too many lines contain it, so it does not save time */
};

static pcre2_code *compile_text(struct bytes text, uint32_t options, int *error, size_t *at)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    if (options & PCRE2_MULTILINE)
        pcre2_set_parens_nest_limit(context, MAX_NESTING);
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)(text.n ? text.p : ""), text.n,
                                     options | PCRE2_NEVER_UTF, error, at, context);
    pcre2_compile_context_free(context);
    return code;
}

static void add_code(struct pattern *pattern, pcre2_code *compiled)
{
    pattern->codes = mem_array(pattern->codes, pattern->n_codes + 1, sizeof *pattern->codes);
    struct code *code = &pattern->codes[pattern->n_codes++];
    code->code = compiled;
    code->jit = pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE) == 0;
}

/* Adds a code for joined alternatives, with -w and -x applied. Returns false if PCRE2 does not
 * compile it. */
static bool add_joined(struct pattern *pattern, const struct stage_spec *spec, struct bytes text)
{
    BUF_AUTO struct buf whole = {0};
    const char *before = "", *behind = "";
    if (spec->whole_line)
        before = "^(?:", behind = ")$";
    else if (spec->whole_word)
        before = "(?<!\\w)(?:", behind = ")(?!\\w)";
    buf_add(&whole, bytes_of(before));
    buf_add(&whole, text);
    buf_add(&whole, bytes_of(behind));
    int error;
    size_t at;
    uint32_t fold = spec->ignore_case ? PCRE2_CASELESS : 0;
    pcre2_code *code = compile_text(buf_bytes(&whole),
                                    PCRE2_MULTILINE | PCRE2_NO_AUTO_CAPTURE | fold, &error, &at);
    if (code)
        add_code(pattern, code);
    return code;
}

/* Collects translated lines until they fill one code. */
struct joiner {
    struct pattern *pattern;
    const struct stage_spec *spec;
    struct buf text;
    bool any;    /* text has at least one line, which can be empty */
    bool failed; /* PCRE2 could not compile a code */
};

static void join_end(struct joiner *joiner)
{
    if (joiner->any && !add_joined(joiner->pattern, joiner->spec, buf_bytes(&joiner->text)))
        joiner->failed = true;
    joiner->any = false;
    buf_clear(&joiner->text);
}

static void join(struct joiner *joiner, struct bytes line)
{
    if (joiner->any && joiner->text.n + line.n > MAX_JOINED_BYTES)
        join_end(joiner);
    if (joiner->any)
        buf_byte(&joiner->text, '|');
    buf_add(&joiner->text, line);
    joiner->any = true;
}

static enum posix_flags posix_matcher_flags_of(const struct stage_spec *spec)
{
    return (spec->syntax == GREP_EXTENDED ? POSIX_EXTENDED : 0) |
           (spec->ignore_case ? POSIX_FOLD : 0) | (spec->whole_word ? POSIX_WORD : 0) |
           (spec->whole_line ? POSIX_LINE : 0);
}

/* Configures the POSIX matcher like grep's own automaton: -w and -x are part of the expression. */
static void posix_matcher_as_one(struct pattern *pattern, const struct exprs *exprs,
                                 enum posix_flags flags)
{
    posix_matcher_wrap(buf_bytes(&exprs->text), flags, &pattern->matcher_exprs.text);
    pattern->matcher_exprs.lines = mem_zero(1, sizeof *pattern->matcher_exprs.lines);
    pattern->matcher_exprs.lines[0] = buf_bytes(&pattern->matcher_exprs.text);
    pattern->matcher_exprs.n = 1;
    pattern->matcher_flags = flags & ~(enum posix_flags)(POSIX_WORD | POSIX_LINE);
}

static void compile_fixed(struct pattern *pattern, const struct stage_spec *spec,
                          const struct exprs *exprs)
{
    struct joiner joiner = {.pattern = pattern, .spec = spec};
    BUF_AUTO struct buf line = {0};
    for (size_t i = 0; i < exprs->n; i++) {
        buf_clear(&line);
        for (size_t j = 0; j < exprs->lines[i].n; j++) {
            struct byteset one = {0};
            byteset_add(&one, (unsigned char)exprs->lines[i].p[j]);
            byteset_print(&one, &line);
        }
        join(&joiner, buf_bytes(&line));
    }
    join_end(&joiner);
    buf_finish(&joiner.text);
    pattern->needs_matcher = joiner.failed;
    struct exprs escaped;
    exprs_escape(exprs, &escaped);
    posix_matcher_as_one(pattern, &escaped,
                         posix_matcher_flags_of(spec) & ~(enum posix_flags)POSIX_EXTENDED);
    exprs_finish(&escaped);
}

static enum translate_flags translate_flags_of(const struct stage_spec *spec)
{
    return (spec->syntax == GREP_EXTENDED ? TRANSLATE_EXTENDED : 0) |
           (spec->ignore_case ? TRANSLATE_FOLD : 0);
}

/* Translates an expression that has a ) without a (. grep implements -w and -x with a group around
 * the expression, and such a ) closes this group; the translation therefore includes the group. */
static bool translate_wrapped(struct pattern *pattern, const struct stage_spec *spec,
                              const struct exprs *exprs, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    BUF_AUTO struct buf made_text = {0};
    struct translated made;
    struct stage_spec bare = {.ignore_case = spec->ignore_case};
    posix_matcher_wrap(buf_bytes(&exprs->text), posix_matcher_flags_of(spec), &text);
    if (!translate(buf_bytes(&text), translate_flags_of(spec) | TRANSLATE_WRAPPED, &made_text, NULL,
                   &made, err))
        return false;
    if (!add_joined(pattern, &bare, buf_bytes(&made_text)))
        pattern->needs_matcher = true;
    return true;
}

static void drop_codes(struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->n_codes; i++)
        pcre2_code_free(pattern->codes[i].code);
    pattern->n_codes = 0;
}

/* Adds to the error the column of the error and, if there are several expressions, the number of
 * the expression. */
static bool add_column(const struct exprs *exprs, size_t i, size_t at, struct err *err)
{
    struct err words = *err;
    struct bytes expr = exprs->lines[i];
    if (exprs->n > 1)
        return err_set(err, "%s (column %zu of %.*s)", words.text, at + 1, (int)expr.n, expr.p);
    return err_set(err, "%s (column %zu)", words.text, at + 1);
}

/* Translates all lines and joins them into codes. sum receives the combined properties of the
 * lines. */
static bool join_lines(struct pattern *pattern, const struct stage_spec *spec,
                       const struct exprs *exprs, struct translated *sum, struct buf *warning,
                       struct err *err)
{
    struct joiner joiner = {.pattern = pattern, .spec = spec};
    BUF_AUTO struct buf line = {0};
    bool ok = true;
    *sum = (struct translated){0};
    for (size_t i = 0; ok && i < exprs->n; i++) {
        struct translated made;
        buf_clear(&line);
        ok = translate(exprs->lines[i], translate_flags_of(spec), &line, warning, &made, err)
                 ? !made.unclosed || err_set(err, "Unmatched ( or \\(")
                 : add_column(exprs, i, made.wrong_at, err);
        sum->backref |= made.backref;
        sum->has_char |= made.has_char;
        sum->stray_paren |= made.stray_paren;
        sum->n_leaves += made.n_leaves;
        pattern->no_matcher |= !made.for_glibc || sum->n_leaves > TRANSLATE_MAX_LEAVES;
        if (ok)
            join(&joiner, buf_bytes(&line));
        if (ok && exprs->n == 1)
            literal_prefilter_set(&pattern->prefilter, bytes_from(made.literal, made.n_literal));
    }
    join_end(&joiner);
    buf_finish(&joiner.text);
    pattern->needs_matcher = joiner.failed;
    return ok;
}

static bool compile_posix(struct pattern *pattern, const struct stage_spec *spec,
                          const struct exprs *exprs, struct buf *warning, struct err *err)
{
    struct translated sum;
    if (!join_lines(pattern, spec, exprs, &sum, warning, err))
        return false;
    if (sum.stray_paren && (spec->whole_word || spec->whole_line)) {
        drop_codes(pattern);
        pattern->needs_matcher = false;
        pattern->prefilter.n = 0;
        if (!translate_wrapped(pattern, spec, exprs, err))
            return false;
    }
    /* without a character, grep itself has no wider expression */
    bool no_filter = sum.backref && !sum.has_char && !spec->whole_word;
    if (pattern->needs_matcher || no_filter)
        drop_codes(pattern);
    if (!sum.backref) {
        posix_matcher_as_one(pattern, exprs, posix_matcher_flags_of(spec));
    } else {
        pattern->needs_matcher = true;
        exprs_split(spec, &pattern->matcher_exprs);
        pattern->matcher_flags = posix_matcher_flags_of(spec);
    }
    if (pattern->needs_matcher && pattern->no_matcher)
        return err_set(err, "Regular expression too big");
    for (size_t i = 0; i < exprs->n && pattern->needs_matcher; i++)
        if (!posix_matcher_check(exprs->lines[i], posix_matcher_flags_of(spec), err))
            return false;
    return true;
}

static bool compile_perl(struct pattern *pattern, const struct stage_spec *spec,
                         const struct exprs *exprs, struct err *err)
{
    if (exprs->n > 1)
        return err_set(err, "the -P option only supports a single pattern");
    BUF_AUTO struct buf text = {0};
    const char *before = spec->whole_line ? "^(?:" : spec->whole_word ? "(?<!\\w)(?:" : "";
    const char *behind = spec->whole_line ? ")$" : spec->whole_word ? ")(?!\\w)" : "";
    buf_add(&text, bytes_of(before));
    buf_add(&text, exprs->lines[0]);
    buf_add(&text, bytes_of(behind));
    int error;
    size_t at;
    pcre2_code *code =
        compile_text(buf_bytes(&text),
                     PCRE2_DOLLAR_ENDONLY | (spec->ignore_case ? PCRE2_CASELESS : 0), &error, &at);
    if (!code) {
        char words[256];
        pcre2_get_error_message(error, (PCRE2_UCHAR *)words, sizeof words);
        size_t column = at > strlen(before) ? at - strlen(before) + 1 : 1;
        return err_set(err, "%s (column %zu)", words, column);
    }
    add_code(pattern, code);
    pattern->is_perl = true;
    return true;
}

bool pattern_compile(const struct stage_spec *spec, struct pattern **out, struct buf *warning,
                     struct err *err)
{
    struct pattern *pattern = mem_zero(1, sizeof *pattern);
    struct exprs exprs, fixed;
    bool ok = true;
    exprs_split(spec, &exprs);
    if (exprs.n == 0) {
        /* matches no line: no codes, no matcher */
    } else if (spec->syntax == GREP_PERL) {
        ok = compile_perl(pattern, spec, &exprs, err);
    } else if (spec->syntax == GREP_FIXED) {
        compile_fixed(pattern, spec, &exprs);
    } else if (exprs_as_fixed(&exprs, spec->syntax, &fixed)) {
        compile_fixed(pattern, spec, &fixed);
        exprs_finish(&fixed);
    } else {
        ok = compile_posix(pattern, spec, &exprs, warning, err);
    }
    for (size_t i = 0; i < exprs.n && spec->syntax != GREP_PERL; i++)
        pattern->matches_all |= exprs.lines[i].n == 0 && !spec->whole_word && !spec->whole_line;
    exprs_finish(&exprs);
    if (!ok) {
        pattern_destroy(pattern);
        return false;
    }
    *out = pattern;
    return true;
}

void pattern_destroy(struct pattern *pattern)
{
    if (!pattern)
        return;
    drop_codes(pattern);
    free(pattern->codes);
    exprs_finish(&pattern->matcher_exprs);
    free(pattern);
}

struct pattern_scratch *pattern_scratch_create(const struct pattern *pattern)
{
    struct pattern_scratch *scratch = mem_zero(1, sizeof *scratch);
    scratch->pattern = pattern;
    scratch->data = pcre2_match_data_create(1, NULL);
    scratch->line_context = pcre2_match_context_create(NULL);
    scratch->block_context = pcre2_match_context_create(NULL);
    scratch->stack = pcre2_jit_stack_create(
        STACK_START_BYTES, pattern->is_perl ? STACK_PERL_BYTES : STACK_BYTES, NULL);
    pcre2_jit_stack_assign(scratch->line_context, NULL, scratch->stack);
    pcre2_jit_stack_assign(scratch->block_context, NULL, scratch->stack);
    pcre2_set_match_limit(scratch->block_context, BLOCK_LIMIT);
    if (!pattern->is_perl)
        pcre2_set_match_limit(scratch->line_context, LINE_LIMIT);
    return scratch;
}

void pattern_scratch_destroy(struct pattern_scratch *scratch)
{
    if (!scratch)
        return;
    pcre2_match_data_free(scratch->data);
    pcre2_match_context_free(scratch->line_context);
    pcre2_match_context_free(scratch->block_context);
    pcre2_jit_stack_free(scratch->stack);
    posix_matcher_destroy(scratch->matcher);
    free(scratch);
}

static int run(const struct code *code, struct pattern_scratch *scratch,
               pcre2_match_context *context, struct bytes text, size_t from)
{
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.n ? text.p : "");
    if (code->jit)
        return pcre2_jit_match(code->code, subject, text.n, from, 0, scratch->data, context);
    return pcre2_match(code->code, subject, text.n, from, 0, scratch->data, context);
}

static int posix_matcher_line(struct pattern_scratch *scratch, struct bytes line, struct err *err)
{
    const struct pattern *pattern = scratch->pattern;
    if (pattern->no_matcher) {
        err_set(err, "grep: the expression needs too many steps on a line of %zu bytes", line.n);
        return -1;
    }
    if (!scratch->matcher &&
        !posix_matcher_create(pattern->matcher_exprs.lines, pattern->matcher_exprs.n,
                              pattern->matcher_flags, &scratch->matcher, err))
        return -1;
    int answer = posix_matcher_match(scratch->matcher, line);
    if (answer < 0)
        err_set(err, "grep: memory exhausted");
    return answer;
}

/* Fills err with the message of grep -P for an error of PCRE2. */
static int fail_perl(int code, struct err *err)
{
    switch (code) {
    case PCRE2_ERROR_NOMEMORY:
        err_set(err, "grep -P: memory exhausted");
        break;
    case PCRE2_ERROR_JIT_STACKLIMIT:
        err_set(err, "grep -P: exhausted PCRE JIT stack");
        break;
    case PCRE2_ERROR_MATCHLIMIT:
        err_set(err, "grep -P: exceeded PCRE's backtracking limit");
        break;
    case PCRE2_ERROR_DEPTHLIMIT:
        err_set(err, "grep -P: exceeded PCRE's nested backtracking limit");
        break;
    case PCRE2_ERROR_RECURSELOOP:
        err_set(err, "grep -P: PCRE detected recurse loop");
        break;
    case PCRE2_ERROR_HEAPLIMIT:
        err_set(err, "grep -P: exceeded PCRE's heap limit");
        break;
    default:
        err_set(err, "grep -P: internal PCRE error: %d", code);
    }
    return -1;
}

int pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch, struct bytes line,
                  struct err *err)
{
    if (pattern->matches_all)
        return 1;
    bool may_match = pattern->needs_matcher && pattern->n_codes == 0;
    for (size_t i = 0; i < pattern->n_codes && !may_match; i++) {
        int found = run(&pattern->codes[i], scratch, scratch->line_context, line, 0);
        if (found == PCRE2_ERROR_NOMATCH)
            continue;
        if (found >= 0 && !pattern->needs_matcher)
            return 1;
        if (pattern->is_perl)
            return fail_perl(found, err);
        may_match = true;
    }
    return may_match ? posix_matcher_line(scratch, line, err) : 0;
}

static void set_bit(uint64_t *bits, size_t i)
{
    bits[i / 64] |= (uint64_t)1 << i % 64;
}

static struct bytes line_at(const struct pattern_lines *lines, size_t i)
{
    return bytes_from(lines->text.p + lines->starts[i],
                      lines->starts[i + 1] - lines->starts[i] - 1);
}

/* Matches the lines one by one, beginning with line `first`. */
static bool match_each(const struct pattern *pattern, struct pattern_scratch *scratch,
                       const struct pattern_lines *lines, size_t first, uint64_t *bits,
                       struct err *err)
{
    for (size_t i = first; i < lines->n_lines; i++) {
        int answer = pattern_match(pattern, scratch, line_at(lines, i), err);
        if (answer < 0)
            return false;
        if (answer)
            set_bit(bits, i);
    }
    return true;
}

/* Returns the line that contains offset. The line is not before `from`, and usually close to it. */
static size_t find_line(const struct pattern_lines *lines, size_t from, size_t offset)
{
    size_t low = from, step = 1;
    while (low + step < lines->n_lines && lines->starts[low + step] <= offset) {
        low += step;
        step *= 2;
    }
    size_t high = low + step < lines->n_lines ? low + step : lines->n_lines;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (lines->starts[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Matches one by one the lines that contain the literal. Sets *reached to n_lines, or to the first
 * line that was not searched because the prefilter does not save time. */
static bool match_prefiltered(const struct pattern *pattern, struct pattern_scratch *scratch,
                              const struct pattern_lines *lines, uint64_t *bits, size_t *reached,
                              struct err *err)
{
    enum { ENOUGH = 1024 };
    size_t n_tried = 0, line = 0;
    if (!scratch->prefilter.n) {
        scratch->prefilter = pattern->prefilter;
        literal_prefilter_choose(&scratch->prefilter, lines->text);
    }
    for (; line < lines->n_lines; line++, n_tried++) {
        if (n_tried > ENOUGH && n_tried * LITERAL_PAYS > line) {
            scratch->skips_prefilter = true;
            break;
        }
        size_t at = lines->starts[line];
        const char *found =
            literal_prefilter_find(&scratch->prefilter, bytes_skip(lines->text, at));
        if (!found) {
            line = lines->n_lines;
            break;
        }
        line = find_line(lines, line, (size_t)(found - lines->text.p));
        int answer = pattern_match(pattern, scratch, line_at(lines, line), err);
        if (answer < 0)
            return false;
        if (answer)
            set_bit(bits, line);
    }
    *reached = line;
    return true;
}

/* Matches one code against all lines from `line` at once; after a match it continues with the next
 * line. Sets *reached to n_lines, or to the line on which PCRE2 reached a limit. */
static bool match_block(const struct code *code, struct pattern_scratch *scratch,
                        const struct pattern_lines *lines, size_t line, uint64_t *bits,
                        size_t *reached, struct err *err)
{
    const size_t *found = pcre2_get_ovector_pointer(scratch->data);
    while (line < lines->n_lines) {
        *reached = line;
        int answer = run(code, scratch, scratch->block_context, lines->text, lines->starts[line]);
        if (answer < 0 && answer != PCRE2_ERROR_NOMATCH)
            return true;
        if (answer < 0 || found[0] >= lines->text.n)
            break; /* no line follows the last newline */
        line = find_line(lines, line, found[0]);
        int matcher_exprs = scratch->pattern->needs_matcher
                                ? posix_matcher_line(scratch, line_at(lines, line), err)
                                : 1;
        if (matcher_exprs < 0)
            return false;
        if (matcher_exprs)
            set_bit(bits, line);
        line++;
    }
    *reached = lines->n_lines;
    return true;
}

bool pattern_match_lines(const struct pattern *pattern, struct pattern_scratch *scratch,
                         const struct pattern_lines *lines, uint64_t *bits, struct err *err)
{
    if (pattern->matches_all) {
        for (size_t i = 0; i < lines->n_lines; i++)
            set_bit(bits, i);
        return true;
    }
    if (pattern->is_perl || (pattern->needs_matcher && pattern->n_codes == 0))
        return match_each(pattern, scratch, lines, 0, bits, err);
    size_t first = 0;
    if (pattern->prefilter.n && pattern->n_codes == 1 && !scratch->skips_prefilter &&
        !match_prefiltered(pattern, scratch, lines, bits, &first, err))
        return false;
    for (size_t i = 0; i < pattern->n_codes; i++) {
        size_t reached = first;
        if (!match_block(&pattern->codes[i], scratch, lines, first, bits, &reached, err))
            return false;
        if (reached < lines->n_lines)
            return match_each(pattern, scratch, lines, i ? 0 : reached, bits, err);
    }
    return true;
}
