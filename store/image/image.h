/* SPDX-License-Identifier: MIT
 *
 * Loads images into the session: docker-archive, OCI layout (directory or tar), rootfs (directory
 * or tar), and images that engines and registries deliver.
 *
 * Layers are decoded on worker threads; only the calling thread writes to the session. All rows
 * belong to the given load (db/loading.h); nothing is visible before loading_finish.
 */
#ifndef XSMALL_IMAGE_IMAGE_H
#define XSMALL_IMAGE_IMAGE_H

#include "db/db.h"
#include "image/format/image_choice.h"
#include "util/lookup.h"
#include "util/progress.h"

/* The kind of an operand on the command line, detected by content (semantics.md, Operands). */
enum operand {
    OPERAND_IMAGE,
    OPERAND_LOGS_DIR,
    OPERAND_FILE /* not an image: a log, or an unknown file */
};
bool image_operand(const char *path, enum operand *out, struct err *err);

/* Appends to out the name that FROM uses for the image at ref (semantics.md, Image names). Reads
 * only the index and the manifest. */
bool image_default_name(const char *ref, struct image_choice choice, struct buf *out,
                        struct err *err);
/* Reads standard input to its end, into the new file `spool`, or into a temporary file if spool is
 * NULL. Stores in ref the reference that replaces "-"; it is valid until the program ends. */
bool image_read_stdin(const char *spool, struct buf *ref, struct err *err);

/* Lists the images of a source that match a choice. n is 0 if the source is a root file system. */
bool image_offers_read(const char *ref, struct image_choice choice, struct image_offers *out,
                       struct err *err);

struct image_request {
    const char *ref; /* path of a file or directory, docker:NAME, podman:NAME, registry:NAME, or the
                        reference from image_read_stdin */
    const char *role; /* "subject", "base" */
    struct image_choice choice;
    bool verify;  /* check all digests; fail if one differs */
    bool replace; /* replace another image of the same role */
    int64_t load; /* from loading_begin */
};

/* Loads the image. If the session already has it, sets *was_there and loads nothing. If the session
 * has another image of the role, fails with an error that names both, unless `replace` is set; a
 * base image is always replaced. On error the caller must abort the load. */
bool image_load(struct db *db, const struct image_request *request, struct progress *progress,
                bool *was_there, struct err *err);

/* An image in the session. Strings are owned: free with image_info_finish. */
struct image_info {
    int64_t id;
    char *ref, *source, *name, *config; /* config: the image config document, JSON */
};
/* Reads the completely loaded image of a role. Overwrites out, which is all zero unless FOUND is
 * returned. */
enum lookup image_info_read(struct db *db, const char *role, struct image_info *out,
                            struct err *err);
void image_info_finish(struct image_info *info);

#endif
