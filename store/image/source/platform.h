/* SPDX-License-Identifier: MIT
 *
 * Platforms of images: OS/ARCHITECTURE[/VARIANT] (OCI image-spec, image-index.md).
 */
#ifndef XSMALL_IMAGE_SOURCE_PLATFORM_H
#define XSMALL_IMAGE_SOURCE_PLATFORM_H

#include "db/db.h"

struct platform_parts {
    struct bytes os, machine, variant; /* borrowed; variant.n is 0 if there is no variant */
};
/* Splits a platform into its parts. Returns false if text is not OS/ARCHITECTURE[/VARIANT] in
 * letters, digits, '.', '_' and '-'. */
bool platform_split(struct bytes text, struct platform_parts *out);

/* Appends to out the platform of a JSON document with os, architecture and variant (a config, or a
 * descriptor's platform). Appends nothing if the document has no platform. */
void platform_of(struct db *db, struct bytes json, struct buf *out);
/* Returns true if the platform `is` matches `wanted`. If `wanted` has no variant, it matches every
 * variant. */
bool platform_matches(struct bytes is, struct bytes wanted);

/* Appends to out the platform of this machine: linux and uname(2)'s machine, as image configs name
 * it. */
void platform_of_host(struct buf *out);
/* Returns true if two platforms are the same. amd64 is amd64/v1, arm is arm/v7, arm64 is arm64/v8
 * (containerd, platforms, normalizeArch). */
bool platform_is_same(struct bytes a, struct bytes b);

/* Lists the platforms of an index (JSON of a registry) as "a, b", in the order of the index, each
 * once, and their number n. If the JSON is not an index, n is 0. */
bool platform_list(struct bytes index, struct buf *out, size_t *n, struct err *err);

#endif
