/* SPDX-License-Identifier: MIT
 *
 * The merged tree of an image as the container sees it, and path resolution inside the tree. The
 * tree is in memory and immutable after it was read, so threads share it without locks.
 *
 * Nodes are numbered in C order of their paths by component (a directory before its children,
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

/* The names of enum need_kind in the session: "interpreter", … */
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
        NEED_MACHINE,         /* ELF file with a dynamic section: class, data, machine */
        NEED_VERSION_NEEDED,  /* a library's DT_SONAME, and the symbol versions required from it */
        NEED_VERSION_DEFINED, /* the symbol versions that the file defines, separated by blanks */
        NEED_DIRECTORY,       /* a search directory of the loader's configuration (ld_so_conf.h) */
        NEED_INCLUDE,         /* a glob of an include line of the loader's configuration */
        N_NEED_KINDS
    } kind;
    struct bytes value;
};

struct node {
    struct bytes name;        /* last component; n is 0 for the root. A NUL follows */
    struct bytes link;        /* target of a symlink; else n is 0. A NUL follows */
    const struct need *needs; /* n_needs of them, in the tree's arena */
    int64_t path_id;          /* id in table path; 0 in a tree built with tree_builder */
    int64_t size;             /* content length of a file; 0 for other kinds */
    int64_t mtime_s;
    uint32_t mtime_ns;
    uint32_t parent;  /* root: NODE_NONE */
    uint32_t n_below; /* number of nodes below this node, at all levels */
    uint32_t peer;    /* first node of the hard link group, in C order; the first node refers to
                         itself; NODE_NONE: not in a group */
    uint32_t uid, gid;
    uint32_t device_major, device_minor;
    uint32_t ordinal; /* layer that wrote the node, from 1; 0: no layer has an entry for it */
    uint32_t package; /* number of the owning package in table package; 0: no package owns it */
    uint16_t mode;    /* permission bits, setuid, setgid, sticky */
    uint16_t n_needs;
    uint8_t kind;       /* enum node_kind */
    uint8_t hash[16];   /* XXH3-128 of a file's content; zero for other kinds */
    uint8_t xattrs[16]; /* XXH3-128 of the extended attributes; zero: no attributes */
};

struct tree {
    struct node *nodes; /* owned */
    uint32_t n;         /* at least 1: the root */
    int64_t image;      /* id in table image; 0 in a tree built with tree_builder */
    struct arena arena;
    struct tree_index *index; /* (parent, name) → node; owned */
};

/* Reads the tree of the completely loaded image of a role ("subject", "base"). If there is no such
 * image, sets *out to NULL and returns true. The caller owns *out: tree_destroy. */
bool tree_read(struct db *db, const char *role, struct tree **out, struct err *err);
void tree_destroy(struct tree *tree); /* NULL is allowed */

/* Builds a tree without the session (tests, the kept tree). Add nodes in any order by absolute
 * path; missing parents become directories with mode 0755 and owner 0:0. tree_builder_finish then
 * sorts, numbers and indexes the nodes. The name, parent, n_below and peer of attributes are
 * ignored. peer_path is another name of the same hard link group; its n is 0 if there is no other
 * name. */
struct tree_builder;
struct tree_builder *tree_builder_create(void);
void tree_builder_add(struct tree_builder *builder, struct bytes path,
                      const struct node *attributes, struct bytes peer_path);
struct tree *tree_builder_finish(struct tree_builder *builder); /* frees the builder */

/* Returns the node at an absolute path, or NODE_NONE. No symlink is followed. */
uint32_t tree_find(const struct tree *tree, struct bytes path);
uint32_t tree_child(const struct tree *tree, uint32_t dir, struct bytes name); /* or NODE_NONE */
/* Appends the absolute path of a node to out. */
void tree_path(const struct tree *tree, uint32_t node, struct buf *out);
/* Return the first child of a directory, and the next sibling of a node, in C order of names;
 * NODE_NONE at the end. */
uint32_t tree_first(const struct tree *tree, uint32_t dir);
uint32_t tree_next(const struct tree *tree, uint32_t node);

enum { TREE_LEFT_MAX = 40 };
/* The result of resolving a path by the kernel's rules (path_resolution(7)) inside the image's
 * root. */
struct tree_walk {
    uint32_t node;     /* the resolved node, or NODE_NONE */
    int error;         /* 0, ENOENT, ENOTDIR, ELOOP */
    uint32_t hops[40]; /* the symlinks that were followed, in order */
    uint32_t n_hops;
    uint32_t left[TREE_LEFT_MAX]; /* the directories that a ".." left: the walk needs them; those
                                     beyond the limit are not stored */
    uint32_t n_left;
};
enum tree_last { TREE_FOLLOW, TREE_NOFOLLOW /* a symlink at the end is not followed */ };
/* Resolves a path and returns walk->node. Absolute symlinks start at the image's root. ".." goes to
 * the physical parent and stops at the root. A trailing slash requires a directory. At most 40
 * symlinks are followed. */
uint32_t tree_resolve(const struct tree *tree, struct bytes path, enum tree_last last,
                      struct tree_walk *walk);
/* The same for a route, in which "//" and "/./" are signs: after "//", the directory so far is the
 * root; after "/./", the image's root is the root again (share/schema.sql, asked). */
uint32_t tree_resolve_route(const struct tree *tree, struct bytes route, enum tree_last last,
                            struct tree_walk *walk);

#endif
