/* SPDX-License-Identifier: MIT
 *
 * The surviving lines in the order in which the pipeline prints them: log by log in the order of
 * selection; a log that is selected twice is printed twice. To read the next line costs only one
 * step of an iterator.
 */
#include <roaring/roaring.h>
#include <stdlib.h>

#include "chain/chain_private.h"

struct output_cursor {
    bool is_set;
    uint64_t next; /* the number of the line at `at` */
    size_t selected;
    roaring_uint32_iterator_t at;
};

void output_cursor_destroy(struct output_cursor *cursor)
{
    free(cursor);
}

/* Computes where the surviving lines of each selected log begin in the order of output. */
void output_order(struct chain *chain)
{
    chain->n_output = chain->of_tree ? roaring_bitmap_get_cardinality(chain->survivors) : 0;
    for (size_t i = 0; i < chain->n_selected; i++) {
        struct selected *selected = &chain->selected[i];
        uint32_t first = chain->corpus->logs[selected->log].first_line;
        selected->first = chain->n_output;
        selected->rank = first ? roaring_bitmap_rank(chain->survivors, first - 1) : 0;
        chain->n_output += chain_count_log(chain, selected->log, chain->survivors);
    }
    if (!chain->cursor)
        chain->cursor = mem_zero(1, sizeof *chain->cursor);
    chain->cursor->is_set = false;
}

uint64_t chain_n_output(const struct chain *chain)
{
    return chain->survivors ? chain->n_output : 0;
}

/* Moves the cursor to output line k, which must exist. */
static void seek(const struct chain *chain, struct output_cursor *cursor, uint64_t k)
{
    static const struct selected of_tree = {
        0}; /* the paths of the subject image, handled as one log */
    size_t low = 0, high = chain->n_selected;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (chain->selected[middle].first <= k)
            low = middle;
        else
            high = middle;
    }
    const struct selected *selected = chain->of_tree ? &of_tree : &chain->selected[low];
    uint32_t line = 0;
    roaring_bitmap_select(chain->survivors, (uint32_t)(selected->rank + k - selected->first),
                          &line);
    roaring_init_iterator(chain->survivors, &cursor->at);
    roaring_move_uint32_iterator_equalorlarger(&cursor->at, line);
    cursor->selected = low;
    cursor->next = k;
    cursor->is_set = true;
}

bool chain_output(const struct chain *chain, uint64_t k, uint32_t *line, struct bytes *prefix)
{
    if (k >= chain_n_output(chain))
        return false;
    struct output_cursor *cursor = chain->cursor;
    size_t next = cursor->selected + 1;
    bool in_log = cursor->is_set && k == cursor->next + 1 &&
                  (next >= chain->n_selected || k < chain->selected[next].first);
    if (in_log) {
        roaring_advance_uint32_iterator(&cursor->at);
        cursor->next = k;
    } else if (!cursor->is_set || k != cursor->next) {
        seek(chain, cursor, k);
    }
    *line = cursor->at.current_value;
    *prefix = bytes_from("", 0);
    if (!chain->of_tree)
        chain_selected(chain, cursor->selected, prefix);
    return true;
}
