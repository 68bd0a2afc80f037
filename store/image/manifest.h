/* SPDX-License-Identifier: MIT
 *
 * The images that a source holds, each with its config and where its layers are: docker's
 * manifest.json, an OCI index, or a bare root file system.
 *
 *     MANIFEST_AUTO struct manifest manifest = {0};
 *     if (!manifest_read(&manifest, db, &source, choice, err)) return false;
 *     for (size_t i = 0; i < manifest.n; i++) use(&manifest.layers[i]);
 */
#ifndef XSMALL_IMAGE_MANIFEST_H
#define XSMALL_IMAGE_MANIFEST_H

#include "db/db.h"
#include "image/source.h"

struct manifest_layer {
    char *diff_id;               /* owned; NULL: a rootfs, known only when it is read */
    char *command;               /* owned; history's created_by; NULL: the history does not reach */
    struct source_extent extent; /* owned; name n 0 for a rootfs */
};

struct manifest {
    const char *kind;              /* as in table image */
    char *identity;                /* owned; the config's digest; NULL: a rootfs, its layer's id */
    char *name;                    /* owned; for FROM */
    struct buf config;             /* the image config document */
    struct manifest_layer *layers; /* owned; lowest first; at least one for a rootfs */
    size_t n, cap;
};

/* Reads the image that choice names (from 1; 0: the only one). Where there are several, or not as
 * many, err lists them. db is used for JSON only. err names the source. */
bool manifest_read(struct manifest *manifest, struct db *db, const struct source *source,
                   int choice, struct err *err);
void manifest_finish(struct manifest *manifest);
#define MANIFEST_AUTO __attribute__((cleanup(manifest_finish)))

/* Whether a directory says that it holds an image: it has oci-layout or manifest.json. */
bool manifest_is_in(const struct source *source);

#endif
