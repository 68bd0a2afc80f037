/* SPDX-License-Identifier: MIT
 *
 * The merged tree of an image as the container sees it, in memory, immutable once read, and path
 * resolution inside it. Shared by threads without locks.
 *
 * Nodes are numbered in C order of their paths by component (a directory before what is in it, its
 * children in C order of their names): node 0 is the root, and the nodes below N are N+1 …
 * N+n_below.
 *
 *     struct tree *tree;
 *     if (!tree_read(db, "subject", &tree, err)) …
 *     uint32_t node = tree_find(tree, bytes_of("/usr/bin/python3"));
 */
#ifndef XSMALL_IMAGE_TREE_TREE_H
#define XSMALL_IMAGE_TREE_TREE_H

#include "db/db.h"
#include "util/arena.h"

/* Their names in the session: "interpreter", … */
extern const char *const need_names[];

enum node_kind {
    NODE_DIR,
    NODE_FILE,
    NODE_LINK,
    NODE_CHAR,
    NODE_BLOCK,
    NODE_FIFO,
    NODE_SOCKET,
    N_NODE_KINDS
};

/* "dir", "file", "link", …, by enum node_kind. */
extern const char *const node_kinds[];

enum { NODE_NONE = UINT32_MAX, NODE_ROOT = 0 };

struct need {
    enum need_kind {
        NEED_INTERPRETER, /* PT_INTERP */
        NEED_NEEDED,      /* DT_NEEDED */
        NEED_RUNPATH,
        NEED_RPATH,
        NEED_SONAME,
        NEED_SCRIPT,          /* the interpreter of a #! line */
        NEED_SCRIPT_ARG,      /* the rest of that line */
        NEED_MACHINE,         /* of an ELF file with a dynamic section: class, data, machine */
        NEED_VERSION_NEEDED,  /* a library's DT_SONAME, and the symbol versions needed of it */
        NEED_VERSION_DEFINED, /* the symbol versions that it has, blanks between */
        NEED_DIRECTORY,       /* of the loader's configuration (ld_so_conf.h) */
        NEED_INCLUDE,         /* likewise: a glob */
        N_NEED_KINDS
    } kind;
    struct bytes value;
};

struct node {
    struct bytes name;        /* last component; root: n 0. NUL-terminated behind n */
    struct bytes link;        /* symlink: target; else n 0. NUL-terminated behind n */
    const struct need *needs; /* n_needs of them, in the tree's arena */
    int64_t path_id;          /* of table path; 0 in a tree made by hand */
    int64_t size;             /* file: content length; 0 for all else */
    int64_t mtime_s;
    uint32_t mtime_ns;
    uint32_t parent;  /* root: NODE_NONE */
    uint32_t n_below; /* nodes below this one, all levels */
    uint32_t peer; /* hard link group: its first node in C order, on that one too; else NODE_NONE */
    uint32_t uid, gid;
    uint32_t device_major, device_minor;
    uint32_t ordinal; /* layer that wrote it, from 1; 0: no layer describes it */
    uint32_t package; /* number of its owner in table package; 0: none */
    uint16_t mode;    /* permission bits, setuid, setgid, sticky */
    uint16_t n_needs;
    uint8_t kind;       /* enum node_kind */
    uint8_t hash[16];   /* file: XXH3-128 of the content; zero for all else */
    uint8_t xattrs[16]; /* XXH3-128 of its extended attributes; zero: none */
};

struct tree {
    struct node *nodes; /* owned */
    uint32_t n;         /* at least 1: the root */
    int64_t image;      /* id in table image; 0 in a tree made by hand */
    struct arena arena;
    struct tree_index *index; /* (parent, name) → node; owned */
};

/* Reads the complete image of that role ("subject", "base"). *out is NULL, and true returned, where
 * there is none. *out is yours: tree_destroy. */
bool tree_read(struct db *db, const char *role, struct tree **out, struct err *err);
void tree_destroy(struct tree *tree); /* NULL is allowed */

/* For trees made by hand (tests, the kept tree): add nodes in any order by absolute path, missing
 * parents are made as directories 0755 0:0; then finish: sorts, numbers, indexes. attributes' name,
 * parent, n_below and peer are ignored; peer_path, n 0 for none, names a hard link's other name. */
struct tree_builder;
struct tree_builder *tree_builder_create(void);
void tree_builder_add(struct tree_builder *builder, struct bytes path,
                      const struct node *attributes, struct bytes peer_path);
struct tree *tree_builder_finish(struct tree_builder *builder); /* frees the builder */

/* The node at an absolute path taken literally (no link is followed), or NODE_NONE. */
uint32_t tree_find(const struct tree *tree, struct bytes path);
uint32_t tree_child(const struct tree *tree, uint32_t dir, struct bytes name); /* or NODE_NONE */
/* The absolute path of a node, appended. */
void tree_path(const struct tree *tree, uint32_t node, struct buf *out);
/* Children in order: first child, then the next one; NODE_NONE at the end. */
uint32_t tree_first(const struct tree *tree, uint32_t dir);
uint32_t tree_next(const struct tree *tree, uint32_t node);

/* What resolving a path met. The kernel's rules (path_resolution(7)) inside the image's root. */
struct tree_walk {
    uint32_t node;     /* where it ends, or NODE_NONE */
    int error;         /* 0, ENOENT, ENOTDIR, ELOOP */
    uint32_t hops[40]; /* the symlinks really traversed, in order */
    uint32_t n_hops;
};
enum tree_last { TREE_FOLLOW, TREE_NOFOLLOW /* a link at the end is meant itself */ };
/* Absolute links start at the image's root, ".." goes up physically and stops at the root; a
 * trailing slash demands a directory; 40 links at the most. Returns walk->node. */
uint32_t tree_resolve(const struct tree *tree, struct bytes path, enum tree_last last,
                      struct tree_walk *walk);

#endif
