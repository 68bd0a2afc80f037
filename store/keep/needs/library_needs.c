/* SPDX-License-Identifier: MIT
 *
 * What a file's content asks for: the ELF interpreter, libraries by the loader's rules (ld.so(8):
 * DT_RPATH of the file and of those that needed it, unless it has DT_RUNPATH; DT_RUNPATH; the
 * loader's own directories), and the interpreter of a #! line.
 */
#include "keep/closure.h"

#include <string.h>

enum { MAX_RPATH_DEPTH = 16 }; /* how far DT_RPATH is inherited */

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

/* What a search path's dynamic string tokens stand for. */
struct tokens {
    uint32_t file; /* whose directory $ORIGIN is */
    const char *lib, *platform;
};

/* dir with its dynamic string tokens put in; false for one that is not known. */
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

static struct bytes value_of(const struct tree *tree, uint32_t node, enum need_kind kind)
{
    const struct node *n = &tree->nodes[node];
    for (uint16_t i = 0; i < n->n_needs; i++)
        if (n->needs[i].kind == kind)
            return n->needs[i].value;
    return bytes_from(NULL, 0);
}

/* A library of another machine is passed over; sessions of before do not say which it is of. */
static bool fits(const struct tree *tree, uint32_t user, uint32_t library)
{
    struct bytes a = value_of(tree, user, NEED_MACHINE), b = value_of(tree, library, NEED_MACHINE);
    return !a.n || !b.n || bytes_equal(a, b);
}

static void add_link(struct closure *closure, uint32_t user, uint32_t library, struct bytes path)
{
    ARRAY_ROOM(closure->links, closure->n_links, closure->cap_links);
    closure->links[closure->n_links++] = (struct keep_link){user, library, path};
}

/* The library at closure->scratch + "/" + name, if it is one for the user. */
static bool need_there(struct closure *closure, struct bytes name, uint32_t user)
{
    struct tree_walk walk;
    buf_byte(&closure->scratch, '/');
    buf_add(&closure->scratch, name);
    struct bytes path = buf_bytes(&closure->scratch);
    uint32_t node = tree_resolve(closure->tree, path, TREE_FOLLOW, &walk);
    if (node == NODE_NONE || !fits(closure->tree, user, node) ||
        !closure_need_file(closure, path, REASON_NEEDED, user))
        return false;
    add_link(closure, user, node, arena_copy(&closure->arena, path));
    return true;
}

/* $LIB is the distribution's choice, $PLATFORM the processor's: all that are in use are tried. */
static bool find_in_dir(struct closure *closure, struct bytes dir, struct bytes name, uint32_t file,
                        uint32_t user)
{
    static const char *const libs[] = {"lib",
                                       "lib64",
                                       "lib/x86_64-linux-gnu",
                                       "lib/aarch64-linux-gnu",
                                       "lib/i386-linux-gnu",
                                       "lib/arm-linux-gnueabihf"};
    const char *platforms[4] = {NULL};
    size_t n_libs = memmem(dir.p, dir.n, "LIB", 3) ? sizeof libs / sizeof *libs : 1;
    size_t n_platforms = 1;
    if (memmem(dir.p, dir.n, "PLATFORM", 8))
        n_platforms = ld_so_platforms(value_of(closure->tree, user, NEED_MACHINE), platforms);
    for (size_t i = 0; i < n_libs; i++)
        for (size_t k = 0; k < n_platforms; k++) {
            struct tokens tokens = {file, libs[i], platforms[k]};
            if (!expand_dir(closure->tree, dir, &tokens, &closure->scratch))
                return false;
            if (need_there(closure, name, user))
                return true;
        }
    return false;
}

/* file: whose $ORIGIN is meant; user: who needs the library. */
static bool find_along(struct closure *closure, struct bytes dirs, struct bytes name, uint32_t file,
                       uint32_t user)
{
    while (dirs.n) {
        struct bytes dir = bytes_from(dirs.p, bytes_index(dirs, ':'));
        dirs = bytes_skip(dirs, dir.n + 1);
        if (dir.n && find_in_dir(closure, dir, name, file, user))
            return true;
    }
    return false;
}

static bool find_by_rpath(struct closure *closure, uint32_t node, struct bytes name)
{
    const struct tree *tree = closure->tree;
    uint32_t file = node;
    for (int depth = 0; depth < MAX_RPATH_DEPTH; depth++) {
        struct bytes dirs = value_of(tree, file, NEED_RPATH);
        if (!value_of(tree, file, NEED_RUNPATH).n && find_along(closure, dirs, name, file, node))
            return true;
        if (closure->verdicts[file].reason != REASON_NEEDED)
            return false;
        file = closure->verdicts[file].from;
    }
    return false;
}

static void need_library(struct closure *closure, uint32_t node, struct bytes name)
{
    struct bytes runpath = value_of(closure->tree, node, NEED_RUNPATH);
    if (!name.n)
        return;
    if (bytes_index(name, '/') < name.n) { /* a path: taken as it is */
        closure_need_file(closure, name, REASON_NEEDED, node);
        return;
    }
    if ((!runpath.n && find_by_rpath(closure, node, name)) ||
        find_along(closure, runpath, name, node, node))
        return;
    bool is_new, musl = ld_so_is_musl(closure, node);
    BUF_AUTO struct buf key = {0}; /* libraries of another machine or C library are others */
    buf_add(&key, value_of(closure->tree, node, NEED_MACHINE));
    buf_byte(&key, musl ? '!' : '/');
    buf_add(&key, name);
    uint64_t *found = map_at(&closure->libraries, buf_bytes(&key), &is_new); /* a link + 1 */
    if (is_new && find_along(closure, ld_so_dirs(closure, musl), name, node, node)) {
        *found = closure->n_links;
    } else if (*found) {
        struct keep_link first = closure->links[*found - 1];
        add_link(closure, node, first.library, first.path);
    }
}

/* The command in the argument of env: behind options and assignments; -S may stand glued to it. */
static struct bytes env_command(struct bytes argument)
{
    while (argument.n) {
        size_t n = 0;
        while (n < argument.n && argument.p[n] != ' ' && argument.p[n] != '\t')
            n++;
        struct bytes word = bytes_from(argument.p, n);
        argument = bytes_skip(argument, n + 1);
        if (bytes_starts(word, bytes_of("-S")))
            word = bytes_skip(word, 2);
        if (word.n && word.p[0] != '-' && bytes_index(word, '=') == word.n)
            return word;
    }
    return argument;
}

static void need_script(struct closure *closure, uint32_t node, struct bytes interpreter)
{
    struct bytes none = bytes_from(NULL, 0);
    closure_need_file(closure, interpreter, REASON_SCRIPT, node);
    if (bytes_ends(interpreter, bytes_of("/env")))
        closure_need_command(closure, env_command(value_of(closure->tree, node, NEED_SCRIPT_ARG)),
                             none, REASON_SCRIPT, node);
}

void library_needs(struct closure *closure, uint32_t node)
{
    const struct node *n = &closure->tree->nodes[node];
    for (uint16_t i = 0; i < n->n_needs; i++) {
        struct bytes value = n->needs[i].value;
        bool is_script = n->needs[i].kind == NEED_SCRIPT;
        if (!closure_is_on(closure, is_script ? CLOSURE_SCRIPTS : CLOSURE_ELF))
            continue;
        switch (n->needs[i].kind) {
        case NEED_INTERPRETER:
            closure_need_file(closure, value, REASON_INTERPRETER, node);
            break;
        case NEED_NEEDED:
            need_library(closure, node, value);
            break;
        case NEED_SCRIPT:
            need_script(closure, node, value);
            break;
        case NEED_RUNPATH:
        case NEED_RPATH:
        case NEED_SONAME:
        case NEED_SCRIPT_ARG:
        case NEED_MACHINE:
        case NEED_VERSION_NEEDED:
        case NEED_VERSION_DEFINED:
        case NEED_DIRECTORY:
        case NEED_INCLUDE:
        case N_NEED_KINDS:
            break;
        }
    }
}
