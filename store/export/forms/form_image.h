/* SPDX-License-Identifier: MIT
 *
 * Form `image`: an archive of the slim image that engines load, made without a builder.
 *
 *     struct image_request request = {.style = IMAGE_DOCKER, .name = bytes_of("localhost/app:1")};
 *     export_image(db, &moved, &request, progress, fd, &warnings, err);
 */
#ifndef XSMALL_EXPORT_FORMS_FORM_IMAGE_H
#define XSMALL_EXPORT_FORMS_FORM_IMAGE_H

#include "export/mapped_tree.h"
#include "util/progress.h"

enum image_style {
    IMAGE_DOCKER, /* docker-archive (`docker save`): manifest.json */
    IMAGE_OCI     /* OCI image layout in a tar: index.json */
};

struct image_archive {
    enum image_style style;
    bool squash_only;          /* all that the subject has, in one layer */
    bool no_squash;            /* the base's own layers, and one over them; else one of all */
    struct bytes subject_name; /* the slim image is called so, with -slim; n 0: localhost/slim */
    struct bytes base_config;  /* for its history; n 0: none */
};

/* "docker", "oci". */
bool image_style_from(const char *name, enum image_style *out);
/* The reference that the archive gives to the image: NAME:TAG-slim. */
void image_name(struct bytes subject_name, struct buf *out);

/* Writes the archive to fd. The same session gives the same bytes. Layers are tars, not compressed;
 * the config is the subject's with layers and history of its own. warnings: lines about what of
 * the config the style cannot carry. */
bool export_image(struct db *db, const struct mapped_tree *moved,
                  const struct image_archive *archive, struct progress *progress, int fd,
                  struct buf *warnings, struct err *err);

#endif
