/* SPDX-License-Identifier: MIT
 *
 * The config guard: what the image config names, looked for in the slim image. A config that is
 * carried over whole is of no use where its program, user or directory has gone.
 *
 *     struct preflight guard;
 *     preflight_make(&guard, &moved);
 *     for (size_t i = 0; i < guard.n; i++)
 *         if (guard.rows[i].warning.n) …
 *     preflight_finish(&guard);
 */
#ifndef XSMALL_EXPORT_PREFLIGHT_H
#define XSMALL_EXPORT_PREFLIGHT_H

#include "export/mapped_tree.h"

struct preflight {
    struct guard_row {
        const char *key;      /* as the config has it: "Entrypoint" */
        struct bytes value;   /* text, or JSON */
        struct bytes warning; /* one line; n 0: nothing is wrong */
    } * rows;                 /* owned; the keys that the subject's config has */
    size_t n, cap;
    struct arena arena;
};

void preflight_make(struct preflight *guard, const struct mapped_tree *moved);
void preflight_finish(struct preflight *guard);
/* "Entrypoint: python3 is not in the small image", a line each; appended. */
void preflight_warnings(const struct preflight *guard, struct buf *out);

/* All of it at once: appends the warnings of a tree. */
void preflight_add_warnings(const struct mapped_tree *moved, struct buf *out);

#endif
