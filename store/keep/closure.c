/* SPDX-License-Identifier: MIT
 *
 * Breadth-first search with a queue that each node enters at most once. So the stored reason of a
 * node is one of the nearest to the evidence.
 */
#include "keep/closure.h"

#include <stdlib.h>

#include "util/path.h"

void closure_init(struct closure *closure, const struct keep_input *input, struct verdict *verdicts)
{
    *closure = (struct closure){.input = input, .tree = input->subject, .verdicts = verdicts};
    closure->queue = mem_array(NULL, input->subject->n, sizeof *closure->queue);
    unsigned off = input->marks ? input->marks->closure_off : switches_default();
    for (size_t i = 0; i < N_REASONS; i++) {
        closure->is_on[i] = switches_are_on(off, reasons[i]);
        if (reasons[i]->state_bytes)
            closure->states[i] = mem_zero(1, reasons[i]->state_bytes);
    }
    config_path(input, &closure->path_dirs);
}

void closure_finish(struct closure *closure)
{
    for (size_t i = 0; i < N_REASONS; i++) {
        if (reasons[i]->finish)
            reasons[i]->finish(closure->states[i]);
        free(closure->states[i]);
    }
    free(closure->queue);
    free(closure->links);
    arena_finish(&closure->arena);
    buf_finish(&closure->path_dirs);
}

bool closure_is_on(const struct closure *closure, const struct reason *reason)
{
    for (size_t i = 0; i < N_REASONS; i++)
        if (reasons[i] == reason)
            return closure->is_on[i];
    return false;
}

bool closure_has_evidence(const struct closure *closure)
{
    const struct keep_input *input = closure->input;
    return input->accesses && input->survivors && input->corpus && input->reader;
}

void closure_need(struct closure *closure, uint32_t node, const struct reason *reason,
                  uint32_t from)
{
    struct verdict *verdict = &closure->verdicts[node];
    if (verdict->needed || verdict->mark == MARK_DROP)
        return;
    verdict->needed = true;
    verdict->reason = reason;
    verdict->from = from;
    closure->queue[closure->n_queue++] = node;
}

uint32_t closure_need_file(struct closure *closure, struct bytes path, const struct reason *reason,
                           uint32_t from)
{
    struct tree_walk walk;
    if (!path.n || path.p[0] != '/')
        return NODE_NONE;
    uint32_t node = tree_resolve(closure->tree, path, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || closure->tree->nodes[node].kind != NODE_FILE)
        return NODE_NONE;
    closure_need(closure, node, reason, from);
    closure_need_links(closure, &walk, node);
    return node;
}

static bool is_executable(struct closure *closure, struct bytes path)
{
    struct tree_walk walk;
    uint32_t node = tree_resolve(closure->tree, path, TREE_FOLLOW, &walk);
    return node != NODE_NONE && closure->tree->nodes[node].kind == NODE_FILE &&
           (closure->tree->nodes[node].mode & 0111);
}

void closure_need_command(struct closure *closure, struct bytes word, struct bytes cwd,
                          const struct reason *reason, uint32_t from)
{
    BUF_AUTO struct buf path = {0};
    if (!word.n)
        return;
    if (bytes_index(word, '/') < word.n) {
        path_absolute(cwd.n ? cwd : bytes_of("/"), word, &path);
        closure_need_file(closure, buf_bytes(&path), reason, from);
        return;
    }
    struct bytes rest = buf_bytes(&closure->path_dirs);
    while (rest.n) {
        struct bytes dir = bytes_split(&rest, ':');
        if (!dir.n || dir.p[0] != '/')
            continue;
        path_absolute(dir, word, &path);
        if (is_executable(closure, buf_bytes(&path))) {
            closure_need_file(closure, buf_bytes(&path), reason, from);
            return;
        }
    }
}

enum seeds { SEEDS_ALL, SEEDS_OF_STATES };

/* The seeds of a complete set add no node again; those without a state would only take time. */
static bool run_seeds(struct closure *closure, enum seeds which, struct err *err)
{
    for (size_t i = 0; i < N_REASONS; i++)
        if (closure->is_on[i] && reasons[i]->seed &&
            (which == SEEDS_ALL || reasons[i]->state_bytes) &&
            !reasons[i]->seed(closure, closure->states[i], err))
            return false;
    return true;
}

bool closure_prepare(struct closure *closure, struct err *err)
{
    return run_seeds(closure, SEEDS_OF_STATES, err);
}

bool closure_follow(struct closure *closure, struct err *err)
{
    while (closure->head < closure->n_queue) {
        uint32_t node = closure->queue[closure->head++];
        if (closure->head % 1024 == 0 && keep_is_cancelled(closure->input))
            return err_cancelled(err);
        for (size_t i = 0; i < N_REASONS; i++)
            if (closure->is_on[i] && reasons[i]->add)
                reasons[i]->add(closure, closure->states[i], node);
    }
    return true;
}

bool closure_run(struct closure *closure, struct err *err)
{
    return run_seeds(closure, SEEDS_ALL, err) && closure_follow(closure, err);
}
