/* SPDX-License-Identifier: MIT
 *
 * Python: bytecode, its source, and the metadata of the package. Python does not read bytecode in
 * __pycache__ without its source next to that directory (PEP 3147), and compiles a source without
 * bytecode again at each start. importlib.metadata reads a package's NAME-VERSION.dist-info. The
 * package is found by name: RECORD is file content, which the session does not hold.
 */
#include "keep/closure.h"

#include <stdlib.h>
#include <string.h>

struct python {
    uint8_t *packages; /* owned; by node: 1 for an entry of site-packages whose metadata is added */
};

static const char cache[] = "__pycache__";

/* "mod.cpython-311.pyc" and "mod.cpython-311.opt-1.pyc" belong to mod.py. */
static struct bytes stem_of(struct bytes name)
{
    name.n -= strlen(".pyc");
    size_t dot = bytes_rindex(name, '.');
    if (dot < name.n && bytes_starts(bytes_skip(name, dot), bytes_of(".opt-"))) {
        name.n = dot;
        dot = bytes_rindex(name, '.');
    }
    name.n = dot < name.n ? dot : 0;
    return name;
}

static void need_source(struct closure *closure, uint32_t node)
{
    const struct tree *tree = closure->tree;
    uint32_t dir = tree->nodes[node].parent;
    struct bytes stem = stem_of(tree->nodes[node].name);
    if (!stem.n || !bytes_equal(tree->nodes[dir].name, bytes_of(cache)))
        return;
    BUF_AUTO struct buf name = {0};
    buf_add(&name, stem);
    buf_add(&name, bytes_of(".py"));
    uint32_t source = tree_child(tree, tree->nodes[dir].parent, buf_bytes(&name));
    if (source != NODE_NONE)
        closure_need(closure, source, &reason_python, node);
}

static bool is_optimised(struct bytes name)
{
    return memmem(name.p, name.n, ".opt-", 5) != NULL;
}

/* Adds the bytecode if the trace used the source or the bytecode. Optimised bytecode is read only
 * by an interpreter with -O, so it is added only if the trace used it. */
static void need_bytecode(struct closure *closure, uint32_t node)
{
    const struct tree *tree = closure->tree;
    struct bytes stem = tree->nodes[node].name;
    stem.n -= strlen(".py");
    uint32_t dir = tree_child(tree, tree->nodes[node].parent, bytes_of(cache));
    for (uint32_t i = dir == NODE_NONE ? NODE_NONE : tree_first(tree, dir); i != NODE_NONE;
         i = tree_next(tree, i)) {
        struct bytes name = tree->nodes[i].name;
        if (!bytes_ends(name, bytes_of(".pyc")) || !bytes_equal(stem_of(name), stem))
            continue;
        bool used = closure->verdicts[node].n_used > 0;
        if (closure->verdicts[i].n_used || (used && !is_optimised(name)))
            closure_need(closure, i, &reason_python, node);
    }
}

/* Returns the entry of a site-packages directory that is the node or contains it, or NODE_NONE. */
static uint32_t package_of(const struct tree *tree, uint32_t node)
{
    uint32_t parent = tree->nodes[node].parent;
    for (; parent != NODE_NONE; node = parent, parent = tree->nodes[node].parent) {
        struct bytes name = tree->nodes[parent].name;
        if (bytes_equal(name, bytes_of("site-packages")) ||
            bytes_equal(name, bytes_of("dist-packages")))
            return node;
    }
    return NODE_NONE;
}

static char folded(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c == '-' || c == '.' ? '_' : c;
}

/* Names of distributions are compared without case, and with -, _ and . the same (PEP 503). */
static bool same_name(struct bytes a, struct bytes b)
{
    for (size_t i = 0; a.n == b.n && i < a.n; i++)
        if (folded(a.p[i]) != folded(b.p[i]))
            return false;
    return a.n == b.n;
}

static bool is_metadata(struct bytes name)
{
    return bytes_ends(name, bytes_of(".dist-info")) || bytes_ends(name, bytes_of(".egg-info"));
}

static void need_metadata(struct closure *closure, struct python *python, uint32_t node)
{
    const struct tree *tree = closure->tree;
    uint32_t package = package_of(tree, node);
    if (package == NODE_NONE || python->packages[package])
        return;
    python->packages[package] = 1;
    struct bytes name = tree->nodes[package].name;
    if (is_metadata(name) || bytes_equal(name, bytes_of(cache)))
        return;
    if (tree->nodes[package].kind != NODE_DIR)
        name.n = bytes_index(name, '.'); /* mod.py, mod.cpython-311-x86_64-linux-gnu.so */
    for (uint32_t i = tree_first(tree, tree->nodes[package].parent); i != NODE_NONE;
         i = tree_next(tree, i)) {
        struct bytes other = tree->nodes[i].name;
        if (!is_metadata(other) || !same_name(bytes_from(other.p, bytes_index(other, '-')), name))
            continue;
        for (uint32_t k = i; k <= i + tree->nodes[i].n_below; k++)
            if (tree->nodes[k].kind != NODE_DIR)
                closure_need(closure, k, &reason_python, node);
    }
}

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)err;
    ((struct python *)state)->packages = mem_zero(closure->tree->n, 1);
    return true;
}

static void add(struct closure *closure, void *state, uint32_t node)
{
    struct bytes name = closure->tree->nodes[node].name;
    if (closure->tree->nodes[node].kind == NODE_DIR)
        return;
    if (bytes_ends(name, bytes_of(".pyc")))
        need_source(closure, node);
    else if (bytes_ends(name, bytes_of(".py")))
        need_bytecode(closure, node);
    need_metadata(closure, state, node);
}

static void finish(void *state)
{
    free(((struct python *)state)->packages);
}

static void print(const struct keep *keep, const struct keep_input *input, uint32_t node,
                  struct buf *out)
{
    struct bytes name = input->subject->nodes[node].name;
    buf_add(out, bytes_of(bytes_ends(name, bytes_of(".pyc"))  ? "bytecode of "
                          : bytes_ends(name, bytes_of(".py")) ? "source of "
                                                              : "package metadata of "));
    tree_path(input->subject, keep->verdicts[node].from, out);
}

const struct reason reason_python = {
    NEED_KIND("python", "sources and bytecode of Python modules, metadata of packages"),
    .origin = ORIGIN_NEED,
    .print = print,
    .state_bytes = sizeof(struct python),
    .seed = seed,
    .add = add,
    .finish = finish};
