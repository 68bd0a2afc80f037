/* SPDX-License-Identifier: MIT
 *
 * Merges the kept files into the base as a builder's COPY does: a kept file replaces the base's
 * file at the same path, a kept directory is merged with the base's directory.
 */
#include <stdlib.h>

#include "keep/base_compare.h"
#include "keep/breaks.h"

/* Adds a node of the base. Returns whether the nodes below it can exist in the slim image. */
static bool add_base_node(const struct keep_input *input, const struct keep *keep, uint32_t node,
                          uint32_t mine, struct tree_builder *builder, struct buf *path)
{
    struct node copy = input->base->nodes[node];
    const struct verdict *verdict = mine == NODE_NONE ? NULL : &keep->verdicts[mine];
    if (verdict && verdict->kept)
        return input->subject->nodes[mine].kind == NODE_DIR && copy.kind == NODE_DIR;
    copy.path_id = !verdict                        ? 0
                   : verdict->in_base == BASE_SAME ? (int64_t)mine + 1
                   : verdict->in_base == BASE_META ? (int64_t)mine + 1
                                                   : -((int64_t)mine + 1);
    copy.needs = NULL;
    copy.n_needs = 0;
    buf_clear(path);
    tree_path(input->base, node, path);
    tree_builder_add(builder, buf_bytes(path), &copy, bytes_from("", 0));
    return true;
}

static void add_base(const struct keep_input *input, const struct keep *keep,
                     struct tree_builder *builder)
{
    const struct tree *base = input->base;
    BUF_AUTO struct buf path = {0};
    MEM_AUTO uint32_t *mine = mem_array(NULL, base->n, sizeof *mine);
    tree_compare_map(base, input->subject, mine);
    for (uint32_t i = 1; i < base->n;) {
        bool open = add_base_node(input, keep, i, mine[i], builder, &path);
        i += open ? 1 : base->nodes[i].n_below + 1;
    }
}

struct tree *final_tree(const struct keep_input *input, const struct keep *keep)
{
    const struct tree *subject = input->subject;
    struct tree_builder *builder = tree_builder_create();
    BUF_AUTO struct buf path = {0};
    if (input->base)
        add_base(input, keep, builder);
    for (uint32_t i = 1; i < subject->n; i++) {
        if (!keep->verdicts[i].kept)
            continue;
        struct node copy = subject->nodes[i];
        copy.path_id = (int64_t)i + 1;
        copy.needs = NULL;
        copy.n_needs = 0;
        buf_clear(&path);
        tree_path(subject, i, &path);
        tree_builder_add(builder, buf_bytes(&path), &copy, bytes_from("", 0));
    }
    struct tree *tree = tree_builder_finish(builder);
    tree->nodes[NODE_ROOT].path_id = 1;
    return tree;
}
