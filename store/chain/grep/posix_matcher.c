/* SPDX-License-Identifier: MIT
 *
 * With back-references, grep implements -w as a search and not as an expression: it tries the
 * leftmost longest match, then shorter matches at the same position, then the next position. The
 * search below follows the steps of grep 3.8 exactly, including the cases in which grep misses a
 * match.
 */
#include "chain/grep/posix_matcher.h"

#include <limits.h>
#include <locale.h>
#include <pthread.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "chain/grep/bracket_expr.h"

/* re_compile_pattern reads its syntax from a global variable, re_syntax_options. Therefore only one
 * thread compiles at a time. */
static pthread_mutex_t compiling = PTHREAD_MUTEX_INITIALIZER;

struct posix_matcher {
    struct re_pattern_buffer *patterns; /* owned */
    size_t n_patterns;
    struct re_registers found; /* allocated and grown by glibc */
    enum posix_flags flags;
    locale_t c; /* glibc reads the locale of the thread, also while it matches */
};

static reg_syntax_t syntax_of(enum posix_flags flags)
{
    return (flags & POSIX_EXTENDED ? RE_SYNTAX_EGREP : RE_SYNTAX_GREP) |
           (flags & POSIX_FOLD ? RE_ICASE : 0);
}

/* Compiles an expression in the C locale. Returns glibc's error message, or NULL on success. */
static const char *compile(struct bytes expr, reg_syntax_t syntax,
                           struct re_pattern_buffer *pattern)
{
    pthread_mutex_lock(&compiling);
    re_set_syntax(syntax);
    const char *wrong = re_compile_pattern(expr.n ? expr.p : "", expr.n, pattern);
    pthread_mutex_unlock(&compiling);
    return wrong;
}

bool posix_matcher_check(struct bytes expr, enum posix_flags flags, struct err *err)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    struct re_pattern_buffer pattern = {0};
    const char *wrong = compile(expr, syntax_of(flags) | RE_NO_SUB, &pattern);
    if (!wrong)
        regfree(&pattern);
    bool ok = !wrong || err_set(err, "%s", wrong);
    uselocale(before);
    freelocale(c);
    return ok;
}

bool posix_matcher_has_backref(struct bytes expr)
{
    for (size_t i = 0; i + 1 < expr.n; i++) {
        if (expr.p[i] != '\\')
            continue;
        i++;
        if (expr.p[i] >= '1' && expr.p[i] <= '9')
            return true;
    }
    return false;
}

void posix_matcher_wrap(struct bytes expr, enum posix_flags flags, struct buf *out)
{
    static const char *const around[2][2][2] = {
        {{"\\(^\\|[^[:alnum:]_]\\)\\(", "\\)\\([^[:alnum:]_]\\|$\\)"}, {"^\\(", "\\)$"}},
        {{"(^|[^[:alnum:]_])(", ")([^[:alnum:]_]|$)"}, {"^(", ")$"}},
    };
    bool wraps = flags & (POSIX_WORD | POSIX_LINE);
    const char *const *sides = around[!!(flags & POSIX_EXTENDED)][!!(flags & POSIX_LINE)];
    buf_add(out, bytes_of(wraps ? sides[0] : ""));
    buf_add(out, expr);
    buf_add(out, bytes_of(wraps ? sides[1] : ""));
}

static bool add_pattern(struct posix_matcher *matcher, struct bytes expr, struct err *err)
{
    struct re_pattern_buffer *pattern = &matcher->patterns[matcher->n_patterns];
    *pattern = (struct re_pattern_buffer){0};
    if (!(matcher->flags & POSIX_FOLD)) /* glibc's bug 20381: no fastmap with -i */
        pattern->fastmap = mem_alloc(UCHAR_MAX + 1);
    const char *wrong = compile(expr, syntax_of(matcher->flags), pattern);
    if (wrong) {
        free(pattern->fastmap);
        return err_set(err, "%s", wrong);
    }
    pattern->newline_anchor = 1;
    matcher->n_patterns++;
    return true;
}

static bool add_patterns(struct posix_matcher *matcher, const struct bytes *lines, size_t n,
                         struct err *err)
{
    BUF_AUTO struct buf together = {0};
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        if (posix_matcher_has_backref(lines[i])) {
            if (!add_pattern(matcher, lines[i], err))
                return false;
            continue;
        }
        if (any)
            buf_byte(&together, '\n');
        buf_add(&together, lines[i]);
        any = true;
    }
    return !any || add_pattern(matcher, buf_bytes(&together), err);
}

bool posix_matcher_create(const struct bytes *lines, size_t n_lines, enum posix_flags flags,
                          struct posix_matcher **out, struct err *err)
{
    struct posix_matcher *matcher = mem_zero(1, sizeof *matcher);
    matcher->flags = flags;
    matcher->patterns = mem_zero(n_lines + 1, sizeof *matcher->patterns);
    matcher->c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(matcher->c);
    bool ok = add_patterns(matcher, lines, n_lines, err);
    uselocale(before);
    if (!ok) {
        posix_matcher_destroy(matcher);
        return false;
    }
    *out = matcher;
    return true;
}

void posix_matcher_destroy(struct posix_matcher *matcher)
{
    if (!matcher)
        return;
    for (size_t i = 0; i < matcher->n_patterns; i++)
        regfree(&matcher->patterns[i]); /* also frees the fastmap */
    free(matcher->patterns);
    free(matcher->found.start);
    free(matcher->found.end);
    freelocale(matcher->c);
    free(matcher);
}

enum { STEP_FOUND, STEP_NONE, STEP_FAILED };

static int search(struct posix_matcher *matcher, struct re_pattern_buffer *pattern,
                  struct bytes line, size_t from, size_t *at, size_t *length)
{
    pattern->not_eol = 0;
    pattern->regs_allocated = matcher->found.start ? REGS_REALLOCATE : REGS_UNALLOCATED;
    regoff_t start = re_search(pattern, line.p, (regoff_t)line.n, (regoff_t)from,
                               (regoff_t)(line.n - from), &matcher->found);
    if (start < 0)
        return start == -1 ? STEP_NONE : STEP_FAILED;
    *at = (size_t)start;
    *length = (size_t)(matcher->found.end[0] - start);
    return STEP_FOUND;
}

/* Finds the longest match at `at` that ends before `end`. A match of length 0 counts as no match.
 */
static int search_shorter(struct posix_matcher *matcher, struct re_pattern_buffer *pattern,
                          struct bytes line, size_t at, size_t end, size_t *length)
{
    pattern->not_eol = 1;
    pattern->regs_allocated = matcher->found.start ? REGS_REALLOCATE : REGS_UNALLOCATED;
    regoff_t n = re_match(pattern, line.p, (regoff_t)end, (regoff_t)at, &matcher->found);
    if (n < -1)
        return STEP_FAILED;
    *length = n > 0 ? (size_t)n : 0;
    return n > 0 ? STEP_FOUND : STEP_NONE;
}

static bool is_word_at(struct bytes line, size_t i)
{
    return i < line.n && byteset_is_word((unsigned char)line.p[i]);
}

/* Searches, beginning with a match, for a match between word boundaries. */
static int walk_to_word(struct posix_matcher *matcher, struct re_pattern_buffer *pattern,
                        struct bytes line, size_t at, size_t length)
{
    for (;;) {
        if (!is_word_at(line, at + length) && !(at && is_word_at(line, at - 1)))
            return STEP_FOUND;
        int step = STEP_NONE;
        if (length > 0)
            step = search_shorter(matcher, pattern, line, at, at + length - 1, &length);
        if (step == STEP_NONE) {
            if (at == line.n)
                return STEP_NONE;
            step = search(matcher, pattern, line, at + 1, &at, &length);
        }
        if (step != STEP_FOUND)
            return step;
    }
}

static int match_one(struct posix_matcher *matcher, struct re_pattern_buffer *pattern,
                     struct bytes line)
{
    size_t at, length;
    int step = search(matcher, pattern, line, 0, &at, &length);
    if (step != STEP_FOUND)
        return step;
    if (matcher->flags & POSIX_LINE)
        return length == line.n ? STEP_FOUND : STEP_NONE;
    return matcher->flags & POSIX_WORD ? walk_to_word(matcher, pattern, line, at, length)
                                       : STEP_FOUND;
}

int posix_matcher_match(struct posix_matcher *matcher, struct bytes line)
{
    if (line.n >= INT_MAX)
        return -1;
    line.p = line.n ? line.p : "";
    locale_t before = uselocale(matcher->c);
    int step = STEP_NONE;
    for (size_t i = 0; i < matcher->n_patterns && step == STEP_NONE; i++)
        step = match_one(matcher, &matcher->patterns[i], line);
    uselocale(before);
    return step == STEP_FOUND ? 1 : step == STEP_NONE ? 0 : -1;
}
