/* SPDX-License-Identifier: MIT
 *
 * xsmall chain --sets, --use and --save.
 */
#include "cli/chain_sets.h"

#include <stdio.h>

#include "chain/pattern_sets.h"
#include "cli/output.h"

static bool list_sets(const char *dir, struct err *err)
{
    struct pattern_sets sets;
    if (!pattern_sets_list(dir, &sets, err))
        return false;
    for (size_t i = 0; i < sets.n; i++) {
        printf("%-12s %-6s ", sets.list[i].name, sets.list[i].own ? "yours" : "");
        output_word(stdout, bytes_of(sets.list[i].about));
        putchar('\n');
    }
    pattern_sets_finish(&sets);
    return true;
}

bool chain_sets_print(const struct args *args, struct err *err)
{
    BUF_AUTO struct buf dir = {0};
    BUF_AUTO struct buf text = {0};
    pattern_sets_directory(&dir);
    if (args->n_operands > 1)
        return err_set(err, "chain: --sets: expected at most one name");
    if (args->n_operands ? !pattern_sets_text(dir.p, args->operands[0], &text, err)
                         : !list_sets(dir.p, err))
        return false;
    output_bytes(stdout, buf_bytes(&text));
    return output_finish(err);
}

bool chain_sets_use(const struct args *args, struct session *session, struct buf *warning,
                    struct err *err)
{
    BUF_AUTO struct buf dir = {0};
    pattern_sets_directory(&dir);
    return pattern_sets_use(dir.p, args->chain.use, session->chain, warning, err) ||
           err_wrap(err, "chain: --use");
}

bool chain_sets_save(const struct args *args, const struct session *session, struct err *err)
{
    BUF_AUTO struct buf dir = {0};
    pattern_sets_directory(&dir);
    return pattern_sets_save(dir.p, args->chain.save, session->chain, err) ||
           err_wrap(err, "chain: --save");
}
