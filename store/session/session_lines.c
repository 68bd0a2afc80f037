/* SPDX-License-Identifier: MIT
 *
 * Looks up a line of the chain's output: its text, the node of the subject image to which it
 * resolves, and its access.
 */
#include "session/session.h"

bool session_line_text(struct session *session, uint32_t line, struct buf *out, struct err *err)
{
    struct bytes text;
    if (line_paths_are_lines(session->line_paths) &&
        line < line_paths_n_lines(session->line_paths)) {
        tree_path(session->subject, line_paths_node(session->line_paths, line), out);
        return true;
    }
    if (line >= session->corpus->n_lines)
        return err_set(err, "%s: no such line", db_path(session->db));
    if (!corpus_line(session->reader, line, &text, err))
        return false;
    buf_add(out, text);
    return true;
}

uint32_t session_line_node(struct session *session, uint32_t line)
{
    const uint32_t *calls;
    if (line < line_paths_n_lines(session->line_paths))
        return line_paths_node(session->line_paths, line);
    if (line >= session->corpus->n_lines)
        return NODE_NONE;
    uint32_t block = corpus_block_of(session->corpus, line);
    if (!corpus_block_calls(session->reader, block, &calls, NULL))
        return NODE_NONE;
    uint32_t seq = calls[line - session->corpus->blocks[block].first_line];
    return line_paths_node_of_call(session->line_paths, block, seq);
}

size_t session_line_access(struct session *session, uint32_t line)
{
    const uint32_t *calls;
    if (line >= session->corpus->n_lines)
        return SIZE_MAX;
    uint32_t index = corpus_block_of(session->corpus, line);
    if (!corpus_block_calls(session->reader, index, &calls, NULL))
        return SIZE_MAX;
    const struct corpus_block *block = &session->corpus->blocks[index];
    const size_t *first = &session->accesses->first_of_log[block->log];
    uint32_t seq = calls[line - block->first_line];
    return seq && seq <= first[1] - first[0] ? first[0] + seq - 1 : SIZE_MAX;
}
