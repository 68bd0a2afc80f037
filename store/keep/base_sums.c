/* SPDX-License-Identifier: MIT */
#include "keep/base_sums.h"

#include <stdlib.h>
#include <string.h>

#include "keep/base_compare.h"
#include "keep/needs/node_fact.h"

const char *base_class_name(int base_class)
{
    return base_class == BASE_ELSEWHERE ? "elsewhere" : in_base_name((enum in_base)base_class);
}

/* --- the same content at another path --- */

struct content_scan {
    uint8_t hash[16];
    uint32_t node; /* of the base */
};

struct file_contents {
    struct content_scan
        *list; /* owned; the non-empty files of the base, sorted by hash, then node */
    size_t n;
};

static int compare_contents(const void *a, const void *b)
{
    const struct content_scan *left = a, *right = b;
    int order = memcmp(left->hash, right->hash, sizeof left->hash);
    return order ? order : (left->node > right->node) - (left->node < right->node);
}

static void file_contents_init(struct file_contents *contents, const struct tree *base)
{
    contents->list = mem_array(NULL, base->n, sizeof *contents->list);
    contents->n = 0;
    for (uint32_t i = 0; i < base->n; i++) {
        const struct node *n = &base->nodes[i];
        if (n->kind != NODE_FILE || !n->size)
            continue;
        struct content_scan *content = &contents->list[contents->n++];
        memcpy(content->hash, n->hash, sizeof content->hash);
        content->node = i;
    }
    qsort(contents->list, contents->n, sizeof *contents->list, compare_contents);
}

static bool file_contents_have(const struct file_contents *contents, const struct node *node)
{
    size_t from = 0, to = contents->n;
    if (node->kind != NODE_FILE || !node->size)
        return false;
    while (from < to) {
        size_t middle = from + (to - from) / 2;
        int order = memcmp(contents->list[middle].hash, node->hash, sizeof node->hash);
        if (!order)
            return true;
        if (order < 0)
            from = middle + 1;
        else
            to = middle;
    }
    return false;
}

/* --- sums --- */

/* Adds a node to a sum. `seen` (NULL: no hard link) has two bits for each class: the content is
 * counted, and it is counted as needed. All names of a hard link share one `seen`. */
static void add_node(struct base_sum *sum, const struct node *node, bool needed, int bit,
                     uint16_t *seen)
{
    uint16_t all = (uint16_t)(1u << (2 * bit)), of_needed = (uint16_t)(all << 1);
    sum->n_files++;
    sum->n_needed += needed;
    if (!seen || !(*seen & all))
        sum->bytes += node->size;
    if (needed && (!seen || !(*seen & of_needed)))
        sum->needed_bytes += node->size;
    if (seen)
        *seen |= (uint16_t)(all | (needed ? of_needed : 0));
}

void base_sums(const struct keep *keep, const struct keep_input *input,
               struct base_sum sums[N_BASE_CLASSES])
{
    const struct tree *tree = input->subject;
    struct file_contents contents;
    memset(sums, 0, N_BASE_CLASSES * sizeof *sums);
    if (!input->base || !tree)
        return;
    file_contents_init(&contents, input->base);
    MEM_AUTO uint16_t *seen = mem_zero(tree->n, sizeof *seen);
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct node *node = &tree->nodes[i];
        const struct verdict *verdict = &keep->verdicts[i];
        if (node->kind == NODE_DIR)
            continue;
        uint16_t *of_link = node->peer == NODE_NONE ? NULL : &seen[node->peer];
        add_node(&sums[verdict->in_base], node, verdict->needed, verdict->in_base, of_link);
        if (verdict->in_base == BASE_ABSENT && file_contents_have(&contents, node))
            add_node(&sums[BASE_ELSEWHERE], node, verdict->needed, BASE_ELSEWHERE, of_link);
    }
    free(contents.list);
}

/* --- differences as text --- */

/* Returns the last version that a library defines, except private ones. Linkers write versions in
 * ascending order. */
static struct bytes top_version(const struct node *node)
{
    struct bytes words = node_fact(node, NEED_VERSION_DEFINED), top = {0};
    while (words.n) {
        struct bytes word = bytes_split(&words, ' ');
        if (!bytes_ends(word, bytes_of("_PRIVATE")))
            top = word;
    }
    return top;
}

static void print_difference(const char *what, struct bytes base, struct bytes mine,
                             struct buf *out)
{
    if (bytes_equal(base, mine))
        return;
    buf_add(out, bytes_of(what));
    buf_add(out, base.n ? base : bytes_of("none"));
    buf_add(out, bytes_of(" (subject: "));
    buf_add(out, mine.n ? mine : bytes_of("none"));
    buf_byte(out, ')');
}

static void print_content(const struct node *mine, const struct node *base, struct buf *out)
{
    buf_printf(out, "; the base has different content at this path: %lld byte%s",
               (long long)base->size, base->size == 1 ? "" : "s");
    print_difference(", soname ", node_fact(base, NEED_SONAME), node_fact(mine, NEED_SONAME), out);
    print_difference(", symbol versions up to ", top_version(base), top_version(mine), out);
}

static void print_attributes(const struct node *mine, const struct node *base, struct buf *out)
{
    size_t before;
    buf_add(out, bytes_of("; the base has this path with "));
    before = out->n;
    if (mine->mode != base->mode)
        buf_printf(out, "mode %04o", base->mode);
    if (mine->uid != base->uid || mine->gid != base->gid)
        buf_printf(out, "%sowner %u:%u", out->n > before ? ", " : "", base->uid, base->gid);
    if (memcmp(mine->xattrs, base->xattrs, sizeof mine->xattrs))
        buf_printf(out, "%sdifferent extended attributes", out->n > before ? ", " : "");
}

static void print_kind(const struct node *base, struct buf *out)
{
    static const char *const kinds[] = {
        [NODE_DIR] = "directory", [NODE_FILE] = "file",    [NODE_LINK] = "symlink",
        [NODE_CHAR] = "device",   [NODE_BLOCK] = "device", [NODE_FIFO] = "fifo",
        [NODE_SOCKET] = "socket"};
    buf_printf(out, "; the base has a %s at this path", kinds[base->kind]);
    if (base->kind == NODE_LINK) {
        buf_add(out, bytes_of(" to "));
        buf_add(out, base->link);
    }
}

static void print_elsewhere(const struct keep_input *input, const struct node *mine,
                            struct buf *out)
{
    const struct tree *base = input->base;
    for (uint32_t i = 0; mine->kind == NODE_FILE && mine->size && i < base->n; i++)
        if (base->nodes[i].kind == NODE_FILE && base->nodes[i].size == mine->size &&
            !memcmp(base->nodes[i].hash, mine->hash, sizeof mine->hash)) {
            buf_add(out, bytes_of("; the base has the same content at "));
            tree_path(base, i, out);
            return;
        }
}

void base_difference_print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                           struct buf *out)
{
    BUF_AUTO struct buf path = {0};
    const struct node *mine = &input->subject->nodes[node];
    if (!input->base)
        return;
    tree_path(input->subject, node, &path);
    uint32_t there = tree_find(input->base, buf_bytes(&path));
    switch ((enum in_base)keep->verdicts[node].in_base) {
    case BASE_NONE:
    case BASE_SAME:
        return;
    case BASE_ABSENT:
        print_elsewhere(input, mine, out);
        return;
    case BASE_META:
    case BASE_CONTENT:
    case BASE_LINK:
        break;
    }
    if (there == NODE_NONE)
        return;
    const struct node *base = &input->base->nodes[there];
    if (keep->verdicts[node].in_base == BASE_META)
        print_attributes(mine, base, out);
    else if (keep->verdicts[node].in_base == BASE_CONTENT)
        print_content(mine, base, out);
    else
        print_kind(base, out);
}
