/* SPDX-License-Identifier: MIT */
#include "report/packages.h"

#include <stdlib.h>

static const char READ[] = "SELECT number, manager, name, version, arch FROM package "
                           "WHERE image = :image ORDER BY number";

static bool read_rows(struct db *db, int64_t image, struct packages *out, struct err *err)
{
    struct stmt *q = db_query(db, READ, err);
    size_t cap = 0;
    enum step step;
    if (!q)
        return false;
    stmt_bind_int(q, ":image", image);
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (stmt_int(q, 0) != (int64_t)out->n + 1) {
            stmt_reset(q);
            return err_set(err, "%s: the numbers of its packages have gaps", db_path(db));
        }
        ARRAY_ROOM(out->all, out->n, cap);
        out->all[out->n++] = (struct package){.manager = arena_copy(&out->arena, stmt_bytes(q, 1)),
                                              .name = arena_copy(&out->arena, stmt_bytes(q, 2)),
                                              .version = arena_copy(&out->arena, stmt_bytes(q, 3)),
                                              .arch = arena_copy(&out->arena, stmt_bytes(q, 4))};
    }
    return step == STEP_DONE;
}

/* Returns the package of a counted node as index + 1, or 0. */
static size_t owner_of(const struct packages *packages, const struct node *node)
{
    return node->kind != NODE_DIR && node->package <= packages->n ? node->package : 0;
}

static void place_nodes(struct packages *packages, const struct tree *tree)
{
    size_t n = 0;
    for (uint32_t i = 0; i < tree->n; i++) {
        size_t owner = owner_of(packages, &tree->nodes[i]);
        if (owner)
            packages->all[owner - 1].n_nodes++;
    }
    for (size_t i = 0; i < packages->n; i++) {
        packages->all[i].first = n;
        n += packages->all[i].n_nodes;
        packages->all[i].n_nodes = 0;
    }
    packages->nodes = mem_array(NULL, n, sizeof *packages->nodes);
    for (uint32_t i = 0; i < tree->n; i++) {
        size_t owner = owner_of(packages, &tree->nodes[i]);
        if (!owner)
            continue;
        struct package *package = &packages->all[owner - 1];
        packages->nodes[package->first + package->n_nodes++] = i;
    }
}

/* Adds a node to a sum. seen has, by the first name of a hard-link group, the number of the last
 * sum that contains its bytes. */
static void add(struct packages_sum *sum, const struct node *node, uint32_t *seen, uint32_t number)
{
    sum->n_files++;
    if (node->peer != NODE_NONE && seen[node->peer] == number)
        return;
    if (node->peer != NODE_NONE)
        seen[node->peer] = number;
    sum->bytes += node->size;
}

static bool is_of(const struct keep *keep, uint32_t node, enum packages_part part)
{
    if (part == PACKAGES_INSTALLED)
        return true;
    return keep &&
           (part == PACKAGES_USED ? keep->verdicts[node].n_used > 0 : keep->verdicts[node].kept);
}

static void count_part(struct packages *packages, const struct session *session,
                       enum packages_part part)
{
    const struct tree *tree = session->subject;
    MEM_AUTO uint32_t *seen = mem_zero(tree->n, sizeof *seen);
    MEM_AUTO uint32_t *seen_in_all = mem_zero(tree->n, sizeof *seen_in_all);
    packages->sums[part] = (struct packages_sum){0};
    for (size_t i = 0; i < packages->n; i++) {
        struct package *package = &packages->all[i];
        package->sums[part] = (struct packages_sum){0};
        for (size_t k = 0; k < package->n_nodes; k++) {
            uint32_t at = packages->nodes[package->first + k];
            if (!is_of(session->keep, at, part))
                continue;
            add(&package->sums[part], &tree->nodes[at], seen, (uint32_t)i + 1);
            add(&packages->sums[part], &tree->nodes[at], seen_in_all, 1);
        }
    }
}

void packages_count(struct packages *packages, const struct session *session)
{
    for (enum packages_part part = 0; packages->n && part < N_PACKAGES_PARTS; part++)
        count_part(packages, session, part);
}

bool packages_read(struct session *session, struct packages *out, struct err *err)
{
    if (!session->subject)
        return true;
    if (!read_rows(session->db, session->subject->image, out, err)) {
        packages_finish(out);
        return false;
    }
    place_nodes(out, session->subject);
    packages_count(out, session);
    return true;
}

void packages_finish(struct packages *packages)
{
    free(packages->all);
    free(packages->nodes);
    arena_finish(&packages->arena);
    *packages = (struct packages){0};
}

struct ordering {
    const struct package *all;
    enum packages_part part;
};

static int compare(const void *a, const void *b, void *with)
{
    const struct ordering *ordering = with;
    uint32_t i = *(const uint32_t *)a, k = *(const uint32_t *)b;
    const struct package *x = &ordering->all[i], *y = &ordering->all[k];
    if (ordering->part < N_PACKAGES_PARTS) {
        int64_t of_x = x->sums[ordering->part].bytes, of_y = y->sums[ordering->part].bytes;
        if (of_x != of_y)
            return of_x > of_y ? -1 : 1;
    }
    int order = bytes_compare(x->name, y->name);
    return order ? order : (i > k) - (i < k);
}

uint32_t *packages_order(const struct packages *packages, enum packages_part part)
{
    struct ordering ordering = {packages->all, part};
    uint32_t *order = mem_array(NULL, packages->n, sizeof *order);
    for (size_t i = 0; i < packages->n; i++)
        order[i] = (uint32_t)i;
    if (packages->n)
        qsort_r(order, packages->n, sizeof *order, compare, &ordering);
    return order;
}
