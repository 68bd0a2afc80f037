/* SPDX-License-Identifier: MIT
 *
 * The output of xsmall diff: one row for each path that differs, in C order of the paths, and a
 * summary.
 */
#ifndef XSMALL_TUI_CLI_DIFF_ROWS_H
#define XSMALL_TUI_CLI_DIFF_ROWS_H

#include "session/image_pair.h"

struct diff {
    const struct image_pair *pair;      /* borrowed */
    const struct tree_compare *compare; /* of the pair; borrowed */
    bool no_mtime;                      /* ignore modification times */
};

bool diff_is_same(const struct diff *diff);
/* quiet: prints no summary. */
void diff_text(const struct diff *diff, bool quiet);
void diff_json(const struct diff *diff);

#endif
