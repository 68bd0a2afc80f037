/* SPDX-License-Identifier: MIT
 *
 * What a search in a view finds: a substring, ASCII case ignored unless the needle has an
 * upper-case letter. Not the chain's patterns, which are grep's (chain/grep/pattern.h).
 */
#ifndef XSMALL_TUI_SCREEN_SEARCH_MATCH_H
#define XSMALL_TUI_SCREEN_SEARCH_MATCH_H

#include "util/bytes.h"

/* Whether text begins with needle. An empty needle is nowhere. */
bool search_match_at(struct bytes text, struct bytes needle);
/* Whether needle is anywhere in text. */
bool search_match_in(struct bytes text, struct bytes needle);

#endif
