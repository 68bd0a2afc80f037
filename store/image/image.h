/* SPDX-License-Identifier: MIT
 *
 * Images into the session: docker-archive, OCI layout directory and tar, rootfs tar and directory.
 *
 * Layers are decoded on worker threads; the calling thread is the one that writes. All rows belong
 * to the given load (db/loading.h); nothing is visible before loading_finish.
 */
#ifndef XSMALL_IMAGE_IMAGE_H
#define XSMALL_IMAGE_IMAGE_H

#include "db/db.h"
#include "util/progress.h"

/* What a path on the command line is, told by content (CONTRACT, Operands). */
enum operand {
    OPERAND_IMAGE,
    OPERAND_LOGS_DIR,
    OPERAND_FILE /* not an image: a log, or nothing known */
};
bool image_operand(const char *path, enum operand *out, struct err *err);

/* The name of the image at ref, as it is used for FROM (CONTRACT, Names in FROM), appended to out;
 * choice as below. Reads only the index and the manifest. */
bool image_default_name(const char *ref, int choice, struct buf *out, struct err *err);

struct image_request {
    const char *ref;  /* path of a file or directory */
    const char *role; /* "subject", "base" */
    int choice;       /* which image of an archive with several, from 1; 0: must be the only one */
    bool replace;     /* another image of the role may be there: it is replaced */
    int64_t load;     /* from loading_begin */
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
/* The complete image of that role; *found false where there is none. */
bool image_info_read(struct db *db, const char *role, struct image_info *out, bool *found,
                     struct err *err);
void image_info_finish(struct image_info *info);

#endif
