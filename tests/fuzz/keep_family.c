/* SPDX-License-Identifier: MIT
 * Any bytes as a file group's definition: rejected with its line, or accepted with globs within the
 * limits, whose members are nodes of a small tree. And as a loader's configuration. */
#include <stdlib.h>
#include <string.h>

#include "image/content/ld_so_conf.h"
#include "keep/groups/file_group.h"
#include "keep/groups/group_members.h"

static void need(bool ok)
{
    if (!ok)
        abort();
}

static struct tree *make_tree(void)
{
    static const char *const paths[] = {"/a", "/b/c", "/b/d/e", "/b/d/f.so.1", "/usr/lib/x/y"};
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        tree_builder_add(builder, bytes_of(paths[i]), &(struct node){.kind = NODE_FILE},
                         bytes_of(NULL));
    tree_builder_add(builder, bytes_of("/lib"),
                     &(struct node){.kind = NODE_LINK, .link = bytes_of("usr/lib")},
                     bytes_of(NULL));
    return tree_builder_finish(builder);
}

static void add_member(void *with, uint32_t node, const struct tree_walk *walk)
{
    const struct tree *tree = with;
    need(node < tree->n && tree->nodes[node].kind != NODE_DIR);
    need(!walk || walk->node == node);
}

static void take_need(void *with, enum need_kind kind, struct bytes value)
{
    (void)with;
    need((kind == NEED_DIRECTORY || kind == NEED_INCLUDE) && value.n > 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena arena = {0};
    struct file_group group = {0};
    struct err err = {0};
    struct bytes text = bytes_from((const char *)data, n);
    if (file_group_parse(text, "f.family", &arena, &group, &err)) {
        struct tree *tree = make_tree();
        for (int kind = 0; kind < N_FILE_GROUP_GLOBS; kind++)
            need(group.n_globs[kind] <= FILE_GROUP_MAX_GLOBS);
        for (size_t i = 0; i < group.n_globs[FILE_GROUP_MEMBER]; i++)
            group_members_of_glob(tree, group.globs[FILE_GROUP_MEMBER][i], add_member, tree);
        tree_destroy(tree);
    } else {
        need(!strncmp(err.text, "f.family:", 9));
    }
    arena_finish(&arena);
    ld_so_conf_needs(bytes_of("etc/ld.so.conf"), text, take_need, NULL);
    ld_so_conf_needs(bytes_of("etc/ld-musl-x.path"), text, take_need, NULL);
    return 0;
}
