/* SPDX-License-Identifier: MIT
 *
 * Checks that what the image config names exists in the slim image. A config that is
 * carried over whole is of no use where its program, user or directory is missing.
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
        const char *key;      /* as the config has it: "Entrypoint" */
        struct bytes value;   /* text, or JSON */
        struct bytes warning; /* one line; n 0: nothing is wrong */
    } * rows;                 /* owned; the keys that the subject's config has */
    size_t n, cap;
    struct arena arena;
};

void preflight_make(struct preflight *preflight, const struct mapped_tree *mapped);
void preflight_finish(struct preflight *preflight);
/* "Entrypoint: python3 is not in the small image", a line each; appended. */
void preflight_warnings(const struct preflight *preflight, struct buf *out);

/* All of it at once: appends the warnings of a tree. */
void preflight_add_warnings(const struct mapped_tree *mapped, struct buf *out);

#endif
