/* SPDX-License-Identifier: MIT
 *
 * What stages on paths look at: where the accesses of each line lead in the subject, and the
 * subject's own paths, which are the lines of a session without logs.
 *
 * The parts are made when they are first wanted, by whichever thread wants them, and immutable
 * from then on; a `struct line_paths` is shared by threads as the corpus is.
 *
 *     struct line_paths *line_paths = line_paths_create(corpus, accesses, subject);
 *     chain_set_line_paths(chain, line_paths);
 */
#ifndef XSMALL_CHAIN_LINE_PATHS_H
#define XSMALL_CHAIN_LINE_PATHS_H

#include <stdatomic.h>

#include "chain/grep/pattern.h"
#include "image/tree/tree.h"
#include "trace/access.h"

struct line_paths;

/* All borrowed, and to stay until line_paths_destroy. accesses and subject may be NULL: none. */
struct line_paths *line_paths_create(const struct corpus *corpus, const struct accesses *accesses,
                                     const struct tree *subject);
void line_paths_destroy(struct line_paths *line_paths); /* NULL is allowed */

/* By path of the accesses: the node where it ends in the subject, links followed, or NODE_NONE;
 * NULL without accesses or subject. */
const uint32_t *line_paths_real(const struct line_paths *line_paths);

/* By node, 1 for what the traced program made itself (created_files.h); NULL without accesses or
 * subject. */
const uint8_t *line_paths_created(const struct line_paths *line_paths);

/* No log is loaded, but a subject: each of its paths is a line, in C order of the whole paths. */
bool line_paths_are_lines(const struct line_paths *line_paths);
uint32_t line_paths_n_lines(const struct line_paths *line_paths);
/* The node of such a line and the line of a node; line and node in bounds. */
uint32_t line_paths_node(const struct line_paths *line_paths, uint32_t line);
uint32_t line_paths_line(const struct line_paths *line_paths, uint32_t node);

/* The node that the call on a line of the log ended at, or NODE_NONE; of two the first. block is
 * the line's; calls as corpus_block_calls gives them. */
uint32_t line_paths_node_of_call(const struct line_paths *line_paths, uint32_t block, uint32_t seq);

/* What targets match (targets/filter_target.h). The paths of the accesses, each different one once:
 * *matches, yours: free, has a bit, 64 a word, for each of line_paths_n_texts. Only with accesses.
 */
bool line_paths_match(const struct line_paths *line_paths, const struct pattern *pattern,
                      const atomic_bool *cancel, uint64_t **matches, struct err *err);
size_t line_paths_n_texts(const struct line_paths *line_paths);
/* The bit of an access. */
size_t line_paths_text_of(const struct line_paths *line_paths, const struct access_row *row);
/* The paths that are lines, the owner of each its line. */
struct target_texts;
const struct target_texts *line_paths_tree_texts(const struct line_paths *line_paths);
const struct accesses *line_paths_accesses(const struct line_paths *line_paths); /* NULL: none */
/* Whether the row that a line of a log names is in rows; false if it names none, or if a damaged
 * session made it up. */
bool line_paths_row_is_set(const struct line_paths *line_paths, const uint64_t *rows, uint32_t log,
                           uint32_t seq);

enum { LINE_PATHS_ID_BYTES = 33 };
/* 32 hex digits and a NUL: other ones where the subject's paths, the accesses or the logs are
 * others. Borrowed. */
const char *line_paths_id(const struct line_paths *line_paths);

#endif
