/* SPDX-License-Identifier: MIT */
#include "export/plan.h"

#include <stdlib.h>
#include <string.h>

#include "keep/base_compare.h"

/* Paths over which engines mount their own files during a RUN, which therefore cannot read the
 * image's content. */
static const char *const mounts[] = {"/dev",         "/proc",         "/sys",
                                     "/etc/hosts",   "/etc/hostname", "/etc/resolv.conf",
                                     "/run/secrets", "/.dockerenv",   "/run/.containerenv"};

static bool has_xattrs(const struct node *node)
{
    static const uint8_t none[16] = {0};
    return memcmp(node->xattrs, none, sizeof none) != 0;
}

/* Returns, by node of plan->tree, whether cp in a RUN cannot copy it. */
static bool *find_mounted(const struct plan *plan)
{
    const struct tree *tree = plan->tree, *source = plan->source;
    bool *mounted = mem_zero(tree->n, sizeof *mounted);
    MEM_AUTO bool *hidden = mem_zero(source->n, sizeof *hidden);
    bool busybox = plan_cp_is_busybox(source);
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        uint32_t top = tree_find(source, bytes_of(mounts[i]));
        if (top == NODE_NONE || source->nodes[top].kind == NODE_LINK)
            continue;
        for (uint32_t k = top; k <= top + source->nodes[top].n_below; k++)
            hidden[k] = true;
    }
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct node *n = &tree->nodes[i];
        uint32_t origin = mapped_origin(plan->mapped, i);
        mounted[i] = (origin != NODE_NONE && hidden[origin]) ||
                     (busybox && n->kind == NODE_FILE && n->peer == NODE_NONE && has_xattrs(n));
    }
    return mounted;
}

/* Returns whether all kept paths below the directory are left to the engine. */
static bool is_left_dir(const struct plan *plan, uint32_t dir, const bool *left)
{
    uint32_t origin = mapped_origin(plan->mapped, dir);
    if (origin == NODE_NONE || plan->source->nodes[origin].kind != NODE_DIR ||
        !plan->source->nodes[origin].n_below)
        return false;
    for (uint32_t i = dir + 1; i <= dir + plan->tree->nodes[dir].n_below; i++)
        if (plan->keep->verdicts[i].kept && !left[i])
            return false;
    return true;
}

/* Returns, by node of plan->tree, whether COPY can leave it to the engine, which fills these
 * directories in each container: a device or a link below them, and a directory that has nothing
 * else to copy but is not empty in the subject. COPY of that directory would copy everything. */
static bool *find_filled(const struct plan *plan)
{
    static const char *const filled[] = {"/dev", "/proc", "/sys"};
    const struct tree *tree = plan->tree;
    bool *out = mem_zero(tree->n, sizeof *out);
    for (size_t i = 0; i < sizeof filled / sizeof *filled; i++) {
        uint32_t top = tree_find(tree, bytes_of(filled[i]));
        if (top == NODE_NONE)
            continue;
        for (uint32_t k = top + tree->nodes[top].n_below + 1; k-- > top;)
            out[k] = tree->nodes[k].kind == NODE_DIR ? is_left_dir(plan, k, out)
                                                     : tree->nodes[k].kind != NODE_FILE;
    }
    return out;
}

bool plan_is_device(const struct node *node)
{
    return node->kind == NODE_CHAR || node->kind == NODE_BLOCK;
}

/* Returns the state of a kept non-directory if no parent directory is copied as a whole. */
static enum plan_how single_how(struct plan *plan, uint32_t node, bool mounted)
{
    const struct node *n = &plan->tree->nodes[node];
    if (n->kind == NODE_SOCKET) {
        plan->n_sockets++;
        return PLAN_NOT;
    }
    if (mounted && n->kind != NODE_FILE) {
        plan->n_hidden++;
        return PLAN_NOT;
    }
    return mounted ? PLAN_MOUNT : PLAN_SINGLE;
}

/* Returns whether the source of a node is in the source of its directory and has the same name. */
static bool stays_inside(const struct plan *plan, uint32_t node)
{
    const struct tree *tree = plan->tree, *source = plan->source;
    uint32_t origin = mapped_origin(plan->mapped, node);
    return origin != NODE_NONE && origin != NODE_ROOT &&
           mapped_origin(plan->mapped, tree->nodes[node].parent) == source->nodes[origin].parent &&
           bytes_equal(tree->nodes[node].name, source->nodes[origin].name);
}

/* Computes the sizes of subtrees that can be copied as a whole: all nodes kept, no special node. */
static uint32_t *count_whole(const struct plan *plan, const bool *mounted,
                             enum plan_carrier carrier)
{
    const struct tree *tree = plan->tree;
    uint32_t *whole = mem_zero(tree->n, sizeof *whole);
    for (uint32_t i = tree->n; i-- > 0;) {
        const struct node *n = &tree->nodes[i];
        bool special = n->kind == NODE_SOCKET || (mounted && mounted[i]) ||
                       (carrier == CARRY_BY_COPY && (n->kind == NODE_FIFO || plan_is_device(n)));
        whole[i] += plan->keep->verdicts[i].kept && !special;
        if (i && stays_inside(plan, i))
            whole[n->parent] += whole[i];
    }
    return whole;
}

/* Returns whether the source directory contains no further nodes. */
static bool is_whole(const struct plan *plan, uint32_t node, const uint32_t *whole)
{
    uint32_t n_below = plan->tree->nodes[node].n_below, origin = mapped_origin(plan->mapped, node);
    return n_below && whole[node] == n_below + 1 && origin != NODE_NONE &&
           plan->source->nodes[origin].n_below == n_below;
}

static void decide(struct plan *plan, const uint32_t *whole, const bool *mounted,
                   enum plan_carrier carrier)
{
    const struct tree *tree = plan->tree;
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct node *n = &tree->nodes[i];
        enum plan_how above = plan->how[n->parent];
        if (above == PLAN_WHOLE || above == PLAN_INSIDE)
            plan->how[i] = PLAN_INSIDE;
        else if (!plan->keep->verdicts[i].kept)
            continue;
        else if (n->kind == NODE_DIR && carrier == CARRY_BY_COPY && mounted[i])
            continue;
        else if (n->kind != NODE_DIR)
            plan->how[i] = (uint8_t)single_how(plan, i, mounted && mounted[i]);
        else
            plan->how[i] = is_whole(plan, i, whole) ? PLAN_WHOLE : PLAN_MADE;
    }
    for (uint32_t i = tree->n; i-- > 1;) { /* the parents of a planned node must exist */
        uint32_t parent = tree->nodes[i].parent;
        if (plan->how[i] != PLAN_NOT && plan->how[parent] == PLAN_NOT)
            plan->how[parent] = PLAN_MADE;
        plan->n_planned += plan->how[i] != PLAN_NOT;
    }
}

void plan_make(struct plan *plan, const struct mapped_tree *mapped, enum plan_carrier carrier)
{
    const struct keep_input *input = &mapped->input;
    const struct tree *tree = input->subject;
    *plan = (struct plan){.mapped = mapped,
                          .input = input,
                          .keep = mapped->keep,
                          .tree = tree,
                          .source = mapped->source};
    plan->how = mem_zero(tree->n, sizeof *plan->how);
    plan->base_of = mem_array(NULL, tree->n, sizeof *plan->base_of);
    if (input->base)
        tree_compare_map(tree, input->base, plan->base_of);
    for (uint32_t i = 0; !input->base && i < tree->n; i++)
        plan->base_of[i] = NODE_NONE;
    plan->everything = tree->n > 1 && !mapped->origin;
    for (uint32_t i = 0; i < tree->n; i++)
        plan->everything = plan->everything && plan->keep->verdicts[i].needed;
    MEM_AUTO bool *mounted = carrier == CARRY_BY_RUN    ? find_mounted(plan)
                             : carrier == CARRY_BY_COPY ? find_filled(plan)
                                                        : NULL;
    MEM_AUTO uint32_t *whole = count_whole(plan, mounted, carrier);
    decide(plan, whole, mounted, carrier);
}

void plan_finish(struct plan *plan)
{
    free(plan->how);
    free(plan->base_of);
    *plan = (struct plan){0};
}

static bool is_conflict(const struct plan *plan, uint32_t node)
{
    uint32_t base_node = plan->base_of[node];
    return plan->how[node] != PLAN_NOT && base_node != NODE_NONE &&
           plan->tree->nodes[node].kind != plan->input->base->nodes[base_node].kind;
}

void plan_find_conflicts(const struct plan *plan, uint32_t **nodes, size_t *n)
{
    size_t cap = 0;
    *nodes = NULL;
    *n = 0;
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        if (!is_conflict(plan, i))
            continue;
        ARRAY_ROOM(*nodes, *n, cap);
        (*nodes)[(*n)++] = i;
    }
}

bool plan_loses_meta(const struct plan *plan, uint32_t node)
{
    const struct node *n = &plan->tree->nodes[node];
    if (n->kind != NODE_DIR || (plan->how[node] != PLAN_MADE && plan->how[node] != PLAN_WHOLE) ||
        !plan->keep->verdicts[node].kept)
        return false;
    uint32_t base_node = plan->base_of[node];
    const struct node *base = base_node == NODE_NONE ? NULL : &plan->input->base->nodes[base_node];
    if (base && base->kind == NODE_DIR)
        return n->mode != base->mode || n->uid != base->uid || n->gid != base->gid;
    return n->mode != 0755 || n->uid || n->gid;
}

uint32_t plan_item(const struct plan *plan, uint32_t node)
{
    while (plan->how[node] == PLAN_INSIDE)
        node = plan->tree->nodes[node].parent;
    return plan->how[node] == PLAN_WHOLE || plan->how[node] == PLAN_SINGLE ? node : NODE_NONE;
}

void plan_source_path(const struct plan *plan, uint32_t node, struct buf *out)
{
    tree_path(plan->source, mapped_origin(plan->mapped, node), out);
}

bool plan_is_moved(const struct plan *plan, uint32_t node)
{
    BUF_AUTO struct buf from = {0}, to = {0};
    if (mapped_origin(plan->mapped, node) == NODE_NONE || !plan->mapped->origin)
        return false;
    plan_source_path(plan, node, &from);
    tree_path(plan->tree, node, &to);
    return !bytes_equal(buf_bytes(&from), buf_bytes(&to));
}

static uint32_t find_program(const struct tree *tree, const char *dir, const char *name)
{
    struct tree_walk walk;
    BUF_AUTO struct buf path = {0};
    buf_printf(&path, "%s/%s", dir, name);
    uint32_t node = tree_resolve(tree, buf_bytes(&path), TREE_FOLLOW, &walk);
    bool ok =
        node != NODE_NONE && tree->nodes[node].kind == NODE_FILE && (tree->nodes[node].mode & 0111);
    return ok ? node : NODE_NONE;
}

static uint32_t find_tool(const struct tree *tree, const char *name)
{
    static const char *const dirs[] = {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin",
                                       "/usr/bin",        "/sbin",          "/bin"};
    uint32_t node = NODE_NONE;
    for (size_t i = 0; node == NODE_NONE && i < sizeof dirs / sizeof *dirs; i++)
        node = find_program(tree, dirs[i], name);
    return node;
}

static bool is_busybox(const struct tree *tree, uint32_t node)
{
    return node != NODE_NONE && bytes_starts(tree->nodes[node].name, bytes_of("busybox"));
}

/* Debian's busybox, used as a shell, runs its applets even without links for them. */
static bool has_busybox_shell(const struct tree *tree)
{
    return is_busybox(tree, find_program(tree, "/bin", "sh"));
}

bool plan_has_program(const struct tree *tree, const char *name)
{
    return find_tool(tree, name) != NODE_NONE;
}

bool plan_has_tool(const struct tree *tree, const char *name)
{
    return plan_has_program(tree, name) || has_busybox_shell(tree);
}

bool plan_cp_is_busybox(const struct tree *subject)
{
    return has_busybox_shell(subject) || is_busybox(subject, find_tool(subject, "cp"));
}

static bool has_tools(const struct tree *tree, const char *const *names, size_t n)
{
    if (!tree || find_program(tree, "/bin", "sh") == NODE_NONE)
        return false;
    for (size_t i = 0; i < n; i++)
        if (!plan_has_tool(tree, names[i]))
            return false;
    return true;
}

bool plan_can_stage(const struct tree *subject)
{
    static const char *const names[] = {"cp", "mkdir", "chown", "chmod", "touch"};
    return has_tools(subject, names, sizeof names / sizeof *names);
}

bool plan_can_repair(const struct tree *base)
{
    static const char *const names[] = {"ln", "rm", "mkdir", "chown", "chmod", "touch"};
    return has_tools(base, names, sizeof names / sizeof *names);
}
