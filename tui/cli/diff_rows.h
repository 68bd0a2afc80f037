/* SPDX-License-Identifier: MIT
 *
 * What xsmall diff prints: a row a path that differs, in C order of the paths, and a summary.
 */
#ifndef XSMALL_TUI_CLI_DIFF_ROWS_H
#define XSMALL_TUI_CLI_DIFF_ROWS_H

#include "session/image_pair.h"

struct diff {
    const struct image_pair *pair;      /* borrowed */
    const struct tree_compare *compare; /* of these; borrowed */
    bool no_mtime;                      /* times do not count */
};

bool diff_is_same(const struct diff *diff);
/* quiet: without the summary. */
void diff_text(const struct diff *diff, bool quiet);
void diff_json(const struct diff *diff);

#endif
