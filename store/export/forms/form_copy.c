/* SPDX-License-Identifier: MIT
 *
 * Form `copy`: COPY lines from the subject. If they lose attributes, one script in the final stage
 * restores them with the base's own shell.
 *
 * COPY follows a symlink that is its source, creates directories with mode 0755 and owner 0:0, and
 * keeps hard links only within one copied directory. So the script creates symlinks, sets
 * attributes of directories, and links further names. BuildKit fails with more than 40 COPY lines
 * from another stage.
 */
#include "export/forms/dockerfile.h"

#include <stdlib.h>

#include "export/attribute_commands.h"

struct copy {
    struct dockerfile *dockerfile;
    const struct plan *plan;
    struct arena arena;
    bool can_repair;  /* the base has the tools that the script needs */
    uint32_t *linked; /* owned; by node: the first name of its hard link, or NODE_NONE */
    bool *carried;    /* owned; by node: COPY copies it or a path below it */
    uint32_t n_linked;
};

static struct bytes name_of(struct copy *copy, uint32_t node)
{
    BUF_AUTO struct buf path = {0};
    tree_path(copy->plan->tree, node, &path);
    return arena_copy(&copy->arena, bytes_skip(buf_bytes(&path), 1));
}

/* Finds hard links whose names are not in one copied directory. */
static void find_linked(struct copy *copy)
{
    const struct plan *plan = copy->plan;
    const struct tree *tree = plan->tree;
    MEM_AUTO uint32_t *first = mem_array(NULL, tree->n, sizeof *first);
    for (uint32_t i = 0; i < tree->n; i++)
        first[i] = copy->linked[i] = NODE_NONE;
    for (uint32_t i = 0; i < tree->n; i++) {
        uint32_t peer = tree->nodes[i].peer;
        if (peer == NODE_NONE || tree->nodes[i].kind != NODE_FILE ||
            plan_item(plan, i) == NODE_NONE)
            continue;
        if (first[peer] == NODE_NONE) {
            first[peer] = i;
        } else if (plan_item(plan, i) != plan_item(plan, first[peer])) {
            copy->linked[i] = first[peer];
            copy->n_linked++;
        }
    }
}

static bool is_copied(const struct copy *copy, uint32_t node)
{
    const struct node *n = &copy->plan->tree->nodes[node];
    if (copy->plan->how[node] == PLAN_WHOLE)
        return true;
    return copy->plan->how[node] == PLAN_SINGLE && n->kind == NODE_FILE &&
           (copy->linked[node] == NODE_NONE || !copy->can_repair);
}

static void find_carried(struct copy *copy)
{
    const struct tree *tree = copy->plan->tree;
    for (uint32_t i = tree->n; i-- > 1;) {
        copy->carried[i] = copy->carried[i] || is_copied(copy, i);
        if (copy->carried[i])
            copy->carried[tree->nodes[i].parent] = true;
    }
}

/* Returns whether the script has to create the directory, because neither COPY nor the base does.
 */
static bool must_be_made(const struct copy *copy, uint32_t node)
{
    uint32_t base_node = copy->plan->base_of[node];
    bool in_base =
        base_node != NODE_NONE && copy->plan->input->base->nodes[base_node].kind == NODE_DIR;
    return copy->plan->how[node] == PLAN_MADE && !copy->carried[node] && !in_base;
}

/* COPY can also create an empty directory with default attributes. */
static bool is_copied_empty(const struct copy *copy, uint32_t node)
{
    uint32_t origin = mapped_origin(copy->plan->mapped, node);
    return !copy->can_repair && must_be_made(copy, node) && origin != NODE_NONE &&
           copy->plan->source->nodes[origin].n_below == 0;
}

static bool write_lines(struct copy *copy, struct err *err)
{
    const struct tree *tree = copy->plan->tree;
    MEM_AUTO uint32_t *files = mem_array(NULL, tree->n, sizeof *files);
    for (uint32_t i = 0; i < tree->n; i++) {
        size_t n = 0;
        if (tree->nodes[i].kind != NODE_DIR || copy->plan->how[i] == PLAN_INSIDE)
            continue;
        if ((copy->plan->how[i] == PLAN_WHOLE || is_copied_empty(copy, i)) &&
            !dockerfile_copy_files(copy->dockerfile, &i, 1, err))
            return false;
        if (copy->plan->how[i] == PLAN_WHOLE)
            continue;
        for (uint32_t k = tree_first(tree, i); k != NODE_NONE; k = tree_next(tree, k))
            if (tree->nodes[k].kind != NODE_DIR && is_copied(copy, k))
                files[n++] = k;
        if (n && !dockerfile_copy_files(copy->dockerfile, files, n, err))
            return false;
    }
    return true;
}

/* Writes few sources on each line, but as many as the limit of COPY lines requires. */
static bool write_few_lines(struct copy *copy, struct err *err)
{
    struct dockerfile *dockerfile = copy->dockerfile;
    size_t before = dockerfile->final.n, copies_before = dockerfile->n_copies;
    for (;;) {
        if (!write_lines(copy, err))
            return false;
        if (dockerfile->n_copies <= PLAN_MAX_COPIES) {
            if (dockerfile->sources_max > DOCKERFILE_SOURCES &&
                builder_of(dockerfile->request->builder)->breaks_many_sources)
                buf_add(&dockerfile->warnings,
                        bytes_of("COPY lines with many files: an old BuildKit may fail with "
                                 "\"flightcontrol: exceeded retry timeout\"; --form stage and "
                                 "--form tar need one COPY line only\n"));
            return true;
        }
        if (dockerfile->sources_max >= copy->plan->tree->n)
            return err_no(err,
                          "form copy: %zu COPY lines needed, builders accept %d; use --form %s",
                          dockerfile->n_copies, PLAN_MAX_COPIES,
                          plan_can_stage(copy->plan->source) ? "stage" : "tar");
        dockerfile->final.n = before;
        dockerfile->n_copies = copies_before;
        dockerfile->sources_max *= 2;
    }
}

/* Returns whether a command that creates a directory below the node also creates the node. */
static bool comes_with_child(const struct copy *copy, uint32_t node)
{
    const struct tree *tree = copy->plan->tree;
    for (uint32_t i = tree_first(tree, node); i != NODE_NONE; i = tree_next(tree, i))
        if (must_be_made(copy, i))
            return true;
    return false;
}

/* Returns the problem of a node after the COPY lines; NULL: no problem. */
static const char *flaw_of(const struct copy *copy, uint32_t node)
{
    const struct node *n = &copy->plan->tree->nodes[node];
    if (copy->plan->how[node] == PLAN_SINGLE && n->kind == NODE_LINK)
        return "COPY would follow the symlink, and the base has no shell to create it";
    if (copy->plan->how[node] == PLAN_SINGLE && n->kind == NODE_FIFO)
        return "COPY omits fifos, and the base has no shell to create one";
    if (must_be_made(copy, node) && !is_copied_empty(copy, node) && !comes_with_child(copy, node))
        return "COPY cannot create a directory alone, and the base has no shell to create it";
    if (plan_loses_meta(copy->plan, node))
        return "COPY loses mode and owner of the directory, and the base has no shell to set them";
    return NULL;
}

static bool make_one(struct copy *copy, struct script *script, uint32_t node)
{
    const struct node *n = &copy->plan->tree->nodes[node];
    struct bytes root = bytes_of("/"), names[2] = {name_of(copy, node)};
    if (must_be_made(copy, node) && comes_with_child(copy, node))
        return true;
    if (must_be_made(copy, node))
        return script_command(script, root, "mkdir -p --", names, 1, "", SCRIPT_WHOLE);
    if (copy->linked[node] != NODE_NONE) {
        names[1] = names[0];
        names[0] = name_of(copy, copy->linked[node]);
        return script_command(script, root, "ln -f --", names, 2, "", SCRIPT_WHOLE);
    }
    if (copy->plan->how[node] != PLAN_SINGLE)
        return true;
    if (n->kind == NODE_FIFO)
        return script_command(script, root, "mkfifo --", names, 1, "", SCRIPT_WHOLE);
    if (n->kind != NODE_LINK)
        return true;
    names[1] = names[0];
    names[0] = n->link;
    return script_command(script, root, "ln -sfn --", names, 2, "", SCRIPT_WHOLE);
}

/* Sets the times of all directories, because a script exists anyway. */
static bool write_attributes(struct copy *copy, struct script *script)
{
    const struct plan *plan = copy->plan;
    const struct tree *tree = plan->tree;
    MEM_AUTO struct attributes *items = mem_array(NULL, tree->n, sizeof *items);
    MEM_AUTO bool *changed = mem_zero(tree->n, sizeof *changed); /* the script links a name in it */
    size_t n = 0;
    for (uint32_t i = 1; i < tree->n; i++)
        if (copy->linked[i] != NODE_NONE)
            changed[tree->nodes[i].parent] = true;
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct node *node = &tree->nodes[i];
        bool dir = (plan->how[i] == PLAN_MADE || plan->how[i] == PLAN_WHOLE || changed[i]) &&
                   plan->keep->verdicts[i].kept;
        bool made =
            plan->how[i] == PLAN_SINGLE && (node->kind == NODE_LINK || node->kind == NODE_FIFO);
        if (!dir && !made)
            continue;
        bool is_link = node->kind == NODE_LINK;
        items[n++] = (struct attributes){.name = name_of(copy, i),
                                         .node = node,
                                         .give_owner = made ? node->uid || node->gid
                                                            : plan_loses_meta(plan, i),
                                         .give_mode = made ? !is_link : plan_loses_meta(plan, i),
                                         .is_link = is_link};
    }
    return attributes_write(script, bytes_of("/"), items, n);
}

static bool write_script(struct copy *copy, struct err *err)
{
    struct script script;
    bool ok = true;
    uint32_t i;
    if (!copy->dockerfile->runs)
        buf_add(&copy->dockerfile->final, bytes_of("USER 0:0\n"));
    copy->dockerfile->runs = true;
    script_init(&script, &copy->dockerfile->final);
    for (i = 1; ok && i < copy->plan->tree->n; i++)
        ok = make_one(copy, &script, i);
    if (!ok)
        dockerfile_refuse(copy->dockerfile, i - 1, "the name is too long for a command", err);
    else if (!(ok = write_attributes(copy, &script)))
        dockerfile_refuse(copy->dockerfile, NODE_ROOT, "a name is too long for a command", err);
    script_finish(&script);
    return ok;
}

/* Directory times alone do not justify a script. */
static void mark_lost_times(struct copy *copy)
{
    const struct plan *plan = copy->plan;
    for (uint32_t i = 1; i < plan->tree->n; i++)
        if ((plan->how[i] == PLAN_MADE || plan->how[i] == PLAN_WHOLE) &&
            plan->keep->verdicts[i].kept)
            dockerfile_mark_loss(copy->dockerfile, LOSS_TIME, i);
}

static bool write_repairs(struct copy *copy, struct err *err)
{
    uint32_t flawed = NODE_NONE, linked = NODE_NONE;
    for (uint32_t i = copy->plan->tree->n; i-- > 1;) {
        if (copy->linked[i] != NODE_NONE)
            linked = i;
        if (flaw_of(copy, i))
            flawed = i;
    }
    if (copy->can_repair && (flawed != NODE_NONE || linked != NODE_NONE))
        return write_script(copy, err);
    if (flawed != NODE_NONE)
        return dockerfile_refuse(copy->dockerfile, flawed, flaw_of(copy, flawed), err);
    for (uint32_t i = 1; i < copy->plan->tree->n; i++)
        if (copy->linked[i] != NODE_NONE)
            dockerfile_mark_loss(copy->dockerfile, LOSS_HARD_LINK, i);
    mark_lost_times(copy);
    return true;
}

static bool check_devices(const struct copy *copy, struct err *err)
{
    const struct plan *plan = copy->plan;
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        if (plan->how[i] == PLAN_SINGLE && plan_is_device(&plan->tree->nodes[i]))
            return dockerfile_refuse(copy->dockerfile, i, "COPY cannot copy a device", err);
    }
    return true;
}

static bool write_form(struct dockerfile *dockerfile, struct err *err)
{
    const struct plan *plan = dockerfile->plan;
    if (plan_can_stage(plan->source))
        dockerfile->other_form = "stage";
    if (plan->everything) {
        dockerfile_copy_all(dockerfile);
        return true;
    }
    struct copy copy = {.dockerfile = dockerfile, .plan = plan};
    copy.can_repair = plan_can_repair(plan->input->base);
    copy.linked = mem_array(NULL, plan->tree->n, sizeof *copy.linked);
    copy.carried = mem_zero(plan->tree->n, sizeof *copy.carried);
    find_linked(&copy);
    find_carried(&copy);
    bool ok = check_devices(&copy, err) && dockerfile_remove_conflicts(dockerfile, err) &&
              write_few_lines(&copy, err) && write_repairs(&copy, err);
    free(copy.linked);
    free(copy.carried);
    arena_finish(&copy.arena);
    return ok;
}

static bool is_candidate(const struct export_request *request, const struct tree *subject)
{
    (void)request;
    (void)subject;
    return true;
}

static const struct dockerfile_form copy_form = {CARRY_BY_COPY, is_candidate, write_form};

const struct export_form form_copy = {
    .name = "copy",
    .help = "Dockerfile with COPY lines; needs no tools in the subject image",
    .text_file = "Dockerfile",
    .dockerfile = &copy_form,
    .write = dockerfile_write,
};
