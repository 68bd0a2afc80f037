/* SPDX-License-Identifier: MIT
 *
 * Matches as target_path does, but only paths that resolve to a file in the subject image. If no
 * log is loaded, the lines are the paths of the subject image, in C order.
 */
#include "chain/targets/filter_target.h"
#include "chain/targets/target_texts.h"

/* Removes the matches of paths that do not resolve in the subject image. */
static bool match_calls(const struct line_paths *line_paths, const struct pattern *pattern,
                        const atomic_bool *cancel, uint64_t **matches, struct err *err)
{
    size_t n = line_paths_accesses(line_paths)->n_paths;
    const uint32_t *real = line_paths_real(line_paths);
    if (!line_paths_match(line_paths, pattern, cancel, matches, err))
        return false;
    for (size_t i = 0; i < line_paths_n_texts(line_paths); i++)
        if (!real || i >= n || real[i] == NODE_NONE)
            (*matches)[i / 64] &= ~(1ull << i % 64);
    return true;
}

static bool match_tree(const struct line_paths *line_paths, const struct pattern *pattern,
                       const atomic_bool *cancel, uint64_t **matches, struct err *err)
{
    return target_texts_match(line_paths_tree_texts(line_paths), pattern, cancel, matches, err);
}

const struct filter_target target_tree = {
    .name = "tree",
    .help = "the paths that exist in the subject image; without logs, all its paths",
    .match_calls = match_calls,
    .text_of = line_paths_text_of,
    .match_tree = match_tree,
};
