/* SPDX-License-Identifier: MIT
 *
 * Numbers the items of a tree. Items are sorted by parent, then by name, so that each directory's
 * children are adjacent and in C order. A walk from the root, with an explicit stack, then assigns
 * the numbers. tree_builder is a growing list of such items.
 */
#include "image/tree/tree_private.h"

#include <stdlib.h>
#include <string.h>

#include "util/map.h"
#include "util/path.h"

enum { IMPLICIT_MODE = 0755 };

static int compare_names(const void *a, const void *b, void *with)
{
    const struct tree_item *items = with;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    return bytes_compare(items[i].name, items[k].name);
}

/* Working data of the numbering. order has the items with a parent, sorted. The children of item i
 * are order[first[i]] to order[first[i + 1] - 1]. number[i] is the node number of item i. */
struct numbering {
    struct tree *tree;
    const struct tree_item *items;
    uint32_t n;
    uint32_t *order, *first, *number;
};

static void place(struct numbering *work, uint32_t item, uint32_t parent)
{
    struct tree *tree = work->tree;
    const struct tree_item *from = &work->items[item];
    tree->nodes[tree->n] = (struct node){.name = from->name,
                                         .link = bytes_from("", 0),
                                         .path_id = from->path_id,
                                         .parent = parent,
                                         .peer = NODE_NONE,
                                         .ordinal = from->ordinal,
                                         .package = from->package,
                                         .kind = NODE_DIR,
                                         .mode = IMPLICIT_MODE};
    work->number[item] = tree->n++;
}

/* Numbers the nodes depth first. It does not recurse, because a hostile image can have any depth.
 * next[d] is an index in `order`. */
static void walk(struct numbering *work)
{
    uint32_t *next = mem_array(NULL, work->n, sizeof *next);
    uint32_t *item_at = mem_array(NULL, work->n, sizeof *item_at);
    uint32_t depth = 0;
    place(work, 0, NODE_NONE);
    item_at[0] = 0;
    next[0] = work->first[0];
    for (;;) {
        uint32_t at = next[depth], dir = item_at[depth];
        if (at < work->first[dir + 1]) {
            uint32_t item = work->order[at];
            next[depth]++;
            place(work, item, work->number[dir]);
            item_at[++depth] = item;
            next[depth] = work->first[item];
            continue;
        }
        struct node *done = &work->tree->nodes[work->number[dir]];
        done->n_below = work->tree->n - 1 - work->number[dir];
        if (depth-- == 0)
            break;
    }
    free(next);
    free(item_at);
}

/* Sets the peer of each member of a hard link group to the smallest node number of the group. A
 * group with one remaining member is not a group. */
static void join_peers(struct numbering *work)
{
    uint32_t *first = mem_array(NULL, work->n, sizeof *first);
    uint32_t *members = mem_zero(work->n, sizeof *members);
    memset(first, 0xff, (size_t)work->n * sizeof *first);
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t i = 0; i < work->n; i++) {
            uint32_t peer = work->items[i].peer, number = work->number[i];
            if (peer == NODE_NONE || number == NODE_NONE)
                continue;
            if (pass == 1 && members[peer] > 1)
                work->tree->nodes[number].peer = first[peer];
            if (pass == 1)
                continue;
            members[peer]++;
            first[peer] = number < first[peer] ? number : first[peer];
        }
    }
    free(first);
    free(members);
}

/* Fills first and order: sorts by parent with a counting sort, then by name. */
static void sort_children(struct numbering *work)
{
    const struct tree_item *items = work->items;
    uint32_t *first = work->first, n = work->n, end = 0;
    for (uint32_t i = 0; i < n; i++)
        if (items[i].parent < n)
            first[items[i].parent]++;
    for (uint32_t i = 0; i < n; i++)
        first[i] = end += first[i];
    first[n] = end;
    for (uint32_t i = n; i-- > 0;)
        if (items[i].parent < n)
            work->order[--first[items[i].parent]] = i;
    for (uint32_t i = 0; i < n; i++)
        if (first[i + 1] - first[i] > 1)
            qsort_r(work->order + first[i], first[i + 1] - first[i], sizeof *work->order,
                    compare_names, (void *)items);
}

uint32_t *tree_number(struct tree *tree, const struct tree_item *items, uint32_t n)
{
    struct numbering work = {.tree = tree, .items = items, .n = n};
    work.order = mem_array(NULL, n, sizeof *work.order);
    work.first = mem_zero((size_t)n + 1, sizeof *work.first);
    work.number = mem_array(NULL, n, sizeof *work.number);
    memset(work.number, 0xff, (size_t)n * sizeof *work.number);
    sort_children(&work);
    tree->nodes = mem_big(n, sizeof *tree->nodes);
    tree->n = 0;
    walk(&work);
    join_peers(&work);
    tree_index_make(tree);
    free(work.order);
    free(work.first);
    return work.number;
}

struct tree_builder {
    struct tree *tree;
    struct tree_item *items; /* owned */
    struct node *attributes; /* owned; same indexes as items */
    uint32_t n, cap, cap_attributes;
    struct map known; /* canonical path → item + 1 */
    struct buf name, peer;
};

static uint32_t item_at(struct tree_builder *builder, struct bytes path)
{
    uint64_t *known = map_find(&builder->known, path);
    if (known)
        return (uint32_t)*known - 1;
    uint32_t parent = NODE_NONE;
    if (path.n) {
        /* The recursion ends at the root, which always exists. Each level adds its parent first. */
        struct bytes dir = path_dir(path);
        parent = item_at(builder, dir);
    }
    ARRAY_ROOM(builder->items, builder->n, builder->cap);
    ARRAY_ROOM(builder->attributes, builder->n, builder->cap_attributes);
    builder->items[builder->n] =
        (struct tree_item){.name = arena_copy(&builder->tree->arena, path_base(path)),
                           .parent = parent,
                           .peer = NODE_NONE};
    builder->attributes[builder->n] =
        (struct node){.kind = NODE_DIR, .mode = IMPLICIT_MODE, .link = bytes_from("", 0)};
    *map_at(&builder->known, path, NULL) = ++builder->n;
    return builder->n - 1;
}

struct tree_builder *tree_builder_create(void)
{
    struct tree_builder *builder = mem_zero(1, sizeof *builder);
    builder->tree = mem_zero(1, sizeof *builder->tree);
    item_at(builder, bytes_from("", 0));
    return builder;
}

static const struct need *copy_needs(struct arena *arena, const struct node *node)
{
    if (!node->n_needs)
        return NULL;
    struct need *copy = arena_alloc(arena, node->n_needs * sizeof *copy);
    for (uint16_t i = 0; i < node->n_needs; i++) {
        copy[i].kind = node->needs[i].kind;
        copy[i].value = arena_copy(arena, node->needs[i].value);
    }
    return copy;
}

/* Returns the item that represents the hard link group: each peer refers to another item, the last
 * peer to itself. */
static uint32_t group_of(struct tree_builder *builder, uint32_t at)
{
    struct tree_item *items = builder->items;
    if (items[at].peer == NODE_NONE)
        items[at].peer = at;
    while (items[at].peer != at) {
        items[at].peer = items[items[at].peer].peer;
        at = items[at].peer;
    }
    return at;
}

void tree_builder_add(struct tree_builder *builder, struct bytes path,
                      const struct node *attributes, struct bytes peer_path)
{
    struct arena *arena = &builder->tree->arena;
    path_absolute(bytes_of("/"), path, &builder->name);
    uint32_t at = item_at(builder, bytes_skip(buf_bytes(&builder->name), 1));
    builder->attributes[at] = *attributes;
    builder->attributes[at].link = arena_copy(arena, attributes->link);
    builder->attributes[at].needs = copy_needs(arena, attributes);
    if (!peer_path.n)
        return;
    path_absolute(bytes_of("/"), peer_path, &builder->peer);
    uint32_t peer = item_at(builder, bytes_skip(buf_bytes(&builder->peer), 1));
    uint32_t mine = group_of(builder, at), other = group_of(builder, peer);
    builder->items[mine].peer = other;
}

/* Sets the attributes of a node without changing its position in the tree. */
static void describe(struct node *node, const struct node *attributes)
{
    struct node place = *node;
    *node = *attributes;
    node->name = place.name;
    node->parent = place.parent;
    node->n_below = place.n_below;
    node->peer = place.peer;
}

struct tree *tree_builder_finish(struct tree_builder *builder)
{
    struct tree *tree = builder->tree;
    for (uint32_t i = 0; i < builder->n; i++)
        if (builder->items[i].peer != NODE_NONE)
            builder->items[i].peer = group_of(builder, i);
    MEM_AUTO uint32_t *numbers = tree_number(tree, builder->items, builder->n);
    for (uint32_t i = 0; i < builder->n; i++) /* all items are connected to the root */
        describe(&tree->nodes[numbers[i]], &builder->attributes[i]);
    map_finish(&builder->known);
    buf_finish(&builder->name);
    buf_finish(&builder->peer);
    free(builder->items);
    free(builder->attributes);
    free(builder);
    return tree;
}
