/* SPDX-License-Identifier: MIT
 *
 * A queue that each node enters at most once: breadth first, so the cause that a node is given is
 * one of the nearest to the evidence.
 */
#include "keep/closure.h"

#include <stdlib.h>

#include "util/path.h"

bool closure_is_on(const struct closure *closure, enum closure_kind kind)
{
    return !(closure->off >> kind & 1);
}

/* The names of each hard link in a ring: a new one goes in behind the first. */
static void link_peers(struct closure *closure)
{
    const struct tree *tree = closure->tree;
    closure->next_peer = mem_array(NULL, tree->n, sizeof *closure->next_peer);
    for (uint32_t i = 0; i < tree->n; i++) {
        uint32_t first = tree->nodes[i].peer;
        closure->next_peer[i] = i;
        if (first >= i) /* a single name, or the first one */
            continue;
        closure->next_peer[i] = closure->next_peer[first];
        closure->next_peer[first] = i;
    }
}

void closure_init(struct closure *closure, const struct keep_input *input, struct verdict *verdicts)
{
    *closure = (struct closure){.input = input, .tree = input->subject, .verdicts = verdicts};
    closure->queue = mem_array(NULL, input->subject->n, sizeof *closure->queue);
    closure->off = input->marks ? input->marks->closure_off : 0;
    closure->only_musl = -1;
    closure->packages = mem_zero(input->subject->n, 1);
    if (closure_is_on(closure, CLOSURE_PEERS))
        link_peers(closure);
    config_path(input, &closure->path_dirs);
}

void closure_finish(struct closure *closure)
{
    free(closure->queue);
    free(closure->next_peer);
    free(closure->packages);
    free(closure->links);
    arena_finish(&closure->arena);
    map_finish(&closure->libraries);
    buf_finish(&closure->library_dirs[0]);
    buf_finish(&closure->library_dirs[1]);
    buf_finish(&closure->path_dirs);
    buf_finish(&closure->scratch);
}

bool closure_is_cancelled(const struct keep_input *input)
{
    return input->cancel && atomic_load(input->cancel);
}

void closure_need(struct closure *closure, uint32_t node, enum reason reason, uint32_t from)
{
    struct verdict *verdict = &closure->verdicts[node];
    if (verdict->needed || verdict->mark == MARK_DROP)
        return;
    verdict->needed = true;
    verdict->reason = (uint8_t)reason;
    verdict->from = from;
    closure->queue[closure->n_queue++] = node;
}

void closure_need_hops(struct closure *closure, const struct tree_walk *walk)
{
    if (walk->node == NODE_NONE || closure->verdicts[walk->node].mark == MARK_DROP ||
        !closure_is_on(closure, CLOSURE_LINKS))
        return;
    for (uint32_t i = 0; i < walk->n_hops; i++)
        closure_need(closure, walk->hops[i], REASON_LINK, walk->node);
}

bool closure_need_file(struct closure *closure, struct bytes path, enum reason reason,
                       uint32_t from)
{
    struct tree_walk walk;
    if (!path.n || path.p[0] != '/')
        return false;
    uint32_t node = tree_resolve(closure->tree, path, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || closure->tree->nodes[node].kind != NODE_FILE)
        return false;
    closure_need(closure, node, reason, from);
    closure_need_hops(closure, &walk);
    if (reason == REASON_NEEDED || reason == REASON_INTERPRETER)
        closure->verdicts[node].linked = true;
    return true;
}

static bool is_executable(struct closure *closure, struct bytes path)
{
    struct tree_walk walk;
    uint32_t node = tree_resolve(closure->tree, path, TREE_FOLLOW, &walk);
    return node != NODE_NONE && closure->tree->nodes[node].kind == NODE_FILE &&
           (closure->tree->nodes[node].mode & 0111);
}

bool closure_need_command(struct closure *closure, struct bytes word, struct bytes cwd,
                          enum reason reason, uint32_t from)
{
    BUF_AUTO struct buf path = {0};
    if (!word.n)
        return false;
    if (bytes_index(word, '/') < word.n) {
        path_absolute(cwd.n ? cwd : bytes_of("/"), word, &path);
        return closure_need_file(closure, buf_bytes(&path), reason, from);
    }
    struct bytes rest = buf_bytes(&closure->path_dirs);
    while (rest.n) {
        struct bytes dir = bytes_from(rest.p, bytes_index(rest, ':'));
        rest = bytes_skip(rest, dir.n + 1);
        if (!dir.n || dir.p[0] != '/')
            continue;
        path_absolute(dir, word, &path);
        if (is_executable(closure, buf_bytes(&path)))
            return closure_need_file(closure, buf_bytes(&path), reason, from);
    }
    return false;
}

/* Directories above are named after the node that needs them, not after each other. */
static void need_parents(struct closure *closure, uint32_t node)
{
    uint32_t parent = closure->tree->nodes[node].parent;
    for (; parent != NODE_NONE; parent = closure->tree->nodes[parent].parent) {
        if (closure->verdicts[parent].needed)
            break; /* those above it are in the queue's care */
        closure_need(closure, parent, REASON_PARENT, node);
    }
}

static void need_peers(struct closure *closure, uint32_t node)
{
    uint32_t peer = closure->next_peer[node];
    for (; peer != node; peer = closure->next_peer[peer]) {
        if (closure->verdicts[peer].needed)
            break; /* those behind it are in the queue's care */
        closure_need(closure, peer, REASON_PEER, node);
    }
}

bool closure_run(struct closure *closure)
{
    while (closure->head < closure->n_queue) {
        uint32_t node = closure->queue[closure->head++];
        if (closure->head % 1024 == 0 && closure_is_cancelled(closure->input))
            return false;
        if (closure_is_on(closure, CLOSURE_PARENTS))
            need_parents(closure, node);
        if (closure->tree->nodes[node].n_needs)
            library_needs(closure, node);
        if (closure->next_peer)
            need_peers(closure, node);
        if (closure_is_on(closure, CLOSURE_PYTHON))
            python_needs(closure, node);
    }
    return true;
}
