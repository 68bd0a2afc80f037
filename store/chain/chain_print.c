/* SPDX-License-Identifier: MIT
 *
 * Prints the chain as text for a shell.
 */
#include <stdlib.h>
#include <string.h>

#include "chain/chain_private.h"
#include "chain/grep/shell_lexer.h"

/* Prints the operands, or the names of all logs if there are no operands. */
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

static size_t print_comment(const struct chain *chain, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < chain->n_stages; i++) {
        const struct stage *stage = &chain->stages[i];
        if (!stage->enabled || stage->target == &target_line)
            continue;
        buf_printf(out, "%s%s: ", n++ ? "; " : "  # ", stage->target->name);
        stage_spec_print_on_one_line(&stage->spec, out);
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
