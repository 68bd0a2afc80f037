/* SPDX-License-Identifier: MIT
 *
 * The libraries (DT_NEEDED) of a needed ELF file, found by the rules of the dynamic loader
 * (ld.so(8)): DT_RPATH of the file and of the files that need it, unless the file has DT_RUNPATH;
 * DT_RUNPATH; the loader's own directories (ld_so_paths.h).
 */
#include "keep/needs/ld_so_paths.h"
#include "keep/needs/node_fact.h"
#include "util/map.h"

#include <string.h>

enum { MAX_RPATH_DEPTH = 16 }; /* number of files through which DT_RPATH is inherited */

struct libraries {
    struct map found; /* by machine, C library and name: index + 1 in closure->links of the library
                         found in the default directories of the loader; 0: not found */
    struct ld_so ld_so;
    struct buf path; /* the path that is tried */
};

/* A search for one library of one file. */
struct search {
    struct closure *closure;
    struct libraries *libraries;
    uint32_t user; /* the file that needs it */
    struct bytes name;
};

static bool take_token(struct bytes *rest, const char *name)
{
    size_t n = strlen(name);
    struct bytes after = bytes_skip(*rest, 1);
    if (bytes_starts(after, bytes_of(name))) {
        *rest = bytes_skip(after, n);
        return true;
    }
    if (after.n >= n + 2 && after.p[0] == '{' && after.p[n + 1] == '}' &&
        bytes_starts(bytes_skip(after, 1), bytes_of(name))) {
        *rest = bytes_skip(after, n + 2);
        return true;
    }
    return false;
}

/* Values of the dynamic string tokens in a search path. */
struct tokens {
    uint32_t file; /* $ORIGIN is the directory of this file */
    const char *lib, *platform;
};

/* Sets out to dir with its dynamic string tokens replaced. Returns false if a token is unknown or
 * the result is not absolute. */
static bool expand_dir(const struct tree *tree, struct bytes dir, const struct tokens *tokens,
                       struct buf *out)
{
    buf_clear(out);
    while (dir.n) {
        if (dir.p[0] != '$') {
            buf_byte(out, dir.p[0]);
            dir = bytes_skip(dir, 1);
        } else if (take_token(&dir, "ORIGIN")) {
            tree_path(tree, tree->nodes[tokens->file].parent, out);
        } else if (take_token(&dir, "LIB")) {
            buf_add(out, bytes_of(tokens->lib));
        } else if (tokens->platform && take_token(&dir, "PLATFORM")) {
            buf_add(out, bytes_of(tokens->platform));
        } else {
            return false;
        }
    }
    return out->n && out->p[0] == '/';
}

/* Returns whether the machines of two files match. Sessions of older versions do not contain the
 * machine: it then matches. */
static bool is_same_machine(const struct tree *tree, uint32_t user, uint32_t library)
{
    struct bytes a = node_fact(&tree->nodes[user], NEED_MACHINE);
    struct bytes b = node_fact(&tree->nodes[library], NEED_MACHINE);
    return !a.n || !b.n || bytes_equal(a, b);
}

static void add_link(struct closure *closure, uint32_t user, uint32_t library, struct bytes path)
{
    ARRAY_ROOM(closure->links, closure->n_links, closure->cap_links);
    closure->links[closure->n_links++] = (struct keep_link){user, library, path};
}

static uint32_t need_file(const struct search *search, struct bytes path)
{
    uint32_t file = closure_need_file(search->closure, path, &reason_library, search->user);
    if (file != NODE_NONE)
        search->closure->verdicts[file].linked = true;
    return file;
}

/* Returns the library in the directory libraries->path if its machine is the user's machine. */
static bool find_in_dir(const struct search *search)
{
    struct closure *closure = search->closure;
    struct buf *text = &search->libraries->path;
    struct tree_walk walk;
    buf_byte(text, '/');
    buf_add(text, search->name);
    struct bytes path = buf_bytes(text);
    uint32_t node = tree_resolve(closure->tree, path, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || !is_same_machine(closure->tree, search->user, node) ||
        need_file(search, path) == NODE_NONE)
        return false;
    add_link(closure, search->user, node, arena_copy(&closure->arena, path));
    return true;
}

/* Tries all known values of $LIB, which depends on the distribution, and of $PLATFORM, which
 * depends on the processor. $ORIGIN is the directory of `file`. */
static bool find_in_template(const struct search *search, struct bytes dir, uint32_t file)
{
    static const char *const libs[] = {"lib",
                                       "lib64",
                                       "lib/x86_64-linux-gnu",
                                       "lib/aarch64-linux-gnu",
                                       "lib/i386-linux-gnu",
                                       "lib/arm-linux-gnueabihf"};
    const struct tree *tree = search->closure->tree;
    const char *platforms[LD_SO_MAX_PLATFORMS] = {NULL};
    size_t n_libs = memmem(dir.p, dir.n, "LIB", 3) ? sizeof libs / sizeof *libs : 1;
    size_t n_platforms = 1;
    if (memmem(dir.p, dir.n, "PLATFORM", 8))
        n_platforms =
            ld_so_platforms(node_fact(&tree->nodes[search->user], NEED_MACHINE), platforms);
    for (size_t i = 0; i < n_libs * n_platforms; i++) {
        struct tokens tokens = {file, libs[i / n_platforms], platforms[i % n_platforms]};
        if (!expand_dir(tree, dir, &tokens, &search->libraries->path))
            return false;
        if (find_in_dir(search))
            return true;
    }
    return false;
}

static bool find_along(const struct search *search, struct bytes dirs, uint32_t file)
{
    while (dirs.n) {
        struct bytes dir = bytes_split(&dirs, ':');
        if (dir.n && find_in_template(search, dir, file))
            return true;
    }
    return false;
}

static bool find_by_rpath(const struct search *search)
{
    const struct closure *closure = search->closure;
    uint32_t file = search->user;
    for (int depth = 0; depth < MAX_RPATH_DEPTH; depth++) {
        const struct node *node = &closure->tree->nodes[file];
        if (!node_fact(node, NEED_RUNPATH).n &&
            find_along(search, node_fact(node, NEED_RPATH), file))
            return true;
        if (closure->verdicts[file].reason != &reason_library)
            return false;
        file = closure->verdicts[file].from;
    }
    return false;
}

/* Searches the default directories of the loader once for each name, machine and C library. */
static void find_by_ld_so(const struct search *search)
{
    struct closure *closure = search->closure;
    struct libraries *libraries = search->libraries;
    bool is_new, musl = ld_so_is_musl(&libraries->ld_so, closure, search->user);
    BUF_AUTO struct buf key = {0};
    buf_add(&key, node_fact(&closure->tree->nodes[search->user], NEED_MACHINE));
    buf_byte(&key, musl ? '!' : '/');
    buf_add(&key, search->name);
    uint64_t *found = map_at(&libraries->found, buf_bytes(&key), &is_new);
    if (is_new &&
        find_along(search, ld_so_dirs(&libraries->ld_so, closure->tree, musl), search->user)) {
        *found = closure->n_links;
    } else if (*found) {
        struct keep_link first = closure->links[*found - 1];
        add_link(closure, search->user, first.library, first.path);
    }
}

static void need_library(const struct search *search)
{
    struct bytes runpath = node_fact(&search->closure->tree->nodes[search->user], NEED_RUNPATH);
    if (!search->name.n)
        return;
    if (bytes_index(search->name, '/') < search->name.n) { /* a path: no search */
        need_file(search, search->name);
        return;
    }
    if ((!runpath.n && find_by_rpath(search)) || find_along(search, runpath, search->user))
        return;
    find_by_ld_so(search);
}

static void add(struct closure *closure, void *state, uint32_t node)
{
    const struct node *n = &closure->tree->nodes[node];
    for (uint16_t i = 0; i < n->n_needs; i++) {
        struct search search = {closure, state, node, n->needs[i].value};
        if (n->needs[i].kind == NEED_NEEDED)
            need_library(&search);
    }
}

static void finish(void *state)
{
    struct libraries *libraries = state;
    map_finish(&libraries->found);
    ld_so_finish(&libraries->ld_so);
    buf_finish(&libraries->path);
}

/* Shares the switch and the help text of need_interpreter.c. */
const struct reason reason_library = {.name = "elf",
                                      .origin = ORIGIN_NEED,
                                      .text = "needed by ",
                                      .state_bytes = sizeof(struct libraries),
                                      .add = add,
                                      .finish = finish};
