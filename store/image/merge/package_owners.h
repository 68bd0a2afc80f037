/* SPDX-License-Identifier: MIT
 *
 * Finds the package that owns each path of a merged tree, from the package managers' files in the
 * tree. Only the version of a database that the tree shows is read; versions that higher layers
 * replaced or deleted are ignored.
 *
 * The paths in these files are resolved as the package manager resolves them when it unpacks:
 * symlinks of directories are followed (/bin/ls is in /usr/bin), and dpkg's diversions apply. If
 * several packages list a file, a dpkg or apk package has precedence over a Python package. If
 * several packages list a directory, no package owns it.
 *
 *     uint32_t *owner;
 *     if (!package_owners_find(&request, &owner, err)) …
 *     owner[path] is package.number; 0: no package
 */
#ifndef XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_H
#define XSMALL_IMAGE_MERGE_PACKAGE_OWNERS_H

#include "image/layer/path_ids.h"

/* A path of the merged tree. */
struct package_owners_node {
    int64_t layer, path; /* layer and path of the entry that has the content; layer 0: no entry */
    bool is_dir;
};

struct package_owners_request {
    struct db *db;
    struct path_ids *paths;
    int64_t image, load;
    const int64_t *layers; /* n_layers ids, the layers of the image */
    size_t n_layers;
    /* Finds a path of the tree; returns false if the tree does not have it. path is less than the
     * value of paths->n at the start of package_owners_find. */
    bool (*node)(const void *with, int64_t path, struct package_owners_node *out);
    const void *with;
};

/* Writes the rows of table package. *owner is indexed by path id and has as many values as paths->n
 * at the start of the call; NULL if the image has no packages. The caller frees it. The caller must
 * have a transaction open. */
bool package_owners_find(const struct package_owners_request *request, uint32_t **owner,
                         struct err *err);

#endif
