/* SPDX-License-Identifier: MIT
 *
 * Reads two images for a comparison, without a session.
 *
 *     struct image_pair pair;
 *     if (!image_pair_load(&(struct image_pair_request){.a = "old.tar", .b = "new.tar"}, &progress,
 * &pair, err)) … tree_compare(pair.a, pair.b, &compare); image_pair_finish(&pair);
 */
#ifndef XSMALL_SESSION_IMAGE_PAIR_H
#define XSMALL_SESSION_IMAGE_PAIR_H

#include "image/tree/tree_compare.h"
#include "image/image.h"

struct image_pair_request {
    const char *a, *b; /* references as image_request has them */
    struct image_choice choice_a, choice_b;
    bool verify;
};

struct image_pair {
    struct tree *a, *b; /* owned */
    struct image_info a_info, b_info;
};

/* Loads both images. On success the caller owns *out: image_pair_finish. */
bool image_pair_load(const struct image_pair_request *request, struct progress *progress,
                     struct image_pair *out, struct err *err);
void image_pair_finish(struct image_pair *pair);

#endif
