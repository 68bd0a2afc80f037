/* SPDX-License-Identifier: MIT
 *
 * Paths as lines that an expression is matched against. A path that contains a newline is several
 * lines, as for `find | grep`; the path matches if one of its lines matches.
 *
 * Private to line_paths.c and target_texts.c.
 */
#ifndef XSMALL_CHAIN_PATH_TEXTS_H
#define XSMALL_CHAIN_PATH_TEXTS_H

#include <stdatomic.h>

#include "chain/grep/pattern.h"

struct target_texts;

/* Creates an empty set of paths. Each path belongs to an owner, 0 to n_owners - 1. */
struct target_texts *target_texts_create(size_t n_owners);
void target_texts_destroy(struct target_texts *texts); /* NULL is allowed */
void target_texts_add(struct target_texts *texts, size_t owner, struct bytes path);
/* Finds the owners of the paths that match. *owners has one bit per owner, 64 per word; the caller
 * frees it. Returns false if it is cancelled, or if a match cannot be decided. cancel may be
 * NULL. */
bool target_texts_match(const struct target_texts *texts, const struct pattern *pattern,
                        const atomic_bool *cancel, uint64_t **owners, struct err *err);

#endif
