/* SPDX-License-Identifier: MIT
 *
 * A file of the image to look into: read from the source by a thread of its own into a temporary
 * file without a name, and meanwhile handed out by rows and by bytes, so that nobody waits and
 * memory does not grow with the file.
 *
 *     pager_start(session, tree, node, wake, &pager, err)
 *     pager_look(pager, &state);                 // how far it is
 *     pager_row(pager, 0, &text, &number)        // rows below state.n_rows
 *     pager_stop(pager);
 */
#ifndef XSMALL_TUI_ROWS_FILE_PAGER_H
#define XSMALL_TUI_ROWS_FILE_PAGER_H

#include "image/tree/tree.h"

struct pager;

enum { PAGER_ROW_MAX = 4096 /* bytes; a longer line is several rows */ };

struct pager_state {
    uint64_t n_bytes, n_rows;    /* read so far */
    bool is_complete, is_binary; /* binary: a NUL is in the first bytes */
    struct err err;              /* kind ERR_NONE: nothing failed */
};

/* Begins to read a regular file. wake is an eventfd that is written now and then, and at the end.
 * tree is borrowed until pager_stop. */
bool pager_start(const char *session_path, const struct tree *tree, uint32_t node, int wake,
                 struct pager **out, struct err *err);
void pager_stop(struct pager *pager); /* ends it too; NULL is allowed */
void pager_look(struct pager *pager, struct pager_state *out);

/* A row's bytes without the newline, borrowed until the next call, and its line's number from 1; 0
 * where the row goes on with the line above. False: it cannot be read back. */
bool pager_row(struct pager *pager, uint64_t row, struct bytes *text, uint64_t *number);
/* Up to n (at most PAGER_ROW_MAX) bytes at an offset below n_bytes, borrowed likewise. */
bool pager_bytes(struct pager *pager, uint64_t at, size_t n, struct bytes *out);

#endif
