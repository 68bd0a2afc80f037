/* SPDX-License-Identifier: MIT */
#include "export/forms/dockerfile_form.h"

#include <stdlib.h>

#include "export/quote.h"
#include "export/shell_script.h"
#include "util/text.h"

void form_finish(struct form *form)
{
    buf_finish(&form->build);
    buf_finish(&form->final);
    buf_finish(&form->warnings);
    free(form->lost);
}

static bool say_cannot(const struct form *form, uint32_t node, const char *what, const char *other,
                       struct err *err)
{
    BUF_AUTO struct buf path = {0}, shown = {0};
    tree_path(form->plan->tree, node, &path);
    quote_comment(buf_bytes(&path), &shown);
    return err_no(err, "%s: %s; --form %s can", shown.p, what, other);
}

bool form_cannot(const struct form *form, uint32_t node, const char *what, struct err *err)
{
    bool is_copy = form->request->form == EXPORT_COPY;
    return say_cannot(form, node, what,
                      is_copy && plan_can_stage(form->plan->source) ? "stage" : "tar", err);
}

void form_lose(struct form *form, enum loss loss, uint32_t node)
{
    form->lost[node] |= 1u << loss;
}

/* Builders replace anything but a directory, and put nothing but a directory over one. */
static uint32_t first_conflict(const struct plan *plan, const uint32_t *nodes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const struct node *base = &plan->input->base->nodes[plan->base_of[nodes[i]]];
        if (base->kind == NODE_DIR || plan->tree->nodes[nodes[i]].kind == NODE_DIR)
            return nodes[i];
    }
    return NODE_NONE;
}

bool form_clear_way(struct form *form, struct err *err)
{
    const struct plan *plan = form->plan;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n = 0;
    plan_in_the_way(plan, &nodes, &n);
    uint32_t conflict = first_conflict(plan, nodes, n);
    if (!n || (conflict == NODE_NONE && !plan_can_repair(plan->input->base)))
        return true;
    if (!plan_can_repair(plan->input->base))
        return say_cannot(form, conflict,
                          "a directory on one side only, and the base has no shell to remove its",
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
    buf_add(&form->final, bytes_of("USER 0:0\n"));
    form->runs = true;
    script_init(&script, &form->final);
    bool ok = script_command(&script, bytes_of("/"), "rm -rf --", names, n, "", SCRIPT_SPLIT);
    script_finish(&script);
    arena_finish(&arena);
    return ok || say_cannot(form, nodes[0], "its name is too long for a command", "image", err);
}

static bool write_sources(struct form *form, const uint32_t *nodes, size_t n, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    for (size_t i = 0; i < n; i++) {
        buf_clear(&path);
        plan_source_path(form->plan, nodes[i], &path);
        if (form->plan->tree->nodes[nodes[i]].kind == NODE_DIR)
            buf_byte(&path, '/');
        if (n > 1)
            buf_add(&form->final, bytes_of(" \\\n    "));
        if (!quote_source(buf_bytes(&path), form->request->builder, &form->final))
            return form_cannot(form, nodes[i], "a name that the builder's COPY cannot take", err);
        buf_add(&form->final, bytes_of(n > 1 ? "," : ", "));
    }
    return true;
}

/* A directory, or one file that gets another name: the target is told whole. */
static bool is_told_whole(const struct form *form, uint32_t node)
{
    const struct plan *plan = form->plan;
    uint32_t origin = moved_origin(plan->moved, node);
    return plan->tree->nodes[node].kind == NODE_DIR ||
           !bytes_equal(plan->source->nodes[origin].name, plan->tree->nodes[node].name);
}

static bool write_copy(struct form *form, const uint32_t *nodes, size_t n, struct err *err)
{
    const struct tree *tree = form->plan->tree;
    BUF_AUTO struct buf target = {0};
    bool whole = is_told_whole(form, nodes[0]);
    tree_path(tree, whole ? nodes[0] : tree->nodes[nodes[0]].parent, &target);
    if (target.p[target.n - 1] != '/' && (!whole || tree->nodes[nodes[0]].kind == NODE_DIR))
        buf_byte(&target, '/');
    if (!text_is_utf8(buf_bytes(&target)))
        return form_cannot(form, nodes[0], "a name that no COPY can take", err);
    buf_printf(&form->final, "COPY --from=%s [", form->stage);
    if (!write_sources(form, nodes, n, err))
        return false;
    if (n > 1)
        buf_add(&form->final, bytes_of(" \\\n    "));
    quote_json_word(buf_bytes(&target), &form->final);
    buf_add(&form->final, bytes_of("]\n"));
    form->n_copies++;
    return true;
}

bool form_copy_files(struct form *form, const uint32_t *nodes, size_t n, struct err *err)
{
    MEM_AUTO uint32_t *together = mem_array(NULL, n + 1, sizeof *together);
    size_t n_together = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_told_whole(form, nodes[i]))
            together[n_together++] = nodes[i];
        else if (!write_copy(form, &nodes[i], 1, err))
            return false;
    }
    for (size_t i = 0; i < n_together; i += form->sources_max) {
        size_t n_left = n_together - i;
        if (!write_copy(form, &together[i], n_left < form->sources_max ? n_left : form->sources_max,
                        err))
            return false;
    }
    return true;
}

void form_copy_everything(struct form *form)
{
    buf_printf(&form->final, "COPY --from=%s / /\n", form->stage);
    form->n_copies++;
}
