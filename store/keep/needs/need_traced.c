/* SPDX-License-Identifier: MIT
 *
 * Evidence: the files that the accesses of matching lines used, the symlinks in their paths, and
 * the directories in which the program created files.
 */
#include "keep/closure.h"
#include "keep/evidence.h"
#include "keep/why_text.h"
#include "chain/access_route.h"

#include <stdlib.h>

#include "util/path.h"

struct evidence {
    struct closure *closure;
    const struct accesses *accesses;
    const uint32_t *real; /* by path */
    const uint8_t *made;  /* by node: 1 if the program created it; NULL: not known */
    uint32_t *literal;    /* owned; by path: where the path ends if its last link is not followed */
    uint32_t *lines;      /* owned; by row: the first matching line, or NO_LINE */
};

static struct bytes route_of(const struct evidence *evidence, uint32_t asked)
{
    return access_route(evidence->closure->tree, &evidence->accesses->paths[asked]);
}

static uint32_t literal_end(struct evidence *evidence, uint32_t asked)
{
    uint32_t *end = &evidence->literal[asked];
    if (*end == NOT_YET) {
        struct tree_walk walk;
        *end = tree_resolve_route(evidence->closure->tree, route_of(evidence, asked), TREE_NOFOLLOW,
                                  &walk);
    }
    return *end;
}

/* Returns the directory in which a program created a file: the slim image must have it. NODE_NONE:
 * the engine mounts the directory, or the image does not have it. */
static uint32_t place_of(const struct closure *closure, struct bytes made)
{
    static const char *const mounts[] = {"/dev", "/proc", "/sys"};
    struct bytes dir = path_dir(made);
    struct tree_walk walk;
    for (size_t i = 0; i < sizeof mounts / sizeof *mounts; i++) {
        struct bytes mount = bytes_of(mounts[i]);
        if (bytes_starts(dir, mount) && (dir.n == mount.n || dir.p[mount.n] == '/'))
            return NODE_NONE;
    }
    if (made.n < 2 || made.p[0] != '/')
        return NODE_NONE;
    return tree_resolve_route(closure->tree, dir.n ? dir : bytes_of("/"), TREE_FOLLOW, &walk);
}

static bool counts(const struct evidence *evidence, size_t row)
{
    return evidence->lines[row] != NO_LINE && evidence_counts(evidence->accesses, row);
}

/* Returns the weight of an access: the program uses the file's content, its name, or only its
 * existence. */
static int weight(const struct evidence *evidence, size_t row)
{
    switch ((enum access_kind)access_at(evidence->accesses, row).type->kind) {
    case ACCESS_EXECUTED:
    case ACCESS_MAPPED:
        return 3;
    case ACCESS_READ:
    case ACCESS_LISTED:
    case ACCESS_WRITTEN:
        return 2;
    case ACCESS_STAT:
        return 0;
    default:
        return 1;
    }
}

/* Stores the access with the highest weight; of equal weight, the first in the logs. */
static void use_node(struct evidence *evidence, uint32_t node, size_t row)
{
    struct verdict *verdict = &evidence->closure->verdicts[node];
    int more = verdict->access == UINT32_MAX
                   ? 1
                   : weight(evidence, row) - weight(evidence, verdict->access);
    if (more > 0 || (more == 0 && evidence->lines[row] < verdict->line)) {
        verdict->access = (uint32_t)row;
        verdict->line = evidence->lines[row];
    }
}

static void find_nodes(struct evidence *evidence)
{
    const struct accesses *accesses = evidence->accesses;
    for (size_t row = 0; row < accesses->n; row++) {
        struct access_row access = access_at(accesses, row);
        if (!counts(evidence, row))
            continue;
        uint32_t node = access.type->nofollow ? literal_end(evidence, access.path)
                                              : evidence->real[access.path];
        if (node != NODE_NONE && evidence->made && evidence->made[node]) {
            node = access.type->kind == ACCESS_CREATED
                       ? place_of(evidence->closure, route_of(evidence, access.path))
                       : NODE_NONE;
            if (node != NODE_NONE && evidence->made[node])
                node = NODE_NONE;
        } else if (node != NODE_NONE) {
            uint32_t *n_used = &evidence->closure->verdicts[node].n_used;
            *n_used = access.n > UINT32_MAX - *n_used ? UINT32_MAX : *n_used + access.n;
        } else if (access.type->kind == ACCESS_CREATED) {
            node = place_of(evidence->closure, route_of(evidence, access.path));
        }
        if (node != NODE_NONE)
            use_node(evidence, node, row);
    }
}

/* Adds the symlinks in the paths. Each path is resolved with and without its last link followed. */
static void need_links(struct evidence *evidence)
{
    const struct accesses *accesses = evidence->accesses;
    MEM_AUTO uint8_t *seen = mem_zero(accesses->n_paths, 1);
    for (size_t row = 0; row < accesses->n; row++) {
        struct access_row access = access_at(accesses, row);
        uint8_t way = access.type->nofollow ? 2 : 1;
        if (!counts(evidence, row) || (seen[access.path] & way))
            continue;
        seen[access.path] |= way;
        struct bytes path = route_of(evidence, access.path);
        struct tree_walk walk;
        uint32_t node =
            tree_resolve_route(evidence->closure->tree, path,
                               access.type->nofollow ? TREE_NOFOLLOW : TREE_FOLLOW, &walk);
        uint32_t place = node == NODE_NONE && access.type->kind == ACCESS_CREATED
                             ? place_of(evidence->closure, path)
                             : NODE_NONE;
        if (place != NODE_NONE) { /* the file was created through a symlink */
            closure_need_links(evidence->closure, &walk, place);
            tree_resolve_route(evidence->closure->tree, path_dir(path), TREE_FOLLOW, &walk);
        }
        closure_need_links(evidence->closure, &walk, walk.node);
    }
}

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)state;
    const struct keep_input *input = closure->input;
    if (!closure_has_evidence(closure) || line_paths_are_lines(input->line_paths))
        return true;
    struct evidence evidence = {
        .closure = closure,
        .accesses = input->accesses,
        .real = closure->real,
        .made = input->line_paths ? line_paths_created(input->line_paths) : NULL,
        .literal = evidence_filled(input->accesses->n_paths, NOT_YET),
        .lines = evidence_filled(input->accesses->n, NO_LINE),
    };
    bool ok = evidence_rows(input, input->survivors, evidence.lines, err);
    if (ok) {
        find_nodes(&evidence);
        for (uint32_t node = 0; node < closure->tree->n; node++)
            if (closure->verdicts[node].access != UINT32_MAX)
                closure_need(closure, node, &reason_traced, NODE_NONE);
        need_links(&evidence);
    }
    free(evidence.literal);
    free(evidence.lines);
    return ok;
}

static const char *access_verb(enum access_kind kind)
{
    static const char *const verbs[] = {
        [ACCESS_EXECUTED] = "executed",  [ACCESS_MAPPED] = "mapped",
        [ACCESS_READ] = "opened",        [ACCESS_LISTED] = "listed",
        [ACCESS_WRITTEN] = "written",    [ACCESS_CREATED] = "created",
        [ACCESS_RENAMED] = "renamed",    [ACCESS_STAT] = "status read",
        [ACCESS_READLINK] = "link read", [ACCESS_CHDIR] = "entered",
        [ACCESS_OTHER] = "used",         [ACCESS_REMOVED] = "removed"};
    return verbs[kind];
}

static void print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                  struct buf *out)
{
    const struct verdict *verdict = &keep->verdicts[node];
    struct access_row access = access_at(input->accesses, verdict->access);
    if (!verdict->n_used) /* the directory itself was not used: a file was created in it */
        buf_add(out, bytes_of("file created in it"));
    else
        buf_add(out, bytes_of(access_verb(access.type->kind)));
    if (verdict->n_used > 1)
        buf_printf(out, " ×%u", verdict->n_used);
    buf_add(out, bytes_of(", "));
    why_add_line_name(input, verdict->line, out);
}

static bool print_source(const struct keep *keep, const struct keep_input *input,
                         const struct chain *chain, uint32_t node, struct buf *out, struct err *err)
{
    (void)chain;
    return why_add_line_text(input, keep->verdicts[node].line, out, err);
}

/* `access` and `line` of the verdict are the reported access. */
const struct reason reason_traced = {
    .origin = ORIGIN_TRACE, .print = print, .print_source = print_source, .seed = seed};
