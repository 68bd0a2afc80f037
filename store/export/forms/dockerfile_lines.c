/* SPDX-License-Identifier: MIT */
#include "export/forms/dockerfile.h"

#include "export/quote.h"
#include "export/shell_script.h"
#include "util/text.h"

static bool refuse_for(const struct dockerfile *dockerfile, uint32_t node, const char *what,
                       const char *other, struct err *err)
{
    BUF_AUTO struct buf path = {0}, shown = {0};
    tree_path(dockerfile->plan->tree, node, &path);
    quote_comment(buf_bytes(&path), &shown);
    return err_no(err, "%s: %s; use --form %s", shown.p, what, other);
}

bool dockerfile_refuse(const struct dockerfile *dockerfile, uint32_t node, const char *what,
                       struct err *err)
{
    return refuse_for(dockerfile, node, what, dockerfile->other_form, err);
}

void dockerfile_mark_loss(struct dockerfile *dockerfile, enum loss loss, uint32_t node)
{
    dockerfile->lost[node] |= 1u << loss;
}

/* Returns the first conflict that a builder does not resolve: one of the two nodes is a directory.
 */
static uint32_t first_conflict(const struct plan *plan, const uint32_t *nodes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct node *base = &plan->input->base->nodes[plan->base_of[nodes[i]]];
        if (base->kind == NODE_DIR || plan->tree->nodes[nodes[i]].kind == NODE_DIR)
            return nodes[i];
    }
    return NODE_NONE;
}

bool dockerfile_remove_conflicts(struct dockerfile *dockerfile, struct err *err)
{
    const struct plan *plan = dockerfile->plan;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n = 0;
    plan_find_conflicts(plan, &nodes, &n);
    uint32_t conflict = first_conflict(plan, nodes, n);
    if (!n || (conflict == NODE_NONE && !plan_can_repair(plan->input->base)))
        return true;
    if (!plan_can_repair(plan->input->base))
        return refuse_for(
            dockerfile, conflict,
            "one of base and subject has a directory there, and the base has no shell "
            "to remove its path",
            "image", err);
    struct arena arena = {0};
    MEM_AUTO struct bytes *names = mem_array(NULL, n, sizeof *names);
    BUF_AUTO struct buf path = {0};
    for (size_t i = 0; i < n; i++) {
        buf_clear(&path);
        tree_path(plan->tree, nodes[i], &path);
        names[i] = arena_copy(&arena, bytes_skip(buf_bytes(&path), 1));
    }
    struct script script;
    buf_add(&dockerfile->final, bytes_of("USER 0:0\n"));
    dockerfile->runs = true;
    script_init(&script, &dockerfile->final);
    bool ok = script_command(&script, bytes_of("/"), "rm -rf --", names, n, "", SCRIPT_SPLIT);
    script_finish(&script);
    arena_finish(&arena);
    return ok ||
           refuse_for(dockerfile, nodes[0], "the name is too long for a command", "image", err);
}

static bool write_sources(struct dockerfile *dockerfile, const uint32_t *nodes, size_t n,
                          struct err *err)
{
    BUF_AUTO struct buf path = {0};
    for (size_t i = 0; i < n; i++) {
        buf_clear(&path);
        plan_source_path(dockerfile->plan, nodes[i], &path);
        if (dockerfile->plan->tree->nodes[nodes[i]].kind == NODE_DIR)
            buf_byte(&path, '/');
        if (n > 1)
            buf_add(&dockerfile->final, bytes_of(" \\\n    "));
        if (!quote_source(buf_bytes(&path), dockerfile->request->builder, &dockerfile->final))
            return dockerfile_refuse(dockerfile, nodes[i],
                                     "COPY of this builder cannot express the name", err);
        buf_add(&dockerfile->final, bytes_of(n > 1 ? "," : ", "));
    }
    return true;
}

/* Copies a directory, or one file with another name: COPY then needs the full target path. */
static bool needs_own_line(const struct dockerfile *dockerfile, uint32_t node)
{
    const struct plan *plan = dockerfile->plan;
    uint32_t origin = mapped_origin(plan->mapped, node);
    return plan->tree->nodes[node].kind == NODE_DIR ||
           !bytes_equal(plan->source->nodes[origin].name, plan->tree->nodes[node].name);
}

static bool write_copy(struct dockerfile *dockerfile, const uint32_t *nodes, size_t n,
                       struct err *err)
{
    const struct tree *tree = dockerfile->plan->tree;
    BUF_AUTO struct buf target = {0};
    bool whole = needs_own_line(dockerfile, nodes[0]);
    tree_path(tree, whole ? nodes[0] : tree->nodes[nodes[0]].parent, &target);
    if (target.p[target.n - 1] != '/' && (!whole || tree->nodes[nodes[0]].kind == NODE_DIR))
        buf_byte(&target, '/');
    if (!text_is_utf8(buf_bytes(&target)))
        return dockerfile_refuse(dockerfile, nodes[0], "COPY cannot express the name", err);
    buf_printf(&dockerfile->final, "COPY --from=%s [", dockerfile->stage);
    if (!write_sources(dockerfile, nodes, n, err))
        return false;
    if (n > 1)
        buf_add(&dockerfile->final, bytes_of(" \\\n    "));
    quote_json_word(buf_bytes(&target), &dockerfile->final);
    buf_add(&dockerfile->final, bytes_of("]\n"));
    dockerfile->n_copies++;
    return true;
}

bool dockerfile_copy_files(struct dockerfile *dockerfile, const uint32_t *nodes, size_t n,
                           struct err *err)
{
    MEM_AUTO uint32_t *together = mem_array(NULL, n + 1, sizeof *together);
    size_t n_together = 0;
    for (size_t i = 0; i < n; i++) {
        if (!needs_own_line(dockerfile, nodes[i]))
            together[n_together++] = nodes[i];
        else if (!write_copy(dockerfile, &nodes[i], 1, err))
            return false;
    }
    for (size_t i = 0; i < n_together; i += dockerfile->sources_max) {
        size_t n_left = n_together - i;
        if (!write_copy(dockerfile, &together[i],
                        n_left < dockerfile->sources_max ? n_left : dockerfile->sources_max, err))
            return false;
    }
    return true;
}

void dockerfile_copy_all(struct dockerfile *dockerfile)
{
    buf_printf(&dockerfile->final, "COPY --from=%s / /\n", dockerfile->stage);
    dockerfile->n_copies++;
}
