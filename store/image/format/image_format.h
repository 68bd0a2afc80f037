/* SPDX-License-Identifier: MIT
 *
 * The on-disk formats of images, one row of a table each. A row stands in the file that reads the
 * format; image_formats.c collects the rows, and everything else works on the list. To add a
 * format: write one file with a row, and add the row to the list.
 *
 * Not here: where the bytes come from (source/image_source.h); how an image is chosen (manifest.h).
 *
 *     const struct image_format example_format = {
 *         .name = "example",
 *         .what = "what `example save` writes",
 *         .sign = "example.json",
 *         .list = list_example,     // LOOKUP_FOUND and one candidate for each image in the source
 *         .read = read_example,     // the layers and the config of the chosen candidate
 *     };
 */
#ifndef XSMALL_IMAGE_FORMAT_IMAGE_FORMAT_H
#define XSMALL_IMAGE_FORMAT_IMAGE_FORMAT_H

#include "image/format/manifest.h"
#include "util/lookup.h"

enum {
    LAYERS_MAX = 1000, /* of an image; no engine mounts as many */
    IMAGES_MAX = 1000 /* entries in a source's list of images, those that are not images included */
};

/* One image of a source, found but not read. */
struct candidate {
    struct buf name;      /* its name in FROM; n 0: no name that FROM accepts */
    struct buf label;     /* for a list: its names as they are, or its digest */
    struct buf config;    /* the config's member; n 0: the format has no configs */
    struct buf digest;    /* the config's digest; n 0: to be computed */
    struct buf manifest;  /* the format's own: JSON of the image, or the id of the topmost layer */
    struct buf documents; /* OCI: digests of the blobs that led to it, a line each */
    struct buf platform;  /* OS/ARCHITECTURE[/VARIANT]; n 0: not known */
};

struct candidates {
    struct candidate *list; /* owned */
    size_t n, cap;
};

struct image_format {
    const char *name;     /* as in table image, column kind */
    const char *dir_name; /* the same for a source that is a directory; NULL: name */
    const char *what;     /* for people: what writes this format */
    const char *sign;     /* the member by which a directory or an archive is known to hold an image
                             of this format; NULL: no single member shows it */
    /* The same for a directory of a format without a sign. NULL: such a directory is not detected.
     */
    bool (*is_dir)(int dir_fd);
    /* Lists the images of the source into the empty out. FOUND without a candidate: the source as a
     * whole is one image. ABSENT: the source has another format. db is used for JSON only. */
    enum lookup (*list)(struct db *db, const struct image_source *source, struct candidates *out,
                        struct err *err);
    /* Reads the chosen image into manifest, whose kind and name are set: layers, config, identity.
     * candidate is NULL if the source as a whole is the image. */
    bool (*read)(struct db *db, const struct image_source *source,
                 const struct candidate *candidate, struct manifest *manifest, struct err *err);
};

/* All formats, in the order in which they are tried: archives of docker 25 and later have both
 * manifest.json and an OCI layout, and their index.json may be empty or name only a part
 * (moby#47065, #47210); any archive is a root file system if it is nothing else. */
#define IMAGE_FORMATS(X)                                                                           \
    X(docker_archive_format)                                                                       \
    X(oci_layout_format)                                                                           \
    X(docker_legacy_format)                                                                        \
    X(rootfs_format)

#define IMAGE_FORMAT_DECLARE(format) extern const struct image_format format;
IMAGE_FORMATS(IMAGE_FORMAT_DECLARE)
#undef IMAGE_FORMAT_DECLARE

extern const struct image_format *const image_formats[]; /* NULL at the end */

/* Whether a member of this canonical name shows that its archive holds an image. */
bool image_format_is_sign(struct bytes member);
/* Whether a directory holds an image, by its signs. */
bool image_format_is_dir(int dir_fd);

/* An error: the list has more than IMAGES_MAX entries. Returns false. */
bool candidates_refuse(struct err *err);
/* A new candidate at the end of the list. */
struct candidate *candidates_add(struct candidates *candidates);

/* Adds a document whose digest is known. Both are copied. */
void manifest_add_document(struct manifest *manifest, struct bytes member, struct bytes digest);
/* Adds a layer at a member; of its extent only the name is set. */
struct manifest_layer *manifest_add_layer(struct manifest *manifest, struct bytes member);
/* An error: the list of layers of this candidate cannot be read to its end. Returns false. */
bool manifest_refuse_layers(const struct manifest *manifest, const struct candidate *candidate,
                            struct err *err);
/* Reads the config of the candidate: sets the identity, and diff_id and command of each layer. */
bool manifest_read_config(struct manifest *manifest, struct db *db,
                          const struct image_source *source, const struct candidate *candidate,
                          struct err *err);
/* Finds the bytes of each layer in the source. Each layer has a member and a diff_id. */
bool manifest_find_layers(struct manifest *manifest, const struct image_source *source,
                          struct err *err);

/* Whether FROM accepts text as a name: [HOST/]PATH[:TAG] in the characters of references, without a
 * digest (distribution/reference, grammar). */
bool reference_is_name(struct bytes text);
/* Makes a name from the base name of a file (share/doc/semantics.md, Image names); out is
 * overwritten. */
void reference_from_file(struct bytes path, struct buf *out);

#endif
