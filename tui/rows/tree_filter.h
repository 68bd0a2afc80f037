/* SPDX-License-Identifier: MIT
 *
 * The tree filter: selects paths of a tree. It is a list of terms; a path matches if all terms
 * match.
 *
 *     size>1M  size<=4096       size of a file in bytes; k M G T: powers of 1000; Ki Mi Gi Ti: of
 * 1024 type:f  type:lp           one of these types, with the letters of find: f d l c b p s
 *     mode:644 mode:-4000 mode:/6000   as find -perm: exactly, all bits, any bit
 *     owner:0  owner:1000:100   user number, or user and group number
 *     layer:3  layer>2          layer that wrote the path
 *     is:kept  is:needed is:used is:base is:marked
 *     from:mark from:trace from:need from:config   origin of the reason to keep it
 *     package:libc*             package that installed the path; package:*: any package
 *     *.so.?  /usr/lib/lib*     the name matches; with a slash, the path (find -name, -path)
 *     doc  /lib/                the path contains this text
 *
 * A term after "!" must not match: "!type:d".
 *
 *     struct tree_filter filter;
 *     if (!tree_filter_parse(bytes_of("size>1M !/usr/lib/"), &filter, err)) …
 *     tree_filter_passes(&filter, tree, node, keep, packages);
 *     tree_filter_finish(&filter);
 */
#ifndef XSMALL_TUI_ROWS_TREE_FILTER_H
#define XSMALL_TUI_ROWS_TREE_FILTER_H

#include "keep/keep.h"
#include "report/packages.h"

struct tree_filter {
    struct buf text; /* the filter as typed */
    struct tree_filter_word {
        enum tree_filter_key {
            FILTER_SIZE,
            FILTER_TYPE,
            FILTER_MODE,
            FILTER_OWNER,
            FILTER_LAYER,
            FILTER_IS,
            FILTER_FROM,
            FILTER_PACKAGE,
            FILTER_GLOB,
            FILTER_TEXT
        } key;
        bool inverted;
        char sign;            /* '=', '<' or '>'; for MODE '=', '-' or '/' */
        bool or_equal;        /* the sign is <= or >= */
        int64_t number, more; /* more: group of OWNER; -1: any group */
        struct bytes value;   /* a part of text */
    } * words;                /* owned */
    size_t n;
    bool uses_packages; /* a term has the key "package" */
};

/* Parses a filter. A text without terms sets n to 0. On error *out needs no tree_filter_finish. */
bool tree_filter_parse(struct bytes text, struct tree_filter *out, struct err *err);
/* Returns whether a node matches. If keep is NULL, no node is kept, needed, used, marked or in the
 * base. packages are the packages of the tree; if they are not read, no node belongs to a package.
 */
bool tree_filter_passes(const struct tree_filter *filter, const struct tree *tree, uint32_t node,
                        const struct keep *keep, const struct packages *packages);
void tree_filter_finish(struct tree_filter *filter);

/* A form of a filter term with its help, for the reference. */
struct tree_filter_help {
    const char *form, *help;
};
/* Returns the i-th form, from 0, in *out. Returns false if there is no such form. */
bool tree_filter_help_at(size_t i, struct tree_filter_help *out);

#endif
