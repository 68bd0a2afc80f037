/* SPDX-License-Identifier: MIT
 *
 * Platforms of images: OS/ARCHITECTURE[/VARIANT] (OCI image-spec, image-index.md).
 */
#ifndef XSMALL_IMAGE_SOURCE_PLATFORM_H
#define XSMALL_IMAGE_SOURCE_PLATFORM_H

#include "db/db.h"

struct platform_parts {
    struct bytes os, machine, variant; /* borrowed; variant n 0: none */
};
/* False where text is not OS/ARCHITECTURE[/VARIANT] in letters, digits, '.', '_' and '-'. */
bool platform_split(struct bytes text, struct platform_parts *out);

/* The platform of a document with os, architecture and variant (a config, or a descriptor's
 * platform), appended to out; nothing where it says none. */
void platform_of(struct db *db, struct bytes json, struct buf *out);
/* Whether the platform `is` matches `wanted`; without a variant `wanted` matches every variant. */
bool platform_matches(struct bytes is, struct bytes wanted);

/* The platforms that an index (JSON of a registry) names, "a, b" in its order, each once, and how
 * many; none for anything that is no index. */
bool platform_list(struct bytes index, struct buf *out, size_t *n, struct err *err);

#endif
