/* SPDX-License-Identifier: MIT
 *
 * Matches the paths of the call on a line (both paths of a rename). Each path is resolved in the
 * subject image, symbolic links followed. A path that does not resolve is the path that the program
 * passed, made absolute. A line without an access never matches, so it passes grep -v. Paths have
 * no prefix.
 */
#include "chain/targets/filter_target.h"

const struct filter_target target_path = {
    .name = "path",
    .help = "the paths that the call in each line uses, links followed",
    .match_calls = line_paths_match,
    .text_of = line_paths_text_of,
};
