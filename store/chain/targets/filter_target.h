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

/* Matches an expression against all texts of a target. *matches has one bit per text, 64 per word;
 * the caller frees it. cancel may be NULL. Returns false if it is cancelled, or if a match cannot
 * be decided. */
typedef bool filter_match(const struct line_paths *line_paths, const struct pattern *pattern,
                          const atomic_bool *cancel, uint64_t **matches, struct err *err);

struct filter_target {
    const char *name; /* on the command line, in the session, before a stage: "path: grep x" */
    const char *help; /* what the expression is matched against */

    /* If NULL, the line itself is matched as grep reads it, with the prefix that the line has at
     * the position of the stage. Otherwise the texts of the accesses are matched, each distinct
     * text once. */
    filter_match *match_calls;
    /* Returns the text of an access as the number of its bit in the result of match_calls. A line
     * matches if one of its accesses matches. */
    size_t (*text_of)(const struct line_paths *line_paths, const struct access_row *row);

    /* If no log is loaded, the lines are the paths of the subject image (line_paths.h), one bit per
     * line. If NULL, the target matches no such line, and a stage on the target is not active. */
    filter_match *match_tree;
};

#define FILTER_TARGET_ROW(name) extern const struct filter_target target_##name;
FILTER_TARGETS(FILTER_TARGET_ROW)

/* Returns target number i, from 0; NULL after the last target. */
const struct filter_target *filter_target_at(size_t i);
/* Returns the target with this name, or NULL. */
const struct filter_target *filter_target_find(struct bytes name);
/* Returns the next target; after the last target, the first. */
const struct filter_target *filter_target_next(const struct filter_target *target);
/* Appends the label that is printed before a stage: "path: "; nothing for target_line. */
void filter_target_print_label(const struct filter_target *target, struct buf *out);

/* Finds the access rows that match; the target must have match_calls. *rows has one bit per row;
 * the caller frees it. If one row of a pair matches, both bits are set. */
bool filter_target_match_rows(const struct filter_target *target,
                              const struct line_paths *line_paths, const struct pattern *pattern,
                              const atomic_bool *cancel, uint64_t **rows, struct err *err);

#endif
