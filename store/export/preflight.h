/* SPDX-License-Identifier: MIT
 *
 * Checks that the program, the user and the directory that the image config names exist in the slim
 * image. Without them the container does not start.
 *
 *     struct preflight preflight;
 *     preflight_make(&preflight, &mapped);
 *     for (size_t i = 0; i < preflight.n; i++)
 *         if (preflight.rows[i].warning.n) …
 *     preflight_finish(&preflight);
 */
#ifndef XSMALL_EXPORT_PREFLIGHT_H
#define XSMALL_EXPORT_PREFLIGHT_H

#include "export/mapped_tree.h"

struct preflight {
    struct preflight_row {
        const char *key;      /* key in the config: "Entrypoint" */
        struct bytes value;   /* text, or JSON */
        struct bytes warning; /* one line; n 0: no problem */
    } * rows;                 /* owned; the keys of the subject's config */
    size_t n, cap;
    struct arena arena;
};

void preflight_make(struct preflight *preflight, const struct mapped_tree *mapped);
void preflight_finish(struct preflight *preflight);
/* Appends one line for each warning: "Entrypoint: python3 is not found through PATH …". */
void preflight_warnings(const struct preflight *preflight, struct buf *out);

/* Returns false and sets err if WorkingDir is not a directory, or is below a path that is not one:
 * then neither a builder nor an engine can create it. */
bool preflight_can_start(const struct mapped_tree *mapped, struct err *err);

/* Lists the directories that WORKDIR creates: WorkingDir and its parents, except those that the
 * slim image already has. Each is an absolute path followed by a NUL, in the order of creation. */
void preflight_made_dirs(const struct mapped_tree *mapped, struct buf *out);

/* Makes the preflight of a tree, appends its warnings and frees it. */
void preflight_add_warnings(const struct mapped_tree *mapped, struct buf *out);

#endif
