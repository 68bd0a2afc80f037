/* SPDX-License-Identifier: MIT
 *
 * Filter targets: what the expression of a stage is matched against (share/doc/semantics.md, The
 * chain). A target is a row, in the file that implements it: target_line.c, target_path.c, …
 *
 * To add a target "call": write target_call.c with `const struct filter_target target_call`, and
 * add X(call) to FILTER_TARGETS. The session, the command line with its help and completions, the
 * explorer and printed chains read the list.
 */
#ifndef XSMALL_CHAIN_TARGETS_FILTER_TARGET_H
#define XSMALL_CHAIN_TARGETS_FILTER_TARGET_H

#include "chain/grep/pattern.h"
#include "chain/line_paths.h"

/* All targets, in the order in which the explorer goes through them. */
#define FILTER_TARGETS(X) X(line) X(path) X(tree)

/* Matches an expression against all texts that a target knows. *matches, yours: free, has a bit, 64
 * a word, for each. cancel may be NULL. False: cancelled, or the expression cannot be decided. */
typedef bool filter_match(const struct line_paths *line_paths, const struct pattern *pattern,
                          const atomic_bool *cancel, uint64_t **matches, struct err *err);

struct filter_target {
    const char *name; /* on the command line, in the session, before a stage: "path: grep x" */
    const char *help; /* what the expression is matched against */

    /* NULL: the line itself is matched, as grep reads it, with the prefix that the stage's position
     * gives it. Otherwise the texts of the accesses are matched, each different text once. */
    filter_match *match_calls;
    /* The text of an access, as the number of its bit in the matches of match_calls. A line matches
     * if one of its accesses does. */
    size_t (*text_of)(const struct line_paths *line_paths, const struct access_row *row);

    /* Without logs, the lines are the subject's paths (line_paths.h): a bit for each line. NULL:
     * the target matches no such line, and a stage on it is not active. */
    filter_match *match_tree;
};

#define FILTER_TARGET_ROW(name) extern const struct filter_target target_##name;
FILTER_TARGETS(FILTER_TARGET_ROW)

/* The target number i, from 0; NULL after the last one. */
const struct filter_target *filter_target_at(size_t i);
/* NULL: no target has this name. */
const struct filter_target *filter_target_find(struct bytes name);
/* The target after this one; after the last one the first. */
const struct filter_target *filter_target_next(const struct filter_target *target);
/* Appends what is printed before a stage: "path: ", for target_line nothing. */
void filter_target_print_label(const struct filter_target *target, struct buf *out);

/* For a target with match_calls: *rows, yours: free, has a bit for each row of the accesses that
 * matches, or whose mate in a pair of rows does. */
bool filter_target_match_rows(const struct filter_target *target,
                              const struct line_paths *line_paths, const struct pattern *pattern,
                              const atomic_bool *cancel, uint64_t **rows, struct err *err);

#endif
