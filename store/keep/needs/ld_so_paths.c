/* SPDX-License-Identifier: MIT
 *
 * glibc (ld.so(8)) searches the cache, which ldconfig creates from the directories of ld.so.conf in
 * their order, then the directories that glibc was built with. The built-in directories depend on
 * the distribution: the directories of all distributions are searched, and libraries of another
 * machine are skipped. Without a cache, ld.so.conf has no effect; its directories are then searched
 * last, because a cache can be created when the container starts. musl (ldso/dynlink.c) searches
 * the directories of its path file; without that file /lib, /usr/local/lib, /usr/lib.
 */
#include "keep/needs/ld_so_paths.h"

#include <string.h>

#include "util/path.h"

enum {
    MAX_INCLUDES = 8 /* nesting depth */,
    MAX_USERS = 16 /* libraries between a library and the program that loads it */
};

static const char musl_loader[] = "/ld-musl-";

static void add_dir(struct buf *out, struct bytes dir)
{
    if (out->n)
        buf_byte(out, ':');
    buf_add(out, dir);
}

/* Appends dir/TRIPLET for the multiarch directories in dir (*-linux-*). */
static void add_triplets(const struct tree *tree, const char *dir, struct buf *out)
{
    struct tree_walk walk;
    uint32_t node = tree_resolve(tree, bytes_of(dir), TREE_FOLLOW, &walk);
    if (node == NODE_NONE || tree->nodes[node].kind != NODE_DIR)
        return;
    for (uint32_t child = tree_first(tree, node); child != NODE_NONE;
         child = tree_next(tree, child)) {
        const struct node *n = &tree->nodes[child];
        if (n->kind != NODE_DIR || !memmem(n->name.p, n->name.n, "-linux-", 7))
            continue;
        add_dir(out, bytes_of(dir));
        buf_byte(out, '/');
        buf_add(out, n->name);
    }
}

static void add_config(const struct tree *tree, struct bytes glob, int depth, struct buf *out)
{
    MEM_AUTO uint32_t *nodes = NULL;
    BUF_AUTO struct buf path = {0};
    size_t n_nodes;
    path_absolute(bytes_of("/etc"), glob, &path);
    if (depth > MAX_INCLUDES)
        return;
    marks_match(tree, buf_bytes(&path), &nodes, &n_nodes);
    for (size_t i = 0; i < n_nodes; i++) {
        const struct node *n = &tree->nodes[nodes[i]];
        for (uint16_t k = 0; k < n->n_needs; k++)
            if (n->needs[k].kind == NEED_DIRECTORY)
                add_dir(out, n->needs[k].value);
            else if (n->needs[k].kind == NEED_INCLUDE)
                add_config(tree, n->needs[k].value, depth + 1, out);
    }
}

static void add_glibc(const struct tree *tree, struct buf *out)
{
    struct tree_walk walk;
    uint32_t cache = tree_resolve(tree, bytes_of("/etc/ld.so.cache"), TREE_FOLLOW, &walk);
    if (cache != NODE_NONE)
        add_config(tree, bytes_of("ld.so.conf"), 0, out);
    add_triplets(tree, "/lib", out);
    add_triplets(tree, "/usr/lib", out);
    add_dir(out, bytes_of("/lib64:/usr/lib64:/lib:/usr/lib"));
    if (cache == NODE_NONE)
        add_config(tree, bytes_of("ld.so.conf"), 0, out);
    add_dir(out, bytes_of("/usr/local/lib"));
}

void ld_so_finish(struct ld_so *ld_so)
{
    buf_finish(&ld_so->dirs[0]);
    buf_finish(&ld_so->dirs[1]);
}

struct bytes ld_so_dirs(struct ld_so *ld_so, const struct tree *tree, bool musl)
{
    struct buf *dirs = &ld_so->dirs[musl];
    if (dirs->n)
        return buf_bytes(dirs);
    if (musl)
        add_config(tree, bytes_of("ld-musl-*.path"), 0, dirs);
    else
        add_glibc(tree, dirs);
    if (!dirs->n)
        buf_add(dirs, bytes_of("/lib:/usr/local/lib:/usr/lib"));
    return buf_bytes(dirs);
}

static bool has_musl_loader(const struct tree *tree)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    marks_match(tree, bytes_of("/lib/ld-musl-*"), &nodes, &n);
    return n > 0;
}

bool ld_so_is_musl(struct ld_so *ld_so, const struct closure *closure, uint32_t node)
{
    const struct tree *tree = closure->tree;
    for (int i = 0; i < MAX_USERS && node != NODE_NONE; i++) {
        const struct node *n = &tree->nodes[node];
        for (uint16_t k = 0; k < n->n_needs; k++) {
            struct bytes value = n->needs[k].value;
            if (n->needs[k].kind == NEED_INTERPRETER)
                return memmem(value.p, value.n, musl_loader, strlen(musl_loader)) != NULL;
            if (n->needs[k].kind != NEED_NEEDED)
                continue;
            if (bytes_equal(value, bytes_of("libc.so.6")))
                return false;
            if (bytes_equal(value, bytes_of("libc.so")) ||
                bytes_starts(value, bytes_of("libc.musl-")))
                return true;
        }
        bool from_user = closure->verdicts[node].reason == &reason_library;
        node = from_user ? closure->verdicts[node].from : NODE_NONE;
    }
    if (ld_so->unmarked == LD_SO_UNREAD)
        ld_so->unmarked = has_musl_loader(tree) ? LD_SO_MUSL : LD_SO_GLIBC;
    return ld_so->unmarked == LD_SO_MUSL;
}

size_t ld_so_platforms(struct bytes machine, const char *out[LD_SO_MAX_PLATFORMS])
{
    /* EM_386, EM_ARM, EM_X86_64, EM_AARCH64 of elf.h; AT_PLATFORM of the kernel, and the names
     * that glibc uses instead on newer processors */
    static const struct {
        const char *machine, *names[5];
    } known[] = {{" 3", {"i686", "i586", "i486", "i386", NULL}},
                 {" 40", {"v8l", "v7l", "v6l", NULL}},
                 {" 62", {"x86_64", "haswell", "xeon_phi", NULL}},
                 {" 183", {"aarch64", NULL}}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (bytes_ends(machine, bytes_of(known[i].machine)))
            for (; known[i].names[n]; n++)
                out[n] = known[i].names[n];
    return n;
}
