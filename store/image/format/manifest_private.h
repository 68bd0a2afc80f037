/* SPDX-License-Identifier: MIT
 *
 * What the readers of the two kinds of manifests share with manifest.c; nobody else includes it.
 */
#ifndef XSMALL_IMAGE_FORMAT_MANIFEST_PRIVATE_H
#define XSMALL_IMAGE_FORMAT_MANIFEST_PRIVATE_H

#include "image/format/manifest.h"

enum {
    LAYERS_MAX = 1000, /* of an image; no engine mounts as many */
    IMAGES_MAX = 1000  /* entries of a source's lists of images, what is none of them included */
};

/* One image of a source, found but not read. */
struct candidate {
    struct buf name;      /* the name that it goes by; n 0: none that can be used for FROM */
    struct buf label;     /* for a list: its names as they are, or its digest */
    struct buf config;    /* the config's member */
    struct buf digest;    /* the config's digest; n 0: to be computed */
    struct buf manifest;  /* JSON: the element of manifest.json, or the OCI manifest; of docker
                             before 1.10 the id of the topmost layer */
    struct buf documents; /* digests of the OCI blobs that led to it, a line each */
    struct buf platform;  /* OS/ARCHITECTURE[/VARIANT]; n 0: not known */
};

struct candidates {
    struct candidate *list; /* owned */
    size_t n, cap;
};

/* An error: the list has more than IMAGES_MAX entries. Returns false. */
bool candidates_refuse(struct err *err);
/* A fresh candidate at the end of the list. */
struct candidate *candidates_add(struct candidates *candidates);

/* docker-archive: the images of manifest.json. *valid false: it is none of docker's. */
bool docker_images(struct db *db, const struct image_source *source, struct candidates *out,
                   bool *valid, struct err *err);
/* The members of its layers, in order. */
bool docker_layers(struct db *db, const struct candidate *candidate, struct manifest *out);

/* docker save before 1.10: the images that the member `repositories` names; no config, no diff_ids.
 */
bool legacy_images(struct db *db, const struct image_source *source, struct candidates *out,
                   bool *valid, struct err *err);
/* Its layers, hashed, and a config made of what is told of them. */
bool legacy_read(struct db *db, const struct image_source *source,
                 const struct candidate *candidate, struct manifest *out, struct err *err);

/* OCI layout: the images of index.json, nested indexes followed, what is no image left out.
 * *valid false: it is no OCI layout. */
bool oci_images(struct db *db, const struct image_source *source, struct candidates *out,
                bool *valid, struct err *err);
bool oci_layers(struct db *db, const struct candidate *candidate, struct manifest *out);

/* "ALGORITHM:HEX" to "blobs/ALGORITHM/HEX", the member of an OCI layout; false for anything that is
 * not of that shape. */
bool oci_blob_path(struct bytes digest, struct buf *out);

/* A document whose digest is known. Both are copied. */
void manifest_add_document(struct manifest *manifest, struct bytes member, struct bytes digest);
/* A further layer of manifest at a member; its extent's name only. */
struct manifest_layer *manifest_add_layer(struct manifest *manifest, struct bytes member);

/* Whether text can be written behind FROM: [HOST/]PATH[:TAG] in the characters of references, and
 * no digest (distribution/reference, grammar). */
bool reference_is_name(struct bytes text);
/* The base name of a file as a name (semantics.md, Image names), into out. */
void reference_from_file(struct bytes path, struct buf *out);
/* The config's digest by its bytes, "sha256:…". */
bool reference_digest(struct bytes bytes, struct buf *out, struct err *err);

#endif
