/* SPDX-License-Identifier: MIT
 *
 * The chain as text for a shell.
 */
#include <stdlib.h>
#include <string.h>

#include "chain/chain_private.h"
#include "chain/grep/shell_lexer.h"

/* The operands, or the logs that are meant where there are none. */
static void print_files(const struct chain *chain, struct buf *out)
{
    BUF_AUTO struct buf files = {0};
    operands_print(&chain->files, &files);
    for (size_t i = 0; !chain->files.n && i < chain->n_selected; i++) {
        buf_byte(&files, ' ');
        shell_quote_name(chain->corpus->logs[chain->selected[i].log].name, &files);
    }
    bool dash = bytes_starts(buf_bytes(&files), bytes_of(" -")) ||
                (files.n && memmem(files.p, files.n, " -", 2));
    buf_add(out, bytes_of(dash ? " --" : ""));
    buf_add(out, buf_bytes(&files));
}

/* A comment ends with its line: what is before and behind a newline in an expression are two
 * expressions anyway. */
static void print_on_one_line(const struct stage_spec *spec, struct buf *out)
{
    struct stage_spec split = *spec;
    size_t cap = 0;
    split.exprs = NULL;
    split.n_exprs = 0;
    split.prefix = GREP_PREFIX_AUTO;
    for (size_t i = 0; i < spec->n_exprs; i++) {
        struct bytes rest = buf_bytes(&spec->exprs[i]);
        for (bool more = true; more;) {
            size_t n = bytes_index(rest, '\n');
            more = n < rest.n;
            ARRAY_ROOM(split.exprs, split.n_exprs, cap);
            split.exprs[split.n_exprs] = (struct buf){0};
            buf_add(&split.exprs[split.n_exprs++], bytes_from(rest.p, n));
            rest = bytes_skip(rest, n + 1);
        }
    }
    stage_spec_print(&split, out);
    stage_spec_finish(&split);
}

static size_t print_comment(const struct chain *chain, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < chain->n_stages; i++) {
        const struct stage *stage = &chain->stages[i];
        if (!stage->enabled || stage->target == &target_line)
            continue;
        buf_printf(out, "%s%s: ", n++ ? "; " : "  # ", stage->target->name);
        print_on_one_line(&stage->spec, out);
    }
    return n;
}

size_t chain_print(const struct chain *chain, struct buf *out)
{
    struct buf empty = {0};
    struct stage_spec all = {.exprs = &empty, .n_exprs = 1};
    bool any = false;
    for (size_t i = 0; i <= chain->n_stages; i++) {
        bool at_end = i == chain->n_stages;
        if (at_end ? any : !chain->stages[i].enabled || chain->stages[i].target != &target_line)
            continue;
        struct stage_spec spec = at_end ? all : chain->stages[i].spec; /* borrowed */
        spec.prefix = any ? GREP_PREFIX_AUTO : chain_prefix_mode(chain);
        if (any)
            buf_add(out, bytes_of(" | "));
        stage_spec_print(&spec, out);
        if (!any)
            print_files(chain, out);
        any = true;
    }
    return print_comment(chain, out);
}
