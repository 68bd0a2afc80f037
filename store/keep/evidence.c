/* SPDX-License-Identifier: MIT
 *
 * Each block is unpacked once, in order. Each distinct path is resolved once for all its accesses.
 */
#include <roaring/roaring.h>

#include "keep/closure.h"
#include "keep/evidence.h"
#include "chain/access_route.h"

/* State while the rows of lines are searched. */
struct following {
    const struct keep_input *input;
    roaring_uint32_iterator_t at;
    uint32_t *by_row; /* borrowed */
};

static void use_row(struct following *following, uint32_t log, uint32_t seq, uint32_t line)
{
    const size_t *first = following->input->accesses->first_of_log;
    if (!seq || seq > first[log + 1] - first[log])
        return; /* an invalid number from a damaged session */
    size_t row = first[log] + seq - 1;
    if (line < following->by_row[row])
        following->by_row[row] = line;
}

static bool follow_block(struct following *following, uint32_t index, struct err *err)
{
    const struct keep_input *input = following->input;
    const struct corpus_block *block = &input->corpus->blocks[index];
    const struct accesses *accesses = input->accesses;
    roaring_uint32_iterator_t *at = &following->at;
    const uint32_t *calls;
    if (!corpus_block_calls(input->reader, index, &calls, err))
        return false;
    const size_t *first = accesses->first_of_log;
    for (; at->has_value && at->current_value - block->first_line < block->n_lines;
         roaring_advance_uint32_iterator(at)) {
        uint32_t line = at->current_value;
        uint32_t seq = calls[line - block->first_line];
        use_row(following, block->log, seq, line);
        if (seq && seq <= first[block->log + 1] - first[block->log] &&
            access_at(accesses, first[block->log] + seq - 1).type->pair)
            use_row(following, block->log, seq + 1, line);
    }
    return true;
}

bool evidence_rows(const struct keep_input *input, const roaring_bitmap_t *lines, uint32_t *by_row,
                   struct err *err)
{
    const struct corpus *corpus = input->corpus;
    struct following following = {.input = input, .by_row = by_row};
    roaring_uint32_iterator_t *at = &following.at;
    roaring_init_iterator(lines, at);
    while (at->has_value && at->current_value < corpus->n_lines) {
        if (keep_is_cancelled(input))
            return err_cancelled(err);
        uint32_t line = at->current_value;
        uint32_t index = corpus_block_of(corpus, line);
        if (index >= corpus->n_blocks)
            break;
        const struct corpus_block *block = &corpus->blocks[index];
        if (line - block->first_line >= block->n_lines) { /* between two blocks: not a line */
            roaring_advance_uint32_iterator(at);
            continue;
        }
        if (!follow_block(&following, index, err))
            return false;
    }
    return true;
}

bool evidence_counts(const struct accesses *accesses, size_t row)
{
    struct access_row access = access_at(accesses, row);
    return access.type->error == 0 && !access.type->other_root &&
           access.type->kind != ACCESS_REMOVED && accesses->paths[access.path].known;
}

void evidence_resolve(const struct keep_input *input, uint32_t *real)
{
    const struct accesses *accesses = input->accesses;
    const uint32_t *known = input->line_paths ? line_paths_real(input->line_paths) : NULL;
    struct tree_walk walk;
    for (size_t i = 0; i < accesses->n_paths; i++)
        real[i] = known ? known[i]
                  : accesses->paths[i].known
                      ? access_resolve(input->subject, &accesses->paths[i], TREE_FOLLOW, &walk)
                      : NODE_NONE;
}

uint32_t *evidence_filled(size_t n, uint32_t value)
{
    uint32_t *array = mem_array(NULL, n, sizeof *array);
    for (size_t i = 0; i < n; i++)
        array[i] = value;
    return array;
}

/* Each path is resolved twice: with the last link followed, and without. */
void evidence_used(const struct keep_input *input, const struct keep *keep, uint8_t *used)
{
    const struct accesses *accesses = input->accesses;
    if (!accesses || !keep->real)
        return;
    MEM_AUTO uint8_t *ways = mem_zero(accesses->n_paths + 1, 1);
    for (size_t row = 0; row < accesses->n; row++)
        if (evidence_counts(accesses, row)) {
            struct access_row access = access_at(accesses, row);
            ways[access.path] |= access.type->nofollow ? 2 : 1;
        }
    for (size_t i = 0; i < accesses->n_paths; i++) {
        struct tree_walk walk;
        if ((ways[i] & 1) && keep->real[i] != NODE_NONE)
            used[keep->real[i]] = 1;
        if ((ways[i] & 2) &&
            access_resolve(input->subject, &accesses->paths[i], TREE_NOFOLLOW, &walk) != NODE_NONE)
            used[walk.node] = 1;
    }
}
