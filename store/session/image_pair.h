/* SPDX-License-Identifier: MIT
 *
 * Two images side by side, read for a comparison alone: no session is made.
 *
 *     struct pair pair;
 *     if (!pair_load(&(struct pair_request){.a = "old.tar", .b = "new.tar"}, &progress, &pair,
 * err)) … compare_trees(pair.a, pair.b, &compare); pair_finish(&pair);
 */
#ifndef XSMALL_SESSION_IMAGE_PAIR_H
#define XSMALL_SESSION_IMAGE_PAIR_H

#include "image/tree/tree_compare.h"
#include "image/image.h"

struct pair_request {
    const char *a, *b; /* references as image_request has them */
    struct image_choice choice_a, choice_b;
    bool verify;
};

struct pair {
    struct tree *a, *b; /* owned */
    struct image_info a_info, b_info;
};

/* *out is yours, once it is loaded: pair_finish. */
bool pair_load(const struct pair_request *request, struct progress *progress, struct pair *out,
               struct err *err);
void pair_finish(struct pair *pair);

#endif
