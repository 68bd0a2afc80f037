/* SPDX-License-Identifier: MIT
 *
 * Reads the images of a source, in any format of image_format.h: the config of each image and the
 * location of its layers.
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
    char *diff_id;    /* owned; NULL for a rootfs: known only after reading the layer */
    char *digest;     /* owned; digest of the stored bytes; NULL: unknown */
    uint64_t size;    /* of the stored bytes, as the descriptor has it; 0: unknown */
    char *media_type; /* owned; NULL: unknown */
    char *url;        /* owned; location of a foreign layer, which images do not contain; NULL: not
                         a foreign layer */
    char *command; /* owned; created_by of the history; NULL: the history has no entry for the layer
                    */
    struct image_source_extent extent; /* owned; name.n is 0 for a rootfs */
};

/* A document whose digest is known: a nested index, a manifest, a config. */
struct manifest_document {
    char *member, *digest; /* owned */
};

struct manifest {
    const char *kind;  /* as in table image, column kind */
    char *identity;    /* owned; digest of the config; NULL for a rootfs, which uses the id of its
                          layer */
    char *name;        /* owned; name in FROM */
    struct buf config; /* the image config document */
    struct manifest_layer *layers; /* owned; lowest layer first; a rootfs has at least one */
    size_t n, cap;
    struct manifest_document *documents; /* owned */
    size_t n_documents, cap_documents;
};

/* Reads the image that matches choice. If several images or no image match, fails, and err lists
 * the images. db is used only to parse JSON. err names the source. */
bool manifest_read(struct manifest *manifest, struct db *db, const struct image_source *source,
                   struct image_choice choice, struct err *err);
/* Lists the images that match choice in the empty offers. */
bool manifest_offers(struct image_offers *offers, struct db *db, const struct image_source *source,
                     struct image_choice choice, struct err *err);
void manifest_finish(struct manifest *manifest);
#define MANIFEST_AUTO __attribute__((cleanup(manifest_finish)))

#endif
