/* SPDX-License-Identifier: MIT */
#include "export/mapped_tree.h"

#include <errno.h>
#include <stdlib.h>

#include "export/quote.h"
#include "keep/base_compare.h"
#include "keep/breaks.h"
#include "util/map.h"
#include "util/path.h"

struct moving {
    const struct keep_input *input;
    const struct keep *keep;
    const struct tree *source;
    struct arena arena;
    struct bytes *places; /* owned; by node of source: its path in the slim image; "" is the root */
    bool *rules;          /* owned; by node of source */
    struct map at;        /* path in the slim image → node of source + 1 */
};

static bool refuse(uint32_t node, const struct tree *tree, const char *what, struct bytes place,
                   struct err *err)
{
    BUF_AUTO struct buf path = {0}, shown = {0}, target = {0};
    tree_path(tree, node, &path);
    quote_comment(buf_bytes(&path), &shown);
    quote_comment(place, &target);
    return err_no(err, "--map: %s %s %s; choose another target", shown.p, what,
                  target.n ? target.p : "/");
}

/* Resolves the symlinks in the existing part of the path, so that no file is created through a
 * symlink. */
static bool real_place(struct moving *m, uint32_t moved, struct bytes to, struct bytes *out,
                       struct err *err)
{
    BUF_AUTO struct buf path = {0};
    struct tree_walk walk;
    struct bytes head = to;
    uint32_t node;
    while ((node = tree_resolve(m->source, head.n ? head : bytes_of("/"), TREE_FOLLOW, &walk)) ==
           NODE_NONE) {
        if (walk.error != ENOENT || !head.n)
            return refuse(moved, m->source, "cannot be moved to", to, err);
        head = path_dir(head);
    }
    if (node != NODE_ROOT)
        tree_path(m->source, node, &path);
    buf_add(&path, bytes_skip(to, head.n));
    *out = arena_copy(&m->arena, buf_bytes(&path));
    return true;
}

static bool apply_rule(struct moving *m, const struct map_rule *move, struct buf *notes,
                       struct err *err)
{
    struct tree_walk walk;
    uint32_t node = tree_resolve(m->source, move->from, TREE_NOFOLLOW, &walk);
    if (node == NODE_NONE || node == NODE_ROOT) {
        BUF_AUTO struct buf shown = {0};
        quote_comment(move->from, &shown);
        return err_no(err, "--map: %s: no such path in the subject image", shown.p);
    }
    m->rules[node] = true;
    if (!real_place(m, node, move->to.n > 1 ? move->to : bytes_of(""), &m->places[node], err))
        return false;
    quote_comment(move->from, notes);
    buf_add(notes, bytes_of(" moved to "));
    quote_comment(m->places[node].n ? m->places[node] : bytes_of("/"), notes);
    buf_byte(notes, '\n');
    return true;
}

/* Moves everything below the paths that rules have moved. */
static void spread(struct moving *m)
{
    BUF_AUTO struct buf path = {0};
    m->places[NODE_ROOT] = bytes_of("");
    for (uint32_t i = 1; i < m->source->n; i++) {
        uint32_t parent = m->source->nodes[i].parent;
        if (m->rules[i])
            continue;
        m->rules[i] = m->rules[parent];
        buf_clear(&path);
        buf_add(&path, m->places[parent]);
        buf_byte(&path, '/');
        buf_add(&path, m->source->nodes[i].name);
        m->places[i] = arena_copy(&m->arena, buf_bytes(&path));
    }
}

static bool goes(const struct moving *m, uint32_t node)
{
    return m->keep->verdicts[node].needed ||
           (!m->rules[node] && m->source->nodes[node].kind == NODE_DIR);
}

/* Chooses between two directories with the same new path: the result gets the attributes of the
 * needed one; if both are needed, of the one that was not moved. */
static bool is_better(const struct moving *m, uint32_t node, uint32_t than)
{
    bool needed = m->keep->verdicts[node].needed;
    if (needed != m->keep->verdicts[than].needed)
        return needed;
    return !m->rules[node] && m->rules[than];
}

static bool settle_places(struct moving *m, struct err *err)
{
    const struct node *nodes = m->source->nodes;
    for (uint32_t i = 0; i < m->source->n; i++) {
        if (!goes(m, i))
            continue;
        bool is_new;
        uint64_t *at = map_at(&m->at, m->places[i], &is_new);
        uint32_t other = is_new ? NODE_NONE : (uint32_t)*at - 1;
        if (!is_new && (nodes[i].kind != NODE_DIR || nodes[other].kind != NODE_DIR))
            return refuse(i, m->source, "is mapped onto another path at", m->places[i], err);
        if (is_new || is_better(m, i, other))
            *at = (uint64_t)i + 1;
    }
    for (uint32_t i = 1; i < m->source->n; i++) {
        if (!goes(m, i))
            continue;
        uint64_t *above = NULL;
        for (struct bytes dir = path_dir(m->places[i]); dir.n && !above; dir = path_dir(dir))
            above = map_find(&m->at, dir);
        if (above && nodes[*above - 1].kind != NODE_DIR)
            return refuse(i, m->source,
                          "would be below a path that is not a directory:", m->places[i], err);
    }
    return true;
}

/* Builds the tree. path_id is temporarily origin + 1, because the builder assigns new node numbers.
 */
static struct tree *build(struct moving *m)
{
    struct tree_builder *builder = tree_builder_create();
    MEM_AUTO uint32_t *first = mem_array(NULL, m->source->n, sizeof *first);
    memset(first, 0xff, m->source->n * sizeof *first);
    for (uint32_t i = 1; i < m->source->n; i++) {
        uint64_t *at = goes(m, i) ? map_find(&m->at, m->places[i]) : NULL;
        if (!at || *at != (uint64_t)i + 1)
            continue;
        struct node copy = m->source->nodes[i];
        uint32_t peer = copy.peer;
        copy.path_id = (int64_t)i + 1;
        copy.peer = NODE_NONE;
        bool linked = peer != NODE_NONE && first[peer] != NODE_NONE;
        tree_builder_add(builder, m->places[i], &copy,
                         linked ? m->places[first[peer]] : bytes_of(""));
        if (peer != NODE_NONE && !linked)
            first[peer] = i;
    }
    struct tree *tree = tree_builder_finish(builder);
    struct bytes name = tree->nodes[NODE_ROOT].name;
    uint32_t n_below = tree->nodes[NODE_ROOT].n_below;
    tree->nodes[NODE_ROOT] = m->source->nodes[NODE_ROOT];
    tree->nodes[NODE_ROOT].name = name;
    tree->nodes[NODE_ROOT].n_below = n_below;
    tree->nodes[NODE_ROOT].path_id = 1;
    tree->image = m->source->image;
    return tree;
}

static uint32_t *take_origins(struct tree *tree, const struct tree *source)
{
    uint32_t *origin = mem_array(NULL, tree->n, sizeof *origin);
    for (uint32_t i = 0; i < tree->n; i++) {
        struct node *node = &tree->nodes[i];
        origin[i] = node->path_id ? (uint32_t)node->path_id - 1 : NODE_NONE;
        node->path_id = origin[i] == NODE_NONE ? 0 : source->nodes[origin[i]].path_id;
    }
    return origin;
}

/* Makes the verdicts. A created parent directory is needed if the base does not have it. */
static struct keep *judge(const struct moving *m, const struct mapped_tree *mapped)
{
    const struct tree *tree = mapped->tree, *base = m->input->base;
    struct keep *keep = mem_zero(1, sizeof *keep);
    MEM_AUTO uint32_t *in_base = mem_array(NULL, tree->n, sizeof *in_base);
    keep->n = tree->n;
    keep->selecting = m->keep->selecting;
    keep->verdicts = mem_zero(tree->n, sizeof *keep->verdicts);
    keep->rollups = mem_zero(tree->n, sizeof *keep->rollups);
    if (base)
        tree_compare_map(tree, base, in_base);
    for (uint32_t i = 0; i < tree->n; i++) {
        bool is_in_base =
            base && in_base[i] != NODE_NONE && base->nodes[in_base[i]].kind == NODE_DIR;
        keep->verdicts[i] = mapped->origin[i] == NODE_NONE
                                ? (struct verdict){.from = NODE_NONE,
                                                   .access = UINT32_MAX,
                                                   .line = UINT32_MAX,
                                                   .reason = &reason_parent,
                                                   .needed = !is_in_base}
                                : m->keep->verdicts[mapped->origin[i]];
    }
    keep_subtract_base(keep, &mapped->input);
    keep->subject_bytes = m->keep->subject_bytes;
    return keep;
}

static void warn(struct mapped_tree *mapped, uint32_t node, const char *what, struct bytes which)
{
    BUF_AUTO struct buf path = {0};
    tree_path(mapped->tree, node, &path);
    quote_comment(buf_bytes(&path), &mapped->warnings);
    buf_add(&mapped->warnings, bytes_of(what));
    quote_comment(which, &mapped->warnings);
    buf_byte(&mapped->warnings, '\n');
}

/* Returns whether the path exists in the subject, but not in the slim image. */
static bool is_lost(const struct mapped_tree *mapped, const struct tree *final, struct bytes was,
                    struct bytes is)
{
    struct tree_walk walk;
    return tree_resolve(mapped->source, was, TREE_FOLLOW, &walk) != NODE_NONE &&
           tree_resolve(final, is, TREE_FOLLOW, &walk) == NODE_NONE;
}

static bool names_source(const struct map_rules *rules, struct bytes dirs)
{
    while (dirs.n) {
        struct bytes dir = bytes_split(&dirs, ':');
        for (size_t i = 0; i < rules->n; i++)
            if (bytes_starts(dir, rules->items[i].from) &&
                (dir.n == rules->items[i].from.n || dir.p[rules->items[i].from.n] == '/'))
                return true;
    }
    return false;
}

static void look_at(struct mapped_tree *mapped, const struct map_rules *rules,
                    const struct tree *final, uint32_t node)
{
    const struct node *n = &mapped->tree->nodes[node];
    BUF_AUTO struct buf was = {0}, is = {0};
    if (n->kind == NODE_LINK) {
        tree_path(mapped->source, mapped->origin[node], &was);
        tree_path(mapped->tree, node, &is);
        if (is_lost(mapped, final, buf_bytes(&was), buf_bytes(&is)))
            warn(mapped, node, ": symlink target is missing in the slim image: ", n->link);
    }
    for (uint16_t i = 0; i < n->n_needs; i++) {
        const struct need *need = &n->needs[i];
        bool interpreter = need->kind == NEED_SCRIPT || need->kind == NEED_INTERPRETER;
        bool dirs = need->kind == NEED_RUNPATH || need->kind == NEED_RPATH;
        if (interpreter && is_lost(mapped, final, need->value, need->value))
            warn(mapped, node, ": interpreter is missing in the slim image: ", need->value);
        if (dirs && names_source(rules, need->value))
            warn(mapped, node,
                 ": library search path names a directory that was moved: ", need->value);
    }
}

static void find_lost(struct mapped_tree *mapped, const struct map_rules *rules)
{
    struct tree *final = final_tree(&mapped->input, mapped->keep);
    for (uint32_t i = 1; i < mapped->tree->n; i++)
        if (mapped->kept->verdicts[i].kept && mapped->origin[i] != NODE_NONE)
            look_at(mapped, rules, final, i);
    tree_destroy(final);
}

bool mapped_tree_make(struct mapped_tree *mapped, const struct keep_input *input,
                      const struct keep *keep, const struct map_rules *rules, struct err *err)
{
    *mapped = (struct mapped_tree){
        .input = *input, .keep = keep, .source = input->subject, .source_keep = keep};
    if (!rules || !rules->n || !input->subject)
        return true;
    struct moving m = {.input = input, .keep = keep, .source = input->subject};
    m.places = mem_zero(m.source->n, sizeof *m.places);
    m.rules = mem_zero(m.source->n, sizeof *m.rules);
    bool ok = true;
    for (size_t i = 0; ok && i < rules->n; i++)
        ok = apply_rule(&m, &rules->items[i], &mapped->notes, err);
    if (ok)
        spread(&m);
    if (ok && (ok = settle_places(&m, err))) {
        mapped->tree = build(&m);
        mapped->origin = take_origins(mapped->tree, m.source);
        mapped->input.subject = mapped->tree;
        mapped->keep = mapped->kept = judge(&m, mapped);
        find_lost(mapped, rules);
    }
    free(m.places);
    free(m.rules);
    map_finish(&m.at);
    arena_finish(&m.arena);
    return ok;
}

void mapped_tree_finish(struct mapped_tree *mapped)
{
    tree_destroy(mapped->tree);
    keep_destroy(mapped->kept);
    free(mapped->origin);
    buf_finish(&mapped->notes);
    buf_finish(&mapped->warnings);
    *mapped = (struct mapped_tree){0};
}
