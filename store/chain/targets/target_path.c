/* SPDX-License-Identifier: MIT
 *
 * The paths of the line's call (both of a rename): where each leads in the subject, links followed;
 * if it leads nowhere, the path as the program gave it, made absolute. A line without an access
 * never matches, and so passes grep -v. There is no prefix.
 */
#include "chain/targets/filter_target.h"

const struct filter_target target_path = {
    .name = "path",
    .help = "the paths that each line's call uses, links followed",
    .match_calls = line_paths_match,
    .text_of = line_paths_text_of,
};
