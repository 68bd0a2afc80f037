/* SPDX-License-Identifier: MIT
 *
 * Forms `list` and `removed`: paths of the subject, one on each line.
 */
#include "export/export.h"

#include <stdlib.h>

#include "export/quote.h"
#include "util/arena.h"

enum list_style {
    LIST_PLAIN, /* absolute, as they are */
    LIST_TAR,   /* for GNU `tar -C ROOT --no-recursion -T FILE`: relative, with tar's escapes; with
                   NUL for `tar --null` */
    LIST_RSYNC /* for `rsync -a --files-from=FILE ROOT/ …`: relative, without the root, which would
                  select everything in it; with NUL for `rsync --from0` */
};
enum list_of { PATHS_KEPT, PATHS_REMOVED };

static int compare_paths(const void *a, const void *b)
{
    return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* Appends a path in the quoting of `tar -T` (info tar, "quoting styles"). A leading dash would be
 * an option. */
static void add_tar(struct bytes path, struct buf *out)
{
    buf_add(out, bytes_of(path.n && path.p[0] != '-' ? "" : "./"));
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '\n')
            buf_add(out, bytes_of("\\n"));
        else if (path.p[i] == '\\')
            buf_add(out, bytes_of("\\\\"));
        else
            buf_byte(out, path.p[i]);
    }
}

/* A line that begins with # or ; is a comment to rsync (--files-from). */
static bool add_rsync(struct bytes path, struct buf *out, struct err *err)
{
    if (bytes_index(path, '\n') < path.n || bytes_index(path, '\r') < path.n) {
        BUF_AUTO struct buf shown = {0};
        quote_comment(path, &shown);
        return err_no(err, "/%s: an rsync list cannot contain a line break; use -0", shown.p);
    }
    buf_add(out, bytes_of("./"));
    buf_add(out, path);
    return true;
}

static bool add_path(struct bytes path, enum list_style style, bool null, struct buf *out,
                     struct err *err)
{
    struct bytes relative = bytes_skip(path, 1);
    if (style == LIST_PLAIN) {
        buf_add(out, path);
    } else if (null) {
        buf_add(out, relative.n ? relative : bytes_of("."));
    } else if (style == LIST_TAR) {
        add_tar(relative, out);
    } else if (!add_rsync(relative, out, err)) {
        return false;
    }
    buf_byte(out, null ? '\0' : '\n');
    return true;
}

/* Appends the paths in C order like sort(1); tree order is by component. Each path ends with a
 * newline or a NUL. Fails with ERR_NO if a style cannot express a name. */
static bool write_paths(const struct tree *tree, const struct keep *keep, enum list_of of,
                        enum list_style style, bool null, struct buf *out, struct err *err)
{
    struct arena arena = {0};
    MEM_AUTO struct bytes *paths = mem_array(NULL, tree->n, sizeof *paths);
    BUF_AUTO struct buf path = {0};
    size_t n = 0, before = out->n;
    for (uint32_t i = 0; i < tree->n; i++) {
        if (of == PATHS_KEPT ? !keep->verdicts[i].kept : keep->verdicts[i].needed)
            continue;
        if (i == NODE_ROOT && style == LIST_RSYNC)
            continue;
        buf_clear(&path);
        tree_path(tree, i, &path);
        paths[n++] = arena_copy(&arena, buf_bytes(&path));
    }
    qsort(paths, n, sizeof *paths, compare_paths);
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++)
        ok = add_path(paths[i], style, null, out, err);
    if (!ok)
        out->n = before;
    arena_finish(&arena);
    return ok;
}

static bool write_kept(const struct export_request *request, const struct mapped_tree *mapped,
                       struct export_text *out, struct err *err)
{
    return write_paths(mapped->source, mapped->source_keep, PATHS_KEPT,
                       (enum list_style)request->style, request->null, &out->text, err);
}

static bool write_removed(const struct export_request *request, const struct mapped_tree *mapped,
                          struct export_text *out, struct err *err)
{
    return write_paths(mapped->source, mapped->source_keep, PATHS_REMOVED,
                       (enum list_style)request->style, request->null, &out->text, err);
}

static const struct export_style styles[] = {
    {"tar", "list for tar -T", LIST_TAR},
    {"rsync", "list for rsync --files-from", LIST_RSYNC},
    {NULL, NULL, LIST_PLAIN},
};

const struct export_form form_list = {
    .name = "list",
    .help = "kept paths of the subject image",
    .text_file = "list.txt",
    .styles = styles,
    .write = write_kept,
};

const struct export_form form_removed = {
    .name = "removed",
    .help = "paths of the subject image that the slim image does not have",
    .text_file = "removed.txt",
    .styles = styles,
    .write = write_removed,
};
