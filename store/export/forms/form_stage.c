/* SPDX-License-Identifier: MIT
 *
 * Form `stage`: in a stage of the subject, the subject's own cp copies the kept paths to one
 * directory; one COPY then copies the content of that directory. COPY of a directory keeps
 * everything below it: links, owners, modes, times, hard links.
 *
 * All paths are canonical: no parent is a symlink.
 */
#include "export/forms/dockerfile.h"

#include <stdlib.h>
#include <string.h>

#include "export/attribute_commands.h"
#include "export/quote.h"

enum { MAX_GATHER_NAMES = 1000 };

struct stage {
    struct dockerfile *dockerfile;
    const struct plan *plan;
    struct script script;
    struct arena arena;
    struct bytes gather; /* absolute: a directory that does not exist in the subject */
    struct bytes *names; /* owned; by node: path relative to the root; n 0: not computed yet */
    uint32_t *group;     /* owned; by item: another item of the same command (union-find) */
    bool *apart; /* owned; by group: an item is mapped, so that one command cannot copy the group */
    bool *changed; /* owned; by node: a directory whose time the copy changes */
};

static struct bytes name_of(struct stage *stage, uint32_t node)
{
    struct bytes *name = &stage->names[node];
    if (!name->n) {
        BUF_AUTO struct buf path = {0};
        tree_path(stage->plan->tree, node, &path);
        *name = arena_copy(&stage->arena, bytes_skip(buf_bytes(&path), 1));
    }
    return *name;
}

static bool choose_gather(struct stage *stage)
{
    BUF_AUTO struct buf path = {0};
    for (int i = 0; i < MAX_GATHER_NAMES; i++) {
        buf_clear(&path);
        buf_add(&path, bytes_of("/.xsmall"));
        if (i)
            buf_printf(&path, "%d", i);
        if (tree_find(stage->plan->source, buf_bytes(&path)) == NODE_NONE) {
            stage->gather = arena_copy(&stage->arena, buf_bytes(&path));
            return true;
        }
    }
    return false;
}

static uint32_t group_of(struct stage *stage, uint32_t item)
{
    uint32_t *group = stage->group;
    while (group[item] != item) {
        group[item] = group[group[item]];
        item = group[item];
    }
    return item;
}

/* cp keeps hard links only within one command: groups items that share a hard link. */
static void join_links(struct stage *stage)
{
    const struct plan *plan = stage->plan;
    const struct tree *tree = plan->tree;
    MEM_AUTO uint32_t *first = mem_array(NULL, tree->n, sizeof *first);
    for (uint32_t i = 0; i < tree->n; i++) {
        first[i] = NODE_NONE;
        stage->group[i] = i;
    }
    for (uint32_t i = 0; i < tree->n; i++) {
        uint32_t peer = tree->nodes[i].peer, item = plan_item(plan, i);
        if (peer == NODE_NONE || item == NODE_NONE)
            continue;
        if (first[peer] == NODE_NONE)
            first[peer] = item;
        uint32_t a = group_of(stage, first[peer]), b = group_of(stage, item);
        stage->group[a > b ? a : b] = a > b ? b : a;
    }
}

struct item {
    uint32_t group, node;
};

static int compare_items(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->node > y->node) - (x->node < y->node);
}

static size_t list_items(struct stage *stage, struct item *items)
{
    size_t n = 0;
    join_links(stage);
    for (uint32_t i = 0; i < stage->plan->tree->n; i++)
        if (stage->plan->how[i] == PLAN_WHOLE || stage->plan->how[i] == PLAN_SINGLE)
            items[n++] = (struct item){group_of(stage, i), i};
    qsort(items, n, sizeof *items, compare_items);
    return n;
}

static bool copy_names(struct stage *stage, const struct bytes *names, size_t n,
                       enum script_split split)
{
    BUF_AUTO struct buf after = {0};
    buf_byte(&after, ' ');
    buf_add(&after, stage->gather);
    return script_command(&stage->script, bytes_of("/"), "cp -a --parents --", names, n, after.p,
                          split);
}

static struct bytes gathered_name(struct stage *stage, uint32_t node, const char *end)
{
    BUF_AUTO struct buf path = {0};
    buf_add(&path, bytes_skip(stage->gather, 1));
    tree_path(stage->plan->tree, node, &path);
    buf_add(&path, bytes_of(end));
    return arena_copy(&stage->arena, buf_bytes(&path));
}

static struct bytes source_name(struct stage *stage, uint32_t node)
{
    BUF_AUTO struct buf path = {0};
    plan_source_path(stage->plan, node, &path);
    return arena_copy(&stage->arena, bytes_skip(buf_bytes(&path), 1));
}

static bool is_renamed(const struct stage *stage, uint32_t node)
{
    const struct plan *plan = stage->plan;
    return !bytes_equal(plan->source->nodes[mapped_origin(plan->mapped, node)].name,
                        plan->tree->nodes[node].name);
}

/* Copies moved items to one directory of the gathered tree; items with unchanged names in one
 * command. */
static bool copy_moved(struct stage *stage, const struct item *items, size_t n)
{
    enum { MAX_NAMES = 200, MAX_BYTES = 32 * 1024 };
    struct bytes names[MAX_NAMES + 1], root = bytes_of("/");
    uint32_t dir = stage->plan->tree->nodes[items[0].node].parent;
    size_t n_names = 0, n_bytes = 0;
    for (size_t i = 0; i <= n; i++) {
        bool ends = i == n || n_names == MAX_NAMES || n_bytes > MAX_BYTES;
        if (ends && n_names) {
            names[n_names++] = gathered_name(stage, dir, "/");
            if (!script_command(&stage->script, root, "cp -a --", names, n_names, "", SCRIPT_WHOLE))
                return false;
            n_names = n_bytes = 0;
        }
        if (i == n)
            break;
        struct bytes name = source_name(stage, items[i].node);
        if (is_renamed(stage, items[i].node)) {
            struct bytes pair[2] = {name, gathered_name(stage, items[i].node, "")};
            if (!script_command(&stage->script, root, "cp -a --", pair, 2, "", SCRIPT_WHOLE))
                return false;
            continue;
        }
        names[n_names++] = name;
        n_bytes += name.n;
    }
    return true;
}

/* Copies moved items, which --parents cannot rename, to existing directories. The group of an item
 * is its directory. */
static bool write_moved(struct stage *stage, struct item *items, size_t n)
{
    size_t n_moved = 0;
    for (size_t i = 0; i < n; i++)
        if (plan_is_moved(stage->plan, items[i].node))
            items[n_moved++] =
                (struct item){stage->plan->tree->nodes[items[i].node].parent, items[i].node};
    qsort(items, n_moved, sizeof *items, compare_items);
    for (size_t i = 0, next; i < n_moved; i = next) {
        for (next = i + 1; next < n_moved && items[next].group == items[i].group;)
            next++;
        if (!copy_moved(stage, items + i, next - i))
            return false;
    }
    return true;
}

/* Links the names of hard links that were copied separately. */
static bool relink(struct stage *stage)
{
    const struct plan *plan = stage->plan;
    const struct tree *tree = plan->tree;
    MEM_AUTO uint32_t *first = mem_array(NULL, tree->n, sizeof *first);
    memset(first, 0xff, tree->n * sizeof *first);
    for (uint32_t i = 0; i < tree->n; i++) {
        uint32_t peer = tree->nodes[i].peer, item = plan_item(plan, i);
        if (peer == NODE_NONE || item == NODE_NONE || !stage->apart[group_of(stage, item)])
            continue;
        if (first[peer] == NODE_NONE) {
            first[peer] = i;
        } else if (plan_item(plan, first[peer]) != item) {
            stage->changed[tree->nodes[i].parent] = true;
            struct bytes pair[2] = {gathered_name(stage, first[peer], ""),
                                    gathered_name(stage, i, "")};
            if (!script_command(&stage->script, bytes_of("/"), "ln -f --", pair, 2, "",
                                SCRIPT_WHOLE))
                return false;
        }
    }
    return true;
}

/* Copies single items first, as many in a command as fit, then each group of hard links. */
static bool write_copies(struct stage *stage, struct err *err)
{
    uint32_t n_nodes = stage->plan->tree->n;
    MEM_AUTO struct item *items = mem_array(NULL, n_nodes, sizeof *items);
    MEM_AUTO struct bytes *names = mem_array(NULL, n_nodes, sizeof *names);
    size_t n = list_items(stage, items), n_names = 0;
    for (size_t i = 0; i < n; i++)
        if (plan_is_moved(stage->plan, items[i].node))
            stage->apart[items[i].group] = true;
    for (size_t i = 0, next; i < n; i = next) {
        for (next = i + 1; next < n && items[next].group == items[i].group;)
            next++;
        for (size_t k = i; k < next && (next == i + 1 || stage->apart[items[i].group]); k++)
            if (!plan_is_moved(stage->plan, items[k].node))
                names[n_names++] = name_of(stage, items[k].node);
    }
    if (!copy_names(stage, names, n_names, SCRIPT_SPLIT))
        return dockerfile_refuse(stage->dockerfile, items[0].node,
                                 "the name is too long for a command", err);
    for (size_t i = 0, next; i < n; i = next) {
        n_names = 0;
        for (next = i; next < n && items[next].group == items[i].group; next++)
            names[n_names++] = name_of(stage, items[next].node);
        if (n_names > 1 && !stage->apart[items[i].group] &&
            !copy_names(stage, names, n_names, SCRIPT_WHOLE))
            return dockerfile_refuse(stage->dockerfile, items[i].node,
                                     "the hard link has more names than fit in a command line",
                                     err);
    }
    if (!write_moved(stage, items, n) || !relink(stage))
        return dockerfile_refuse(stage->dockerfile, NODE_ROOT, "a name is too long for a command",
                                 err);
    return true;
}

static bool has_made_child(const struct plan *plan, uint32_t dir)
{
    for (uint32_t i = tree_first(plan->tree, dir); i != NODE_NONE; i = tree_next(plan->tree, i))
        if (plan->how[i] == PLAN_MADE)
            return true;
    return false;
}

static bool write_directories(struct stage *stage)
{
    const struct plan *plan = stage->plan;
    MEM_AUTO struct bytes *names = mem_array(NULL, plan->tree->n, sizeof *names);
    struct bytes gather = bytes_skip(stage->gather, 1);
    size_t n = 0;
    for (uint32_t i = 1; i < plan->tree->n; i++)
        if (plan->how[i] == PLAN_MADE && !has_made_child(plan, i))
            names[n++] = name_of(stage, i);
    return script_command(&stage->script, bytes_of("/"), "mkdir --", &gather, 1, "",
                          SCRIPT_WHOLE) &&
           script_command(&stage->script, stage->gather, "mkdir -p --", names, n, "", SCRIPT_SPLIT);
}

static bool is_default(const struct node *node)
{
    return node->mode == 0755 && !node->uid && !node->gid;
}

/* Returns the attributes of a directory. A directory of the base that is not copied keeps the
 * base's attributes although COPY goes through it; cp --parents can have set the subject's. */
static struct attributes directory_attributes(struct stage *stage, uint32_t dir)
{
    const struct plan *plan = stage->plan;
    const struct node *own = &plan->tree->nodes[dir], *node = own;
    uint32_t base_node = plan->base_of[dir];
    if (!plan->keep->verdicts[dir].kept && base_node != NODE_NONE &&
        plan->input->base->nodes[base_node].kind == NODE_DIR)
        node = &plan->input->base->nodes[base_node];
    bool give = !is_default(node) || !is_default(own);
    return (struct attributes){
        .name = name_of(stage, dir), .node = node, .give_owner = give, .give_mode = give};
}

/* Notes a volume: docker's classic builder mounts a copy in each RUN, with the image's content but
 * another directory time. */
static bool note_volume(void *with, struct bytes path, struct bytes value)
{
    struct stage *stage = with;
    uint32_t node = tree_find(stage->plan->tree, path);
    (void)value;
    if (node != NODE_NONE)
        stage->changed[node] = true;
    return true;
}

/* Restores attributes; busybox's cp does not keep the times of symlinks. */
static bool write_attributes(struct stage *stage)
{
    const struct plan *plan = stage->plan;
    MEM_AUTO struct attributes *items = mem_array(NULL, plan->tree->n, sizeof *items);
    bool busybox = plan_cp_is_busybox(plan->source);
    size_t n = 0;
    db_json_each(plan->input->db, plan->input->config, "$.config.Volumes", note_volume, stage);
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        const struct node *node = &plan->tree->nodes[i];
        bool is_changed = stage->changed[i] && node->kind == NODE_DIR &&
                          (plan->how[i] == PLAN_WHOLE || plan->how[i] == PLAN_INSIDE);
        if (plan->how[i] == PLAN_MADE)
            items[n++] = directory_attributes(stage, i);
        else if (is_changed)
            items[n++] = (struct attributes){.name = name_of(stage, i), .node = node};
        else if (busybox && node->kind == NODE_LINK && plan_item(plan, i) != NODE_NONE)
            items[n++] =
                (struct attributes){.name = name_of(stage, i), .node = node, .is_link = true};
    }
    return attributes_write(&stage->script, stage->gather, items, n);
}

static bool write_gathering(struct stage *stage, struct err *err)
{
    if (!choose_gather(stage))
        return err_no(
            err,
            "form stage: the subject image already contains /.xsmall and all its alternatives, "
            "so no name for a temporary directory is free; use --form tar");
    buf_add(&stage->dockerfile->build, bytes_of("USER 0:0\nWORKDIR /\n"));
    script_init(&stage->script, &stage->dockerfile->build);
    bool ok = true;
    if (!write_directories(stage))
        ok = dockerfile_refuse(stage->dockerfile, NODE_ROOT, "a name is too long for a command",
                               err);
    ok = ok && write_copies(stage, err);
    if (ok && !write_attributes(stage))
        ok = dockerfile_refuse(stage->dockerfile, NODE_ROOT, "a name is too long for a command",
                               err);
    script_finish(&stage->script);
    if (!ok)
        return false;
    buf_printf(&stage->dockerfile->final, "COPY --from=%s %s/ /\n", stage->dockerfile->stage,
               stage->gather.p);
    stage->dockerfile->n_copies++;
    return true;
}

/* Copies the files that cp in a RUN cannot copy with COPY lines, before the other files, whose COPY
 * sets the directory times. */
static bool write_hidden_files(struct dockerfile *dockerfile, struct err *err)
{
    const struct plan *plan = dockerfile->plan;
    MEM_AUTO uint32_t *nodes = mem_array(NULL, plan->tree->n, sizeof *nodes);
    for (uint32_t i = 0; i < plan->tree->n; i++) {
        size_t n = 0;
        if (plan->tree->nodes[i].kind != NODE_DIR)
            continue;
        for (uint32_t k = tree_first(plan->tree, i); k != NODE_NONE; k = tree_next(plan->tree, k))
            if (plan->how[k] == PLAN_MOUNT)
                nodes[n++] = k;
        if (n && !dockerfile_copy_files(dockerfile, nodes, n, err))
            return false;
    }
    if (dockerfile->n_copies > PLAN_MAX_COPIES)
        return err_no(
            err, "form stage: cp cannot copy files in more than %d directories; use --form tar",
            PLAN_MAX_COPIES);
    return true;
}

static void mark_lost_xattrs(struct dockerfile *dockerfile)
{
    static const uint8_t none[16] = {0};
    const struct plan *plan = dockerfile->plan;
    bool busybox = plan_cp_is_busybox(plan->source);
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        const struct node *n = &plan->tree->nodes[i];
        bool made = plan->how[i] == PLAN_MADE && plan->keep->verdicts[i].kept;
        if (plan->how[i] == PLAN_NOT)
            continue;
        if (memcmp(n->xattrs, none, sizeof none) && (made || busybox) && plan->how[i] != PLAN_MOUNT)
            dockerfile_mark_loss(dockerfile, LOSS_XATTRS_COPIED, i);
    }
}

/* Returns the first node whose name needs xargs. */
static uint32_t first_odd(const struct plan *plan)
{
    bool busybox = plan_cp_is_busybox(plan->source);
    for (uint32_t i = 1; i < plan->tree->n; i++)
        if (plan->how[i] != PLAN_NOT && (plan->how[i] != PLAN_INSIDE || busybox) &&
            !quote_is_plain(plan->tree->nodes[i].name))
            return i;
    return NODE_NONE;
}

static uint32_t first_device(const struct plan *plan)
{
    for (uint32_t i = 1; i < plan->tree->n; i++)
        if (plan->how[i] != PLAN_NOT && plan_is_device(&plan->tree->nodes[i]))
            return i;
    return NODE_NONE;
}

static bool write_form(struct dockerfile *dockerfile, struct err *err)
{
    const struct plan *plan = dockerfile->plan;
    if (!plan_can_stage(plan->source))
        return err_no(err, "form stage: sh, cp, mkdir, chown, chmod and touch must be in the "
                           "subject image; use --form copy");
    if (!plan->n_planned)
        return true;
    if (!dockerfile_remove_conflicts(dockerfile, err))
        return false;
    if (plan->everything) {
        dockerfile_copy_all(dockerfile);
        return true;
    }
    uint32_t odd = first_odd(plan);
    if (odd != NODE_NONE && !plan_has_tool(plan->source, "xargs"))
        return dockerfile_refuse(
            dockerfile, odd, "the name needs xargs, which the subject image does not have", err);
    uint32_t device = first_device(plan);
    if (device != NODE_NONE && !builder_of(dockerfile->request->builder)->makes_devices)
        return dockerfile_refuse(dockerfile, device, "RUN cannot create devices in buildah", err);
    struct stage stage = {.dockerfile = dockerfile, .plan = plan};
    stage.names = mem_zero(plan->tree->n, sizeof *stage.names);
    stage.group = mem_array(NULL, plan->tree->n, sizeof *stage.group);
    stage.apart = mem_zero(plan->tree->n, sizeof *stage.apart);
    stage.changed = mem_zero(plan->tree->n, sizeof *stage.changed);
    bool ok = write_hidden_files(dockerfile, err) && write_gathering(&stage, err);
    if (ok)
        mark_lost_xattrs(dockerfile);
    free(stage.names);
    free(stage.group);
    free(stage.apart);
    free(stage.changed);
    arena_finish(&stage.arena);
    return ok;
}

static bool is_candidate(const struct export_request *request, const struct tree *subject)
{
    (void)request;
    return plan_has_program(subject, "cp") && plan_can_stage(subject);
}

static const struct dockerfile_form stage_form = {CARRY_BY_RUN, is_candidate, write_form};

const struct export_form form_stage = {
    .name = "stage",
    .help = "Dockerfile that copies with the subject's own cp; keeps links and metadata",
    .text_file = "Dockerfile",
    .dockerfile = &stage_form,
    .write = dockerfile_write,
};
