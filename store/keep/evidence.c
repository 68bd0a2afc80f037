/* SPDX-License-Identifier: MIT
 *
 * From surviving lines to nodes. Blocks are unpacked once and in order; then each distinct asked
 * path is resolved once, for all the accesses of it.
 */
#include "keep/closure.h"

#include <stdlib.h>

#include "util/path.h"

enum { NO_LINE = UINT32_MAX };

/* Where an asked path ends when a link at the end is meant itself; NOT_YET: nobody wanted to know.
 */
enum { NOT_YET = UINT32_MAX - 1 };

struct evidence {
    struct closure *closure;
    const struct accesses *accesses;
    const struct corpus *corpus;
    const uint32_t *real; /* by asked */
    uint32_t *literal;    /* owned; by asked */
    uint32_t *lines;      /* owned; by row: the first surviving line, or NO_LINE */
};

static void use_row(struct evidence *evidence, uint32_t log, uint32_t seq, uint32_t line)
{
    const size_t *first = evidence->accesses->first_of_log;
    if (!seq || seq > first[log + 1] - first[log])
        return; /* a number that a damaged session made up */
    size_t row = first[log] + seq - 1;
    if (line < evidence->lines[row])
        evidence->lines[row] = line;
}

static bool scan_block(struct evidence *evidence, roaring_uint32_iterator_t *survivor,
                       uint32_t index, struct err *err)
{
    const struct corpus_block *block = &evidence->corpus->blocks[index];
    const struct accesses *accesses = evidence->accesses;
    const uint32_t *calls;
    if (!corpus_block_calls(evidence->closure->input->reader, index, &calls, err))
        return false;
    const size_t *first = accesses->first_of_log;
    for (; survivor->has_value && survivor->current_value - block->first_line < block->n_lines;
         roaring_advance_uint32_iterator(survivor)) {
        uint32_t line = survivor->current_value;
        uint32_t seq = calls[line - block->first_line];
        use_row(evidence, block->log, seq, line);
        if (seq && seq <= first[block->log + 1] - first[block->log])
            use_row(evidence, block->log, accesses->rows[first[block->log] + seq - 1].mate, line);
    }
    return true;
}

static bool scan_lines(struct evidence *evidence, struct err *err)
{
    const struct keep_input *input = evidence->closure->input;
    roaring_uint32_iterator_t survivor;
    roaring_init_iterator(input->survivors, &survivor);
    while (survivor.has_value && survivor.current_value < evidence->corpus->n_lines) {
        if (closure_is_cancelled(input))
            return err_cancelled(err);
        uint32_t line = survivor.current_value;
        uint32_t index = corpus_block_of(evidence->corpus, line);
        if (index >= evidence->corpus->n_blocks)
            break;
        const struct corpus_block *block = &evidence->corpus->blocks[index];
        if (line - block->first_line >= block->n_lines) { /* between two blocks: no line at all */
            roaring_advance_uint32_iterator(&survivor);
            continue;
        }
        if (!scan_block(evidence, &survivor, index, err))
            return false;
    }
    return true;
}

static uint32_t literal_end(struct evidence *evidence, uint32_t asked)
{
    uint32_t *end = &evidence->literal[asked];
    if (*end == NOT_YET) {
        struct tree_walk walk;
        *end = tree_resolve(evidence->closure->tree, evidence->accesses->asked[asked].path,
                            TREE_NOFOLLOW, &walk);
    }
    return *end;
}

/* What a program makes must have a place to be made in. What the engine mounts has one anyway. */
static uint32_t place_of(const struct closure *closure, struct bytes made)
{
    static const char *const mounts[] = {"/dev", "/proc", "/sys"};
    struct bytes dir = path_dir(made);
    struct tree_walk walk;
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        struct bytes mount = bytes_of(mounts[i]);
        if (bytes_starts(dir, mount) && (dir.n == mount.n || dir.p[mount.n] == '/'))
            return NODE_NONE;
    }
    if (made.n < 2 || made.p[0] != '/')
        return NODE_NONE;
    return tree_resolve(closure->tree, dir.n ? dir : bytes_of("/"), TREE_FOLLOW, &walk);
}

static bool counts(const struct evidence *evidence, size_t row)
{
    const struct access_row *access = &evidence->accesses->rows[row];
    return evidence->lines[row] != NO_LINE && access->error == 0 && !access->other_root &&
           access->kind != ACCESS_REMOVED && access->asked < evidence->accesses->n_asked &&
           evidence->accesses->asked[access->asked].known;
}

/* How much an access says of why a file is needed: its content, its name, or that it is there. */
static int weight(const struct evidence *evidence, size_t row)
{
    switch ((enum access_kind)evidence->accesses->rows[row].kind) {
    case ACCESS_EXECUTED:
    case ACCESS_MAPPED:
        return 3;
    case ACCESS_READ:
    case ACCESS_LISTED:
    case ACCESS_WRITTEN:
        return 2;
    case ACCESS_STAT:
        return 0;
    default:
        return 1;
    }
}

/* Notes the access that says most, the earliest of those. */
static void use_node(struct evidence *evidence, uint32_t node, size_t row)
{
    struct verdict *verdict = &evidence->closure->verdicts[node];
    int more = verdict->access == UINT32_MAX
                   ? 1
                   : weight(evidence, row) - weight(evidence, verdict->access);
    if (more > 0 || (more == 0 && evidence->lines[row] < verdict->line)) {
        verdict->access = (uint32_t)row;
        verdict->line = evidence->lines[row];
    }
}

static void find_nodes(struct evidence *evidence)
{
    const struct accesses *accesses = evidence->accesses;
    for (size_t row = 0; row < accesses->n; row++) {
        const struct access_row *access = &accesses->rows[row];
        if (!counts(evidence, row))
            continue;
        uint32_t node =
            access->nofollow ? literal_end(evidence, access->asked) : evidence->real[access->asked];
        if (node != NODE_NONE) {
            uint32_t *n_used = &evidence->closure->verdicts[node].n_used;
            *n_used = access->n > UINT32_MAX - *n_used ? UINT32_MAX : *n_used + access->n;
        } else if (access->kind == ACCESS_CREATED) {
            node = place_of(evidence->closure, accesses->asked[access->asked].path);
        }
        if (node != NODE_NONE)
            use_node(evidence, node, row);
    }
}

/* The links that the counted accesses went through, each path once for each way of ending. */
static void need_links(struct evidence *evidence)
{
    const struct accesses *accesses = evidence->accesses;
    MEM_AUTO uint8_t *seen = mem_zero(accesses->n_asked, 1);
    for (size_t row = 0; row < accesses->n; row++) {
        const struct access_row *access = &accesses->rows[row];
        uint8_t way = access->nofollow ? 2 : 1;
        if (!counts(evidence, row) || (seen[access->asked] & way))
            continue;
        seen[access->asked] |= way;
        struct bytes path = accesses->asked[access->asked].path;
        struct tree_walk walk;
        uint32_t node = tree_resolve(evidence->closure->tree, path,
                                     access->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
        if (node == NODE_NONE && access->kind == ACCESS_CREATED &&
            place_of(evidence->closure, path) != NODE_NONE)
            tree_resolve(evidence->closure->tree, path_dir(path), TREE_FOLLOW, &walk);
        closure_need_hops(evidence->closure, &walk);
    }
}

static void resolve_all(const struct tree *tree, const struct accesses *accesses, uint32_t *real)
{
    struct tree_walk walk;
    for (size_t i = 0; i < accesses->n_asked; i++)
        real[i] = accesses->asked[i].known
                      ? tree_resolve(tree, accesses->asked[i].path, TREE_FOLLOW, &walk)
                      : NODE_NONE;
}

static uint32_t *filled(size_t n, uint32_t value)
{
    uint32_t *array = mem_array(NULL, n, sizeof *array);
    for (size_t i = 0; i < n; i++)
        array[i] = value;
    return array;
}

bool evidence_seed(struct closure *closure, uint32_t *real, struct err *err)
{
    const struct keep_input *input = closure->input;
    resolve_all(closure->tree, input->accesses, real);
    if (!input->survivors || !input->corpus || !input->reader)
        return true;
    struct evidence evidence = {
        .closure = closure,
        .accesses = input->accesses,
        .corpus = input->corpus,
        .real = real,
        .literal = filled(input->accesses->n_asked, NOT_YET),
        .lines = filled(input->accesses->n, NO_LINE),
    };
    bool ok = scan_lines(&evidence, err);
    if (ok) {
        find_nodes(&evidence);
        for (uint32_t node = 0; node < closure->tree->n; node++)
            if (closure->verdicts[node].access != UINT32_MAX)
                closure_need(closure, node, REASON_TRACED, NODE_NONE);
        need_links(&evidence);
    }
    free(evidence.literal);
    free(evidence.lines);
    return ok;
}
