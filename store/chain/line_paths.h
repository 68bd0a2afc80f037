/* SPDX-License-Identifier: MIT
 *
 * The texts that stages on paths match: the paths in the subject image to which the accesses of
 * each line resolve, and all paths of the subject image, which are the lines of a session without
 * logs.
 *
 * Each part is computed at its first use, by the thread that uses it, and is immutable afterwards.
 * Threads can share a `struct line_paths`, as they share the corpus.
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

/* Creates a line_paths. All arguments are borrowed until line_paths_destroy. accesses and subject
 * may be NULL. */
struct line_paths *line_paths_create(const struct corpus *corpus, const struct accesses *accesses,
                                     const struct tree *subject);
void line_paths_destroy(struct line_paths *line_paths); /* NULL is allowed */

/* Returns an array by path of the accesses: the node of the subject image to which the path
 * resolves, symbolic links followed, or NODE_NONE. Returns NULL if there are no accesses or no
 * subject image. */
const uint32_t *line_paths_real(const struct line_paths *line_paths);

/* Returns an array by node: 1 if the traced program created it (created_files.h). Returns NULL if
 * there are no accesses or no subject image. */
const uint8_t *line_paths_created(const struct line_paths *line_paths);

/* Returns true if a subject image but no log is loaded. Each path of the image is then a line, in C
 * order of the full paths. */
bool line_paths_are_lines(const struct line_paths *line_paths);
uint32_t line_paths_n_lines(const struct line_paths *line_paths);
/* Return the node of such a line, and the line of a node. line and node must be in bounds. */
uint32_t line_paths_node(const struct line_paths *line_paths, uint32_t line);
uint32_t line_paths_line(const struct line_paths *line_paths, uint32_t node);

/* Returns the node to which the call on a line of a log resolves, or NODE_NONE; if the call has two
 * accesses, the node of the first. block is the block of the line; seq is as in
 * corpus_block_calls. */
uint32_t line_paths_node_of_call(const struct line_paths *line_paths, uint32_t block, uint32_t seq);

/* Matches a pattern against the paths of the accesses, each distinct path once
 * (targets/filter_target.h). *matches has line_paths_n_texts bits, 64 per word; the caller frees
 * it. Call only if there are accesses. */
bool line_paths_match(const struct line_paths *line_paths, const struct pattern *pattern,
                      const atomic_bool *cancel, uint64_t **matches, struct err *err);
size_t line_paths_n_texts(const struct line_paths *line_paths);
/* Returns the number of the bit of an access. */
size_t line_paths_text_of(const struct line_paths *line_paths, const struct access_row *row);
/* Returns the paths that are lines; the owner of a path is its line. */
struct target_texts;
const struct target_texts *line_paths_tree_texts(const struct line_paths *line_paths);
const struct accesses *line_paths_accesses(const struct line_paths *line_paths); /* may be NULL */
/* Returns whether rows contains the access row of a line of a log; false if the line has no row, or
 * an invalid row in a damaged session. */
bool line_paths_row_is_set(const struct line_paths *line_paths, const uint64_t *rows, uint32_t log,
                           uint32_t seq);

enum { LINE_PATHS_ID_BYTES = 33 };
/* Returns an identity of 32 hex digits and a NUL, borrowed. It changes with the paths of the
 * subject image, the accesses and the logs. */
const char *line_paths_id(const struct line_paths *line_paths);

#endif
