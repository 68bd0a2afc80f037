/* SPDX-License-Identifier: MIT
 *
 * Which paths of a tree are looked at: words, all of which must hold.
 *
 *     size>1M  size<=4096       contents; k M G are 1000s, Ki Mi Gi 1024s
 *     type:f  type:lp           find's letters: f d l c b p s
 *     mode:644 mode:-4000 mode:/6000   find's -perm: exactly, all of these bits, any of them
 *     owner:0  owner:1000:100   user, or user and group, as numbers
 *     layer:3  layer>2          the layer that wrote it
 *     is:kept  is:needed is:used is:base is:marked
 *     from:mark from:trace from:need from:config   what it is needed for
 *     package:libc*             the package that installed it; package:* is any
 *     *.so.?  /usr/lib/lib*    the name, or with a slash the path, as find's -name and -path
 *     doc  /lib/                anywhere in the path
 *
 * A ! in front turns a word round.
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
    struct buf text; /* as typed */
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
        char sign;            /* '=', '<', '>', or of MODE '=', '-', '/' */
        bool or_equal;        /* <=, >= */
        int64_t number, more; /* more: of OWNER the group, -1: any */
        struct bytes value;   /* in text */
    } * words;                /* owned */
    size_t n;
    bool asks_packages; /* a word is about them */
};

/* n 0 where text has no words. On error nothing is to be finished. */
bool tree_filter_parse(struct bytes text, struct tree_filter *out, struct err *err);
/* keep NULL: nothing is kept, needed, used, marked or in the base. packages are the tree's; where
 * there are none, nothing is of one. */
bool tree_filter_passes(const struct tree_filter *filter, const struct tree *tree, uint32_t node,
                        const struct keep *keep, const struct packages *packages);
void tree_filter_finish(struct tree_filter *filter);

/* The forms of words, for the reference. */
struct tree_filter_help {
    const char *form, *help;
};
/* Reads the form number i, from 0. Returns false after the last one. */
bool tree_filter_help_at(size_t i, struct tree_filter_help *out);

#endif
