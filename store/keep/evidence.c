/* SPDX-License-Identifier: MIT
 *
 * From surviving lines to nodes. Blocks are unpacked once and in order; then each distinct asked
 * path is resolved once, for all the accesses of it.
 */
#include "keep/closure.h"

#include <stdlib.h>

#include "util/path.h"

struct evidence {
    struct closure *closure;
    const struct accesses *accesses;
    const uint32_t *real; /* by asked */
    const uint8_t *made;  /* by node: the program made it itself; NULL: it is not known */
    uint32_t *literal;    /* owned; by asked: where it ends when a link there is meant itself */
    uint32_t *lines;      /* owned; by row: the first surviving line, or NO_LINE */
};

/* While lines are followed to their rows. */
struct following {
    const struct keep_input *input;
    roaring_uint32_iterator_t at;
    uint32_t *by_row; /* borrowed */
};

static void use_row(struct following *following, uint32_t log, uint32_t seq, uint32_t line)
{
    const size_t *first = following->input->accesses->first_of_log;
    if (!seq || seq > first[log + 1] - first[log])
        return; /* a number that a damaged session made up */
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
        if (closure_is_cancelled(input))
            return err_cancelled(err);
        uint32_t line = at->current_value;
        uint32_t index = corpus_block_of(corpus, line);
        if (index >= corpus->n_blocks)
            break;
        const struct corpus_block *block = &corpus->blocks[index];
        if (line - block->first_line >= block->n_lines) { /* between two blocks: no line at all */
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

static uint32_t literal_end(struct evidence *evidence, uint32_t asked)
{
    uint32_t *end = &evidence->literal[asked];
    if (*end == NOT_YET) {
        struct tree_walk walk;
        *end = tree_resolve(evidence->closure->tree, evidence->accesses->paths[asked].path,
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
    return evidence->lines[row] != NO_LINE && evidence_counts(evidence->accesses, row);
}

/* How much an access says of why a file is needed: its content, its name, or that it is there. */
static int weight(const struct evidence *evidence, size_t row)
{
    switch ((enum access_kind)access_at(evidence->accesses, row).type->kind) {
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
        struct access_row access = access_at(accesses, row);
        if (!counts(evidence, row))
            continue;
        uint32_t node = access.type->nofollow ? literal_end(evidence, access.path)
                                              : evidence->real[access.path];
        if (node != NODE_NONE && evidence->made && evidence->made[node]) {
            node = access.type->kind == ACCESS_CREATED
                       ? place_of(evidence->closure, accesses->paths[access.path].path)
                       : NODE_NONE;
            if (node != NODE_NONE && evidence->made[node])
                node = NODE_NONE;
        } else if (node != NODE_NONE) {
            uint32_t *n_used = &evidence->closure->verdicts[node].n_used;
            *n_used = access.n > UINT32_MAX - *n_used ? UINT32_MAX : *n_used + access.n;
        } else if (access.type->kind == ACCESS_CREATED) {
            node = place_of(evidence->closure, accesses->paths[access.path].path);
        }
        if (node != NODE_NONE)
            use_node(evidence, node, row);
    }
}

/* The links that the counted accesses went through, each path once for each way of ending. */
static void need_links(struct evidence *evidence)
{
    const struct accesses *accesses = evidence->accesses;
    MEM_AUTO uint8_t *seen = mem_zero(accesses->n_paths, 1);
    for (size_t row = 0; row < accesses->n; row++) {
        struct access_row access = access_at(accesses, row);
        uint8_t way = access.type->nofollow ? 2 : 1;
        if (!counts(evidence, row) || (seen[access.path] & way))
            continue;
        seen[access.path] |= way;
        struct bytes path = accesses->paths[access.path].path;
        struct tree_walk walk;
        uint32_t node = tree_resolve(evidence->closure->tree, path,
                                     access.type->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
        uint32_t place = node == NODE_NONE && access.type->kind == ACCESS_CREATED
                             ? place_of(evidence->closure, path)
                             : NODE_NONE;
        for (uint32_t i = 0; place != NODE_NONE && i < walk.n_hops; i++) /* made through a link */
            closure_need(evidence->closure, walk.hops[i], REASON_LINK, place);
        if (place != NODE_NONE)
            tree_resolve(evidence->closure->tree, path_dir(path), TREE_FOLLOW, &walk);
        closure_need_hops(evidence->closure, &walk);
    }
}

static void resolve_all(const struct keep_input *input, uint32_t *real)
{
    const struct accesses *accesses = input->accesses;
    const uint32_t *known = input->line_paths ? line_paths_real(input->line_paths) : NULL;
    struct tree_walk walk;
    for (size_t i = 0; i < accesses->n_paths; i++)
        real[i] = known ? known[i]
                  : accesses->paths[i].known
                      ? tree_resolve(input->subject, accesses->paths[i].path, TREE_FOLLOW, &walk)
                      : NODE_NONE;
}

uint32_t *evidence_filled(size_t n, uint32_t value)
{
    uint32_t *array = mem_array(NULL, n, sizeof *array);
    for (size_t i = 0; i < n; i++)
        array[i] = value;
    return array;
}

/* Each asked path once for each way of ending. */
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
        if ((ways[i] & 2) && tree_resolve(input->subject, accesses->paths[i].path, TREE_NOFOLLOW,
                                          &walk) != NODE_NONE)
            used[walk.node] = 1;
    }
}

/* A link is selected with what it leads to, as if it had been opened. */
static void follow_selected(struct closure *closure, uint32_t node)
{
    BUF_AUTO struct buf path = {0};
    struct tree_walk walk;
    tree_path(closure->tree, node, &path);
    uint32_t end = tree_resolve(closure->tree, buf_bytes(&path), TREE_FOLLOW, &walk);
    if (end == NODE_NONE)
        return;
    closure_need(closure, end, REASON_SELECTED, node);
    closure_need_hops(closure, &walk);
}

/* Without logs: the paths that were selected. */
static void seed_selected(struct closure *closure)
{
    const struct line_paths *line_paths = closure->input->line_paths;
    const roaring_bitmap_t *survivors = closure->input->survivors;
    if (roaring_bitmap_is_empty(survivors)) /* then their lines need no order */
        return;
    for (uint32_t node = 0; node < closure->tree->n; node++)
        if (roaring_bitmap_contains(survivors, line_paths_line(line_paths, node)))
            closure_need(closure, node, REASON_SELECTED, NODE_NONE);
    for (uint32_t node = 0; node < closure->tree->n; node++)
        if (closure->tree->nodes[node].kind == NODE_LINK &&
            roaring_bitmap_contains(survivors, line_paths_line(line_paths, node)))
            follow_selected(closure, node);
}

bool evidence_seed(struct closure *closure, uint32_t *real, struct err *err)
{
    const struct keep_input *input = closure->input;
    resolve_all(input, real);
    if (!input->survivors || !input->corpus || !input->reader)
        return true;
    if (line_paths_are_lines(input->line_paths)) {
        seed_selected(closure);
        return true;
    }
    struct evidence evidence = {
        .closure = closure,
        .accesses = input->accesses,
        .real = real,
        .made = input->line_paths ? line_paths_created(input->line_paths) : NULL,
        .literal = evidence_filled(input->accesses->n_paths, NOT_YET),
        .lines = evidence_filled(input->accesses->n, NO_LINE),
    };
    bool ok = evidence_rows(input, input->survivors, evidence.lines, err);
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
