/* SPDX-License-Identifier: MIT
 *
 * Both trees are numbered in the order of their paths, so two cursors merge them like two sorted
 * lists. If both cursors are at nodes that the other tree does not have, one node's parent is an
 * ancestor of the other's (or the same directory), and the children of the deeper parent come
 * first:
 *
 *     a: /x, /x/1            b: /x, /y          /x/1 is before /y: /x is deeper than /
 */
#include "image/tree/tree_compare.h"

#include <stdlib.h>
#include <string.h>

const char *tree_compare_bit_name(unsigned bit)
{
    static const char *const names[N_COMPARE_BITS] = {"kind",  "content", "link",     "mode",
                                                      "owner", "xattrs",  "hardlink", "mtime"};
    return names[bit];
}

const char *tree_compare_status_name(enum tree_compare_status status)
{
    static const char *const names[N_COMPARE_STATUS] = {[COMPARE_SAME] = "same",
                                                        [COMPARE_ADDED] = "added",
                                                        [COMPARE_REMOVED] = "removed",
                                                        [COMPARE_CHANGED] = "changed",
                                                        [COMPARE_TIME_ONLY] = "mtime"};
    return names[status];
}

static bool same_content(const struct node *a, const struct node *b)
{
    if (a->kind == NODE_FILE)
        return a->size == b->size && !memcmp(a->hash, b->hash, sizeof a->hash);
    if (a->kind == NODE_CHAR || a->kind == NODE_BLOCK)
        return a->device_major == b->device_major && a->device_minor == b->device_minor;
    return true;
}

unsigned tree_compare_attributes(const struct node *a, const struct node *b)
{
    unsigned what = 0;
    if (a->kind != b->kind)
        what |= COMPARE_KIND;
    else if (a->kind == NODE_LINK && !bytes_equal(a->link, b->link))
        what |= COMPARE_LINK;
    else if (!same_content(a, b))
        what |= COMPARE_CONTENT;
    if (a->mode != b->mode && a->kind != NODE_LINK && b->kind != NODE_LINK)
        what |= COMPARE_MODE;
    if (a->uid != b->uid || a->gid != b->gid)
        what |= COMPARE_OWNER;
    if (memcmp(a->xattrs, b->xattrs, sizeof a->xattrs) != 0)
        what |= COMPARE_XATTRS;
    if (a->mtime_s != b->mtime_s || a->mtime_ns != b->mtime_ns)
        what |= COMPARE_TIME;
    return what;
}

void tree_compare_map(const struct tree *a, const struct tree *b, uint32_t *out)
{
    out[NODE_ROOT] = NODE_ROOT;
    for (uint32_t i = 1; i < a->n; i++) {
        uint32_t parent = out[a->nodes[i].parent];
        bool is_below = parent != NODE_NONE && b->nodes[parent].kind == NODE_DIR &&
                        a->nodes[a->nodes[i].parent].kind == NODE_DIR;
        out[i] = is_below ? tree_child(b, parent, a->nodes[i].name) : NODE_NONE;
    }
}

struct comparing {
    const struct tree *a, *b;
    uint32_t *to_b, *to_a;    /* owned; results of tree_compare_map */
    uint8_t *seen_a, *seen_b; /* owned; by first name: hard link groups that were already counted */
    struct tree_compare *out;
    size_t cap;
};

/* Returns the content size of a node; 0 if another name of the same file was already counted. */
static int64_t weigh(const struct tree *tree, uint32_t node, uint8_t *seen)
{
    uint32_t peer = tree->nodes[node].peer;
    if (peer != NODE_NONE && seen[peer]++)
        return 0;
    return tree->nodes[node].size;
}

static void add_row(struct comparing *c, struct tree_compare_row row)
{
    struct tree_compare *out = c->out;
    out->n_of[row.status]++;
    if (row.status == COMPARE_ADDED)
        out->added_bytes += weigh(c->b, row.b, c->seen_b);
    if (row.status == COMPARE_REMOVED)
        out->removed_bytes += weigh(c->a, row.a, c->seen_a);
    for (unsigned bit = 0; row.status == COMPARE_CHANGED && bit < N_COMPARE_BITS; bit++)
        out->n_what[bit] += row.what >> bit & 1;
    if (row.status == COMPARE_SAME)
        return;
    ARRAY_ROOM(out->rows, out->n, c->cap);
    out->rows[out->n++] = row;
}

/* Returns true if both nodes are in the same hard link group, which is identified by its first
 * name, or both are in no group. */
static bool same_group(const struct comparing *c, uint32_t i, uint32_t j)
{
    uint32_t a = c->a->nodes[i].peer, b = c->b->nodes[j].peer;
    return a == NODE_NONE ? b == NODE_NONE : c->to_b[a] == b;
}

static void add_pair(struct comparing *c, uint32_t i, uint32_t j)
{
    unsigned what = tree_compare_attributes(&c->a->nodes[i], &c->b->nodes[j]);
    if (!same_group(c, i, j))
        what |= COMPARE_HARDLINK;
    enum tree_compare_status status = !what                  ? COMPARE_SAME
                                      : what == COMPARE_TIME ? COMPARE_TIME_ONLY
                                                             : COMPARE_CHANGED;
    add_row(c, (struct tree_compare_row){i, j, (uint8_t)status, (uint8_t)what});
}

/* Adds a node that the other tree does not have, and everything below it. */
static uint32_t add_lone(struct comparing *c, const struct tree *tree, uint32_t node)
{
    uint32_t end = node + tree->nodes[node].n_below + 1;
    for (; node < end; node++)
        add_row(c, tree == c->a ? (struct tree_compare_row){node, NODE_NONE, COMPARE_REMOVED, 0}
                                : (struct tree_compare_row){NODE_NONE, node, COMPARE_ADDED, 0});
    return end;
}

/* Compares two nodes that exist in one tree only. Returns true if the node of a comes first. */
static bool is_first(const struct comparing *c, uint32_t i, uint32_t j)
{
    uint32_t above_i = c->to_b[c->a->nodes[i].parent], above_j = c->b->nodes[j].parent;
    if (above_i != above_j)
        return above_i > above_j;
    return bytes_compare(c->a->nodes[i].name, c->b->nodes[j].name) < 0;
}

static void walk(struct comparing *c)
{
    uint32_t i = 0, j = 0;
    while (i < c->a->n || j < c->b->n) {
        bool lone_a = i < c->a->n && c->to_b[i] == NODE_NONE;
        bool lone_b = j < c->b->n && c->to_a[j] == NODE_NONE;
        /* lone_a and lone_b can both be false if one tree has ended, or if a damaged session has a
         * path twice. */
        bool is_b = lone_b ? !lone_a || !is_first(c, i, j) : i >= c->a->n;
        if (i < c->a->n && j < c->b->n && c->to_b[i] == j)
            add_pair(c, i++, j++);
        else if (is_b)
            j = add_lone(c, c->b, j);
        else
            i = add_lone(c, c->a, i);
    }
}

void tree_compare(const struct tree *a, const struct tree *b, struct tree_compare *out)
{
    struct comparing c = {.a = a,
                          .b = b,
                          .to_b = mem_array(NULL, a->n, sizeof *c.to_b),
                          .to_a = mem_array(NULL, b->n, sizeof *c.to_a),
                          .seen_a = mem_zero(a->n, 1),
                          .seen_b = mem_zero(b->n, 1),
                          .out = out};
    *out = (struct tree_compare){0};
    tree_compare_map(a, b, c.to_b);
    tree_compare_map(b, a, c.to_a);
    walk(&c);
    free(c.to_b);
    free(c.to_a);
    free(c.seen_a);
    free(c.seen_b);
}

void tree_compare_finish(struct tree_compare *compare)
{
    free(compare->rows);
    *compare = (struct tree_compare){0};
}
