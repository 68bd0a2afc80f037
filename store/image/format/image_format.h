/* SPDX-License-Identifier: MIT
 *
 * The on-disk formats of images. Each format is one row of a table. The row is in the file that
 * reads the format; image_formats.c lists all rows. To add a format, write one file with a row and
 * add the row to IMAGE_FORMATS.
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
    LAYERS_MAX = 1000, /* layers of an image; no engine mounts so many */
    IMAGES_MAX = 1000  /* all entries in a source's list, also non-images */
};

/* An image of a source that was found but is not read yet. */
struct candidate {
    struct buf name;      /* name in FROM; n is 0 if FROM accepts none of the names */
    struct buf label;     /* for a list: the image's original names, or its digest */
    struct buf config;    /* member name of the config; n is 0 if the format has no configs */
    struct buf digest;    /* digest of the config; n is 0 if it must be computed */
    struct buf manifest;  /* format-specific: JSON of the image, or id of the topmost layer */
    struct buf documents; /* OCI: digests of the blobs above the image, one per line */
    struct buf platform;  /* OS/ARCHITECTURE[/VARIANT]; empty if unknown */
};

struct candidates {
    struct candidate *list; /* owned */
    size_t n, cap;
};

struct image_format {
    const char *name;     /* as in table image, column kind */
    const char *dir_name; /* column kind for a source that is a directory; NULL: name */
    const char *what;     /* for help texts: the program that writes this format */
    const char *sign;     /* the member whose presence shows that a directory or an archive holds an
                             image of this format; NULL: no single member shows it */
    const char *archive_sign; /* another such member, only of archives; NULL: no other member */
    /* Returns true if a directory holds an image of a format without a sign. NULL: such a directory
     * is not detected. */
    bool (*is_dir)(int dir_fd);
    /* Lists the images of the source into the empty out. FOUND without a candidate means that the
     * source as a whole is one image; ABSENT means that the source has another format. db is used
     * only to parse JSON. */
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
    X(skopeo_dir_format)                                                                           \
    X(docker_legacy_format)                                                                        \
    X(rootfs_format)

#define IMAGE_FORMAT_DECLARE(format) extern const struct image_format format;
IMAGE_FORMATS(IMAGE_FORMAT_DECLARE)
#undef IMAGE_FORMAT_DECLARE

extern const struct image_format *const image_formats[]; /* NULL at the end */

/* Returns what a member with this canonical name shows about its archive. */
enum source_sign image_format_sign(struct bytes member);
/* Returns true if the signs show that a directory holds an image. */
bool image_format_is_dir(int dir_fd);

/* Sets err: the list has more than IMAGES_MAX entries. Returns false. */
bool candidates_refuse(struct err *err);
/* Appends a new candidate to the list and returns it. */
struct candidate *candidates_add(struct candidates *candidates);

/* Adds a document whose digest is known. Both strings are copied. */
void manifest_add_document(struct manifest *manifest, struct bytes member, struct bytes digest);
/* Adds a layer that is stored in a member. Only the name of its extent is set. */
struct manifest_layer *manifest_add_layer(struct manifest *manifest, struct bytes member);
/* Returns true if the value at path is a list; also if it is null or absent, because an image
 * without layers can omit its lists. */
bool manifest_is_list(struct db *db, struct bytes json, const char *path);
/* Reads the media type and the URL of a layer from its OCI descriptor. */
void manifest_describe_layer(struct manifest_layer *layer, struct db *db, struct bytes descriptor);
/* Sets err: the list of layers of this candidate cannot be read to its end. Returns false. */
bool manifest_refuse_layers(const struct manifest *manifest, const struct candidate *candidate,
                            struct err *err);
/* Reads the config of the candidate: sets the identity, and diff_id and command of each layer. */
bool manifest_read_config(struct manifest *manifest, struct db *db,
                          const struct image_source *source, const struct candidate *candidate,
                          struct err *err);
/* Finds the bytes of each layer in the source. Each layer has a member and a diff_id. Refuses
 * encrypted layers. */
bool manifest_find_layers(struct manifest *manifest, const struct image_source *source,
                          struct err *err);

/* Returns true if FROM accepts text as a name: [HOST/]PATH[:TAG] in the characters of references,
 * without a digest (distribution/reference, grammar). */
bool reference_is_name(struct bytes text);
/* Makes a name from the base name of a file (share/doc/semantics.md, Image names); out is
 * overwritten. */
void reference_from_file(struct bytes path, struct buf *out);

#endif
