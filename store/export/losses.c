/* SPDX-License-Identifier: MIT */
#include "export/losses.h"

#include <string.h>

#include "export/quote.h"

/* Returns a row if the path has extended attributes other than capabilities. */
static const char OTHER_XATTRS[] =
    "SELECT 1 FROM merged m JOIN xattr x ON x.layer = m.source_layer AND x.path = m.source_path "
    "WHERE m.image = :image AND m.path = :path AND x.name <> 'security.capability' LIMIT 1";

static const struct {
    char badge;
    const char *what;
} losses[] = {
    [LOSS_HARD_LINK] = {'H', "hard links become separate files"},
    [LOSS_TIME] = {'T', "directories get the build time as modification time"},
    [LOSS_XATTRS_COPIED] = {'X', "cp or mkdir drops the extended attributes (capabilities)"},
    [LOSS_XATTRS_STORED] = {'X', "docker drops extended attributes other than capabilities"},
    [LOSS_FIFO] = {'S', "BuildKit's COPY omits fifos"},
    [LOSS_DEVICE] = {'S', "BuildKit's COPY replaces devices with empty files"},
};

static bool has_more_than_capabilities(const struct plan *plan, uint32_t node, bool *out,
                                       struct err *err)
{
    static const uint8_t none[16] = {0};
    const struct node *n = &plan->tree->nodes[node];
    uint32_t origin = mapped_origin(plan->mapped, node);
    *out = false;
    if (origin == NODE_NONE || !memcmp(n->xattrs, none, sizeof none))
        return true;
    struct stmt *q = db_query(plan->input->db, OTHER_XATTRS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", plan->source->image);
    stmt_bind_int(q, ":path", plan->source->nodes[origin].path_id);
    enum step step = stmt_step(q, err);
    *out = step == STEP_ROW;
    stmt_reset(q);
    return step != STEP_ERR;
}

static bool find_xattrs(struct dockerfile *dockerfile, struct err *err)
{
    const struct plan *plan = dockerfile->plan;
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        bool has;
        if (!plan->keep->verdicts[i].kept)
            continue;
        if (!has_more_than_capabilities(plan, i, &has, err))
            return false;
        if (has)
            dockerfile_mark_loss(dockerfile, LOSS_XATTRS_STORED, i);
    }
    return true;
}

static void find_special(struct dockerfile *dockerfile)
{
    const struct plan *plan = dockerfile->plan;
    const struct builder *builder = builder_of(dockerfile->request->builder);
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        const struct node *node = &plan->tree->nodes[i];
        if (!plan->everything && plan->how[i] == PLAN_NOT)
            continue;
        if (node->kind == NODE_FIFO && !builder->copies_fifos)
            dockerfile_mark_loss(dockerfile, LOSS_FIFO, i);
        else if (plan_is_device(node) && !builder->copies_devices)
            dockerfile_mark_loss(dockerfile, LOSS_DEVICE, i);
    }
}

bool losses_find(struct dockerfile *dockerfile, bool copied, struct err *err)
{
    if (copied)
        find_special(dockerfile);
    return builder_of(dockerfile->request->builder)->keeps_xattrs || find_xattrs(dockerfile, err);
}

/* Returns the number of paths with this loss, and the first of them. */
static uint32_t count(const struct dockerfile *dockerfile, enum loss loss, uint32_t *first)
{
    uint32_t n = 0;
    for (uint32_t i = dockerfile->plan->tree->n; i-- > 0;) {
        if (dockerfile->lost[i] >> loss & 1) {
            *first = i;
            n++;
        }
    }
    return n;
}

void losses_warn(struct dockerfile *dockerfile)
{
    for (enum loss loss = 0; loss < N_LOSSES; loss++) {
        uint32_t first, n = count(dockerfile, loss, &first);
        if (!n)
            continue;
        BUF_AUTO struct buf path = {0};
        tree_path(dockerfile->plan->tree, first, &path);
        quote_comment(buf_bytes(&path), &dockerfile->warnings);
        if (n > 1)
            buf_printf(&dockerfile->warnings, " and %u more", n - 1);
        buf_printf(&dockerfile->warnings, ": %s\n", losses[loss].what);
        dockerfile->n_losses++;
    }
}

void losses_print_legend(const struct dockerfile *dockerfile, struct buf *out)
{
    for (enum loss loss = 0; loss < N_LOSSES; loss++) {
        uint32_t first, n = count(dockerfile, loss, &first);
        if (n)
            buf_printf(out, "# %c %u: %s\n", losses[loss].badge, n, losses[loss].what);
    }
}

void losses_print_badges(uint8_t lost, struct buf *out)
{
    for (enum loss loss = 0; loss < N_LOSSES; loss++)
        if ((lost >> loss & 1) &&
            !(out->n && out->p[out->n - 1] == losses[loss].badge)) // X and S have two texts each
            buf_byte(out, losses[loss].badge);
}
