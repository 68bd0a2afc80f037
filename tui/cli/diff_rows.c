/* SPDX-License-Identifier: MIT */
#include "cli/diff_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"

/* A row with its path. Nodes are in C order by component; rows are printed in C order of the whole
 * paths. */
struct line {
    struct bytes path;
    const struct tree_compare_row *row;
};

struct lines {
    struct line *all; /* owned */
    size_t n;
    struct arena arena;
};

static int compare_lines(const void *a, const void *b)
{
    return bytes_compare(((const struct line *)a)->path, ((const struct line *)b)->path);
}

static bool counts(const struct diff *diff, const struct tree_compare_row *row)
{
    return !diff->no_mtime || row->status != COMPARE_TIME_ONLY;
}

bool diff_is_same(const struct diff *diff)
{
    return diff->compare->n == (diff->no_mtime ? diff->compare->n_of[COMPARE_TIME_ONLY] : 0);
}

static void sort_lines(const struct diff *diff, struct lines *out)
{
    const struct tree_compare *compare = diff->compare;
    *out = (struct lines){.all = mem_array(NULL, compare->n + 1, sizeof *out->all)};
    BUF_AUTO struct buf path = {0};
    for (size_t i = 0; i < compare->n; i++) {
        const struct tree_compare_row *row = &compare->rows[i];
        if (!counts(diff, row))
            continue;
        buf_clear(&path);
        if (row->a != NODE_NONE)
            tree_path(diff->pair->a, row->a, &path);
        else
            tree_path(diff->pair->b, row->b, &path);
        out->all[out->n++] = (struct line){arena_copy(&out->arena, buf_bytes(&path)), row};
    }
    qsort(out->all, out->n, sizeof *out->all, compare_lines);
}

static void lines_finish(struct lines *lines)
{
    free(lines->all);
    arena_finish(&lines->arena);
}

/* Reads the nodes of a row; NULL: the image does not have the path. */
static const struct node *node_a(const struct diff *diff, const struct tree_compare_row *row)
{
    return row->a == NODE_NONE ? NULL : &diff->pair->a->nodes[row->a];
}

static const struct node *node_b(const struct diff *diff, const struct tree_compare_row *row)
{
    return row->b == NODE_NONE ? NULL : &diff->pair->b->nodes[row->b];
}

static unsigned what_of(const struct diff *diff, const struct tree_compare_row *row)
{
    return row->what & ~(diff->no_mtime ? COMPARE_TIME : 0u);
}

static void size_text(const struct node *node)
{
    if (node && node->kind == NODE_FILE)
        printf("%14" PRId64 " ", node->size);
    else
        printf("%14s ", "-");
}

/* Prints the differences of a row: "content, mode 0644>0755". */
static void what_text(unsigned what, const struct node *a, const struct node *b)
{
    const char *comma = "";
    for (unsigned bit = 0; bit < N_COMPARE_BITS; bit++) {
        if (!(what >> bit & 1))
            continue;
        printf("%s%s", comma, tree_compare_bit_name(bit));
        comma = ", ";
        if (1u << bit == COMPARE_KIND)
            printf(" %s>%s", node_kinds[a->kind], node_kinds[b->kind]);
        if (1u << bit == COMPARE_MODE)
            printf(" %04o>%04o", a->mode, b->mode);
        if (1u << bit == COMPARE_OWNER)
            printf(" %u:%u>%u:%u", a->uid, a->gid, b->uid, b->gid);
    }
}

static void line_text(const struct diff *diff, const struct line *line)
{
    static const char signs[N_COMPARE_STATUS] = {[COMPARE_SAME] = '=',
                                                 [COMPARE_ADDED] = '+',
                                                 [COMPARE_REMOVED] = '-',
                                                 [COMPARE_CHANGED] = '~',
                                                 [COMPARE_TIME_ONLY] = 't'};
    const struct node *a = node_a(diff, line->row), *b = node_b(diff, line->row);
    printf("%c ", signs[line->row->status]);
    size_text(a);
    size_text(b);
    putchar(' ');
    if (a && b)
        what_text(what_of(diff, line->row), a, b);
    else if (a || b)
        fputs(node_kinds[a ? a->kind : b->kind], stdout);
    fputs("  ", stdout);
    output_word(stdout, line->path);
    putchar('\n');
}

static void image_text(const char *sign, const struct tree *tree, const struct image_info *info)
{
    printf("%s ", sign);
    output_word(stdout, bytes_of(info->name));
    printf(", %u entries\n", tree->n);
}

static void summary_text(const struct diff *diff)
{
    const struct tree_compare *compare = diff->compare;
    image_text("---", diff->pair->a, &diff->pair->a_info);
    image_text("+++", diff->pair->b, &diff->pair->b_info);
    printf("%zu added (%" PRId64 " bytes), %zu removed (%" PRId64 " bytes), %zu changed",
           compare->n_of[COMPARE_ADDED], compare->added_bytes, compare->n_of[COMPARE_REMOVED],
           compare->removed_bytes, compare->n_of[COMPARE_CHANGED]);
    const char *before = " (";
    for (unsigned bit = 0; bit < N_COMPARE_BITS; bit++) {
        if (!compare->n_what[bit] || (diff->no_mtime && 1u << bit == COMPARE_TIME))
            continue;
        printf("%s%s %zu", before, tree_compare_bit_name(bit), compare->n_what[bit]);
        before = ", ";
    }
    fputs(*before == ',' ? ")" : "", stdout);
    if (!diff->no_mtime)
        printf(", %zu in mtime only", compare->n_of[COMPARE_TIME_ONLY]);
    printf(", %zu unchanged\n",
           compare->n_of[COMPARE_SAME] + (diff->no_mtime ? compare->n_of[COMPARE_TIME_ONLY] : 0));
}

void diff_text(const struct diff *diff, bool quiet)
{
    struct lines lines;
    sort_lines(diff, &lines);
    for (size_t i = 0; i < lines.n; i++)
        line_text(diff, &lines.all[i]);
    lines_finish(&lines);
    if (!quiet)
        summary_text(diff);
}

static void node_json(const char *key, const struct tree *tree, const struct node *node)
{
    printf(", \"%s\": ", key);
    if (!node) {
        fputs("null", stdout);
        return;
    }
    printf("{\"kind\": \"%s\", \"mode\": \"%04o\", \"uid\": %u, \"gid\": %u, \"bytes\": %" PRId64
           ", \"mtime\": %" PRId64 ", \"mtime_ns\": %u",
           node_kinds[node->kind], node->mode, node->uid, node->gid, node->size, node->mtime_s,
           node->mtime_ns);
    if (node->kind == NODE_LINK) {
        fputs(", ", stdout);
        output_json_bytes("link", node->link);
    }
    if (node->kind == NODE_CHAR || node->kind == NODE_BLOCK)
        printf(", \"major\": %u, \"minor\": %u", node->device_major, node->device_minor);
    if (node->peer != NODE_NONE) {
        BUF_AUTO struct buf path = {0};
        tree_path(tree, node->peer, &path);
        fputs(", ", stdout);
        output_json_bytes("hardlink", buf_bytes(&path));
    }
    putchar('}');
}

static void line_json(const struct diff *diff, const struct line *line, size_t i)
{
    printf("%s\n    {", i ? "," : "");
    output_json_bytes("path", line->path);
    printf(", \"status\": \"%s\", \"changes\": [", tree_compare_status_name(line->row->status));
    const char *comma = "";
    for (unsigned bit = 0; bit < N_COMPARE_BITS; bit++) {
        if (!(what_of(diff, line->row) >> bit & 1))
            continue;
        printf("%s\"%s\"", comma, tree_compare_bit_name(bit));
        comma = ", ";
    }
    putchar(']');
    node_json("a", diff->pair->a, node_a(diff, line->row));
    node_json("b", diff->pair->b, node_b(diff, line->row));
    putchar('}');
}

static void image_json(const char *key, const struct tree *tree, const struct image_info *info)
{
    printf("  \"%s\": {\"name\": ", key);
    output_json(bytes_of(info->name));
    printf(", \"entries\": %u},\n", tree->n);
}

void diff_json(const struct diff *diff)
{
    const struct tree_compare *compare = diff->compare;
    struct lines lines;
    fputs("{\n  \"version\": 1,\n", stdout);
    image_json("a", diff->pair->a, &diff->pair->a_info);
    image_json("b", diff->pair->b, &diff->pair->b_info);
    fputs("  \"summary\": {", stdout);
    for (enum tree_compare_status status = 0; status < N_COMPARE_STATUS; status++)
        printf("\"%s\": %zu, ", tree_compare_status_name(status), compare->n_of[status]);
    printf("\"added_bytes\": %" PRId64 ", \"removed_bytes\": %" PRId64 ", \"changes\": {",
           compare->added_bytes, compare->removed_bytes);
    for (unsigned bit = 0; bit < N_COMPARE_BITS; bit++)
        printf("%s\"%s\": %zu", bit ? ", " : "", tree_compare_bit_name(bit), compare->n_what[bit]);
    fputs("}},\n  \"differences\": [", stdout);
    sort_lines(diff, &lines);
    for (size_t i = 0; i < lines.n; i++)
        line_json(diff, &lines.all[i], i);
    lines_finish(&lines);
    puts("]\n}");
}
