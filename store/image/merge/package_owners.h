/* SPDX-License-Identifier: MIT
 *
 * Which package owns which path of a merged tree, by the package managers' files that the tree
 * shows: of a database that a higher layer has anew, or that is deleted, only what is seen counts.
 *
 * The paths in them are taken as the package manager's unpacking took them: through the symlinks
 * of directories (/bin/ls lies in /usr/bin), past dpkg's diversions. A file that several packages
 * name is dpkg's or apk's before it is Python's; a directory that several name is nobody's.
 *
 *     uint32_t *owner;
 *     if (!package_owners_find(&request, &owner, err)) …
 *     owner[path]: package.number, 0: none
 */
#ifndef XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_H
#define XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_H

#include "image/layer/path_ids.h"

/* A path of the merged tree. */
struct package_owners_node {
    int64_t layer, path; /* of the entry that it has its content from; layer 0: none */
    bool is_dir;
};

struct package_owners_request {
    struct db *db;
    struct path_ids *paths;
    int64_t image, load;
    const int64_t *layers; /* n_layers, of the image */
    size_t n_layers;
    /* False: the tree has no such path. path is below paths->n as it was when the request began. */
    bool (*node)(const void *with, int64_t path, struct package_owners_node *out);
    const void *with;
};

/* Writes the rows of table package. *owner, yours, is by path id, as many as paths->n at the time;
 * NULL where the image has no packages. Inside a transaction. */
bool package_owners_find(const struct package_owners_request *request, uint32_t **owner,
                         struct err *err);

#endif
