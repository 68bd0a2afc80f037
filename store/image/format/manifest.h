/* SPDX-License-Identifier: MIT
 *
 * The images that a source holds, in any of the formats of image_format.h, each with its config and
 * where its layers are.
 *
 *     MANIFEST_AUTO struct manifest manifest = {0};
 *     if (!manifest_read(&manifest, db, &source, choice, err)) return false;
 *     for (size_t i = 0; i < manifest.n; i++) use(&manifest.layers[i]);
 */
#ifndef XSMALL_IMAGE_FORMAT_MANIFEST_H
#define XSMALL_IMAGE_FORMAT_MANIFEST_H

#include "db/db.h"
#include "image/format/image_choice.h"
#include "image/source/image_source.h"

struct manifest_layer {
    char *diff_id; /* owned; NULL: a rootfs, known only when it is read */
    char *digest;  /* owned; of the bytes as they are stored; NULL: nobody says it */
    char *command; /* owned; history's created_by; NULL: the history does not reach */
    struct image_source_extent extent; /* owned; name n 0 for a rootfs */
};

/* A document whose digest is known: a nested index, a manifest, a config. */
struct manifest_document {
    char *member, *digest; /* owned */
};

struct manifest {
    const char *kind;              /* as in table image */
    char *identity;                /* owned; the config's digest; NULL: a rootfs, its layer's id */
    char *name;                    /* owned; for FROM */
    struct buf config;             /* the image config document */
    struct manifest_layer *layers; /* owned; lowest first; at least one for a rootfs */
    size_t n, cap;
    struct manifest_document *documents; /* owned */
    size_t n_documents, cap_documents;
};

/* Reads the image that choice names. Where there are several, or none such, err lists them. db is
 * used for JSON only. err names the source. */
bool manifest_read(struct manifest *manifest, struct db *db, const struct image_source *source,
                   struct image_choice choice, struct err *err);
/* The images that fit choice, into the empty offers. */
bool manifest_offers(struct image_offers *offers, struct db *db, const struct image_source *source,
                     struct image_choice choice, struct err *err);
void manifest_finish(struct manifest *manifest);
#define MANIFEST_AUTO __attribute__((cleanup(manifest_finish)))

#endif
