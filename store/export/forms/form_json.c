/* SPDX-License-Identifier: MIT
 *
 * Form `json`: the plan with its reasons as one object, for programs. "version" changes when a key
 * changes its meaning or is removed. A path that is not UTF-8 also has its bytes in "path_hex".
 */
#include "export/export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/preflight.h"

static void add_image(const char *key, const struct tree *tree, struct bytes name, int64_t bytes,
                      struct buf *out)
{
    buf_printf(out, "  \"%s\": ", key);
    if (!tree) {
        buf_add(out, bytes_of("null,\n"));
        return;
    }
    buf_add(out, bytes_of("{\"name\": "));
    json_quote(name, out);
    buf_printf(out, ", \"bytes\": %" PRId64 "},\n", bytes);
}

/* Returns the bytes of regular files; a hard link counts once. */
static int64_t bytes_in(const struct tree *tree)
{
    int64_t bytes = 0;
    for (uint32_t i = 0; tree && i < tree->n; i++)
        if (tree->nodes[i].peer == NODE_NONE || tree->nodes[i].peer == i)
            bytes += tree->nodes[i].size;
    return bytes;
}

static void add_config(const struct mapped_tree *mapped, struct buf *out)
{
    struct preflight preflight;
    preflight_make(&preflight, mapped);
    buf_add(out, bytes_of("  \"config\": ["));
    for (size_t i = 0; i < preflight.n; i++) {
        buf_printf(out, "%s\n    {\"key\": \"%s\", \"value\": ", i ? "," : "",
                   preflight.rows[i].key);
        json_quote(preflight.rows[i].value, out);
        buf_add(out, bytes_of(", \"warning\": "));
        if (preflight.rows[i].warning.n)
            json_quote(preflight.rows[i].warning, out);
        else
            buf_add(out, bytes_of("null"));
        buf_byte(out, '}');
    }
    buf_add(out, bytes_of("],\n"));
    preflight_finish(&preflight);
}

static void add_lines(const char *key, struct bytes lines, struct buf *out)
{
    buf_printf(out, "  \"%s\": [", key);
    for (bool first = true; lines.n; first = false) {
        struct bytes line = bytes_split(&lines, '\n');
        buf_add(out, bytes_of(first ? "\n    " : ",\n    "));
        json_quote(line, out);
    }
    buf_add(out, bytes_of("],\n"));
}

static void add_node(const struct mapped_tree *mapped, const struct keep_input *source,
                     uint32_t node, uint32_t *first, struct buf *out)
{
    const struct tree *tree = mapped->input.subject;
    const struct node *n = &tree->nodes[node];
    const struct verdict *verdict = &mapped->keep->verdicts[node];
    uint32_t origin = mapped_origin(mapped, node);
    BUF_AUTO struct buf path = {0}, was = {0}, peer = {0}, reason = {0};
    tree_path(tree, node, &path);
    json_pair("path", buf_bytes(&path), out);
    buf_printf(
        out,
        ", \"kind\": \"%s\", \"mode\": \"%04o\", \"uid\": %u, \"gid\": %u, \"bytes\": %" PRId64
        ", \"mtime\": %" PRId64 ", \"mtime_ns\": %u",
        node_kinds[n->kind], n->mode, n->uid, n->gid, n->size, n->mtime_s, n->mtime_ns);
    if (n->kind == NODE_FILE) {
        buf_add(out, bytes_of(", \"xxh3_128\": \""));
        for (size_t i = 0; i < sizeof n->hash; i++)
            buf_printf(out, "%02x", n->hash[i]);
        buf_byte(out, '"');
    }
    if (n->kind == NODE_LINK) {
        buf_add(out, bytes_of(", "));
        json_pair("link", n->link, out);
    }
    if (n->peer != NODE_NONE && first[n->peer] == NODE_NONE) {
        first[n->peer] = node;
    } else if (n->peer != NODE_NONE) {
        tree_path(tree, first[n->peer], &peer);
        buf_add(out, bytes_of(", "));
        json_pair("hardlink", buf_bytes(&peer), out);
    }
    if (mapped->origin && origin != NODE_NONE) {
        tree_path(mapped->source, origin, &was);
        buf_add(out, bytes_of(", "));
        json_pair("source", buf_bytes(&was), out);
    }
    if (verdict->in_base != BASE_NONE)
        buf_printf(out, ", \"in_base\": \"%s\"", in_base_name(verdict->in_base));
    if (origin != NODE_NONE)
        keep_reason(mapped->source_keep, source, origin, &reason);
    buf_printf(out, ", \"origin\": \"%s\", ", origin_name(reason_origin(verdict->reason)));
    json_pair("reason", buf_bytes(&reason), out);
}

static void add_nodes(const struct mapped_tree *mapped, struct buf *out)
{
    const struct tree *tree = mapped->input.subject;
    struct keep_input source = mapped->input;
    MEM_AUTO uint32_t *first = mem_array(NULL, tree->n, sizeof *first);
    memset(first, 0xff, tree->n * sizeof *first);
    source.subject = mapped->source;
    bool any = false;
    buf_add(out, bytes_of("  \"files\": ["));
    for (uint32_t i = 0; i < tree->n; i++) {
        if (!mapped->keep->verdicts[i].kept)
            continue;
        buf_add(out, bytes_of(any ? ",\n    {" : "\n    {"));
        add_node(mapped, &source, i, first, out);
        buf_byte(out, '}');
        any = true;
    }
    buf_add(out, bytes_of("]\n}\n"));
}

static bool write_json(const struct export_request *request, const struct mapped_tree *mapped,
                       struct export_text *text, struct err *err)
{
    struct buf *out = &text->text;
    (void)err;
    const struct keep *keep = mapped->keep;
    buf_add(out, bytes_of("{\n  \"version\": 1,\n"));
    add_image("subject", mapped->source, request->subject_name, keep->subject_bytes, out);
    add_image("base", mapped->input.base, request->base_name, bytes_in(mapped->input.base), out);
    buf_printf(out,
               "  \"kept_files\": %u,\n  \"kept_bytes\": %" PRId64 ",\n  \"final_bytes\": %" PRId64
               ",\n",
               keep->n_kept, keep->kept_bytes, keep->final_bytes);
    add_config(mapped, out);
    add_lines("moved", buf_bytes(&mapped->notes), out);
    add_lines("warnings", buf_bytes(&mapped->warnings), out);
    add_nodes(mapped, out);
    return true;
}

const struct export_form form_json = {
    .name = "json",
    .help = "the plan with the reason of each path, for programs",
    .text_file = "plan.json",
    .write = write_json,
};
