/* SPDX-License-Identifier: MIT */
#include "chain/grep/stage_spec.h"

#include <stdlib.h>

#include "chain/grep/shell_lexer.h"

void stage_spec_finish(struct stage_spec *spec)
{
    for (size_t i = 0; i < spec->n_exprs; i++)
        buf_finish(&spec->exprs[i]);
    free(spec->exprs);
    *spec = (struct stage_spec){0};
}

void stage_spec_copy(const struct stage_spec *spec, struct stage_spec *out)
{
    *out = *spec;
    out->exprs = mem_zero(spec->n_exprs, sizeof *out->exprs);
    for (size_t i = 0; i < spec->n_exprs; i++)
        buf_add(&out->exprs[i], buf_bytes(&spec->exprs[i]));
}

void stage_spec_print(const struct stage_spec *spec, struct buf *out)
{
    static const char *const syntax[] = {
        [GREP_BASIC] = "", [GREP_EXTENDED] = " -E", [GREP_FIXED] = " -F", [GREP_PERL] = " -P"};
    static const char *const prefix[] = {
        [GREP_PREFIX_AUTO] = "", [GREP_PREFIX_NEVER] = " -h", [GREP_PREFIX_ALWAYS] = " -H"};
    buf_add(out, bytes_of("grep"));
    buf_add(out, bytes_of(prefix[spec->prefix]));
    buf_add(out, bytes_of(spec->invert ? " -v" : ""));
    buf_add(out, bytes_of(syntax[spec->syntax]));
    buf_add(out, bytes_of(spec->ignore_case ? " -i" : ""));
    buf_add(out, bytes_of(spec->whole_word ? " -w" : ""));
    buf_add(out, bytes_of(spec->whole_line ? " -x" : ""));
    if (spec->n_exprs == 0)
        buf_add(out, bytes_of(" -f /dev/null"));
    for (size_t i = 0; i < spec->n_exprs; i++) {
        struct bytes expr = buf_bytes(&spec->exprs[i]);
        /* a bare operand would lose the backslash of \- */
        bool bare = spec->n_exprs == 1 && !bytes_starts(expr, bytes_of("-")) &&
                    !bytes_starts(expr, bytes_of("\\-"));
        buf_add(out, bytes_of(bare ? " " : " -e "));
        shell_quote(expr, out);
    }
}

static void add_lines(struct stage_spec *spec, size_t *cap, struct bytes expr)
{
    for (bool more = true; more;) {
        size_t n = bytes_index(expr, '\n');
        more = n < expr.n;
        ARRAY_ROOM(spec->exprs, spec->n_exprs, *cap);
        spec->exprs[spec->n_exprs] = (struct buf){0};
        buf_add(&spec->exprs[spec->n_exprs++], bytes_from(expr.p, n));
        expr = bytes_skip(expr, n + 1);
    }
}

void stage_spec_print_on_one_line(const struct stage_spec *spec, struct buf *out)
{
    struct stage_spec split = *spec;
    size_t cap = 0;
    split.prefix = GREP_PREFIX_AUTO;
    split.exprs = NULL;
    split.n_exprs = 0;
    for (size_t i = 0; i < spec->n_exprs; i++)
        add_lines(&split, &cap, buf_bytes(&spec->exprs[i]));
    stage_spec_print(&split, out);
    stage_spec_finish(&split);
}
