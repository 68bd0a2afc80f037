/* SPDX-License-Identifier: MIT
 *
 * Compares text for searches in a view. The needle is a substring, not a pattern. ASCII case is
 * ignored, unless the needle has an upper-case letter. For the chain's patterns see
 * chain/grep/pattern.h.
 */
#ifndef XSMALL_TUI_SCREEN_SEARCH_MATCH_H
#define XSMALL_TUI_SCREEN_SEARCH_MATCH_H

#include "util/bytes.h"

/* Returns true if text begins with needle. An empty needle never matches. */
bool search_match_at(struct bytes text, struct bytes needle);
/* Returns true if text contains needle. An empty needle never matches. */
bool search_match_in(struct bytes text, struct bytes needle);

#endif
