/* SPDX-License-Identifier: MIT
 *
 * Images into the session: docker-archive, OCI layout directory and tar, rootfs tar and directory,
 * and what engines and registries hand over.
 *
 * Layers are decoded on worker threads; the calling thread is the one that writes. All rows belong
 * to the given load (db/loading.h); nothing is visible before loading_finish.
 */
#ifndef XSMALL_IMAGE_IMAGE_H
#define XSMALL_IMAGE_IMAGE_H

#include "db/db.h"
#include "image/format/image_choice.h"
#include "util/lookup.h"
#include "util/progress.h"

/* What an operand on the command line is, told by content (semantics.md, Operands). */
enum operand {
    OPERAND_IMAGE,
    OPERAND_LOGS_DIR,
    OPERAND_FILE /* not an image: a log, or nothing known */
};
bool image_operand(const char *path, enum operand *out, struct err *err);

/* The name of the image at ref, as it is used for FROM (semantics.md, Image names), appended to
 * out. Reads only the index and the manifest. */
bool image_default_name(const char *ref, struct image_choice choice, struct buf *out,
                        struct err *err);
/* Reads standard input to its end, into the new file `spool` or (NULL) a temporary one. ref becomes
 * what stands for "-" from here on, for as long as this program runs. */
bool image_read_stdin(const char *spool, struct buf *ref, struct err *err);

/* Lists the images of a source that a choice leaves. n 0: the source is a root file system. */
bool image_offers_read(const char *ref, struct image_choice choice, struct image_offers *out,
                       struct err *err);

struct image_request {
    const char *ref;  /* path of a file or directory, docker:NAME, podman:NAME, registry:NAME, or
                         what image_read_stdin gave */
    const char *role; /* "subject", "base" */
    struct image_choice choice;
    bool verify;  /* hash all that has a digest, and refuse what differs */
    bool replace; /* another image of the role may be there: it is replaced */
    int64_t load; /* from loading_begin */
};

/* Loads it, unless the session has it already (*was_there). Refuses another image than the one
 * there unless replace, naming both (a base is always replaced). On error the caller abandons the
 * load. */
bool image_load(struct db *db, const struct image_request *request, struct progress *progress,
                bool *was_there, struct err *err);

/* An image in the session. Strings are owned: image_info_finish. */
struct image_info {
    int64_t id;
    char *ref, *source, *name, *config; /* config: the image config document, JSON */
};
/* Reads the complete image of a role. out is overwritten; it is all zero unless FOUND. */
enum lookup image_info_read(struct db *db, const char *role, struct image_info *out,
                            struct err *err);
void image_info_finish(struct image_info *info);

#endif
