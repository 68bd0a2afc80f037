/* SPDX-License-Identifier: MIT
 *
 * Paths as the lines that an expression is matched against. A path with a newline in it is several
 * lines, as it is for `find | grep`, and matches where one of them does.
 *
 * Private to line_paths.c and target_texts.c.
 */
#ifndef XSMALL_CHAIN_PATH_TEXTS_H
#define XSMALL_CHAIN_PATH_TEXTS_H

#include <stdatomic.h>

#include "chain/grep/pattern.h"

struct target_texts;

/* Of owners 0 to n_owners - 1, to which the paths belong. */
struct target_texts *target_texts_create(size_t n_owners);
void target_texts_destroy(struct target_texts *texts); /* NULL is allowed */
void target_texts_add(struct target_texts *texts, size_t owner, struct bytes path);
/* *owners, yours, has a bit (64 a word) for each owner of a path that matches. False: cancelled, or
 * the expression cannot be decided. cancel may be NULL. */
bool target_texts_match(const struct target_texts *texts, const struct pattern *pattern,
                        const atomic_bool *cancel, uint64_t **owners, struct err *err);

#endif
