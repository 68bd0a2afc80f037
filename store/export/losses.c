/* SPDX-License-Identifier: MIT */
#include "export/losses.h"

#include <string.h>

/* Whether there is more than capabilities. */
static const char OTHER_XATTRS[] =
    "SELECT 1 FROM merged m JOIN xattr x ON x.layer = m.source_layer AND x.path = m.source_path "
    "WHERE m.image = :image AND m.path = :path AND x.name <> 'security.capability' LIMIT 1";

/* What of a kind, in what is put and in the base under it. */
struct found {
    uint32_t first, n;
};

static void count(struct found *found, uint32_t node)
{
    if (!found->n++)
        found->first = node;
}

static bool has_more_than_capabilities(const struct plan *plan, uint32_t node, bool *out,
                                       struct err *err)
{
    static const uint8_t none[16] = {0};
    const struct node *n = &plan->tree->nodes[node];
    uint32_t origin = moved_origin(plan->moved, node);
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

static bool warn_xattrs(struct form *form, struct err *err)
{
    const struct plan *plan = form->plan;
    struct found found = {0};
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        bool has;
        if (!plan->keep->verdicts[i].kept)
            continue;
        if (!has_more_than_capabilities(plan, i, &has, err))
            return false;
        if (has)
            count(&found, i);
    }
    form_warn(form, "extended attributes: docker's engine keeps capabilities alone", found.first,
              found.n);
    return true;
}

static void warn_special(struct form *form)
{
    const struct plan *plan = form->plan;
    const struct builder *builder = builder_of(form->request->builder);
    struct found fifos = {0}, devices = {0};
    for (uint32_t i = 1; i < plan->tree->n; i++) {
        const struct node *node = &plan->tree->nodes[i];
        if (!plan->everything && plan->how[i] == PLAN_NOT)
            continue;
        if (node->kind == NODE_FIFO)
            count(&fifos, i);
        else if (plan_is_device(node))
            count(&devices, i);
    }
    if (!builder->copies_fifos)
        form_warn(form, "a fifo: BuildKit's COPY leaves it out", fifos.first, fifos.n);
    if (!builder->copies_devices)
        form_warn(form, "a device: BuildKit's COPY makes an empty file of it", devices.first,
                  devices.n);
}

bool losses_warn(struct form *form, bool copied, struct err *err)
{
    if (copied)
        warn_special(form);
    return builder_of(form->request->builder)->keeps_xattrs || warn_xattrs(form, err);
}
