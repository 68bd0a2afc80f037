/* SPDX-License-Identifier: MIT
 *
 * Explains why a path is kept or not, with the notes on the path and on its parent directories.
 */
#include "session/session.h"

bool session_why(struct session *session, uint32_t node, struct buf *out, struct err *err)
{
    struct keep_input input = session_keep_input(session);
    if (!keep_why(session->keep, &input, session->chain, node, out, err))
        return false;
    for (; node != NODE_NONE; node = session->subject->nodes[node].parent) {
        BUF_AUTO struct buf path = {0};
        tree_path(session->subject, node, &path);
        struct bytes note = notes_find(session->notes, buf_bytes(&path));
        if (!note.n)
            continue;
        buf_add(out, bytes_of("note on "));
        buf_add(out, buf_bytes(&path));
        buf_add(out, bytes_of(": "));
        buf_add(out, note);
        buf_byte(out, '\n');
    }
    return true;
}
