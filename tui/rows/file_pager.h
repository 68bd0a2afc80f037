/* SPDX-License-Identifier: MIT
 *
 * Reads a file of the image and returns it by rows or by bytes. A separate thread copies the file
 * from the image source to an unnamed temporary file. Rows can be read while the copy is running,
 * so the screen does not wait. Memory does not grow with the size of the file.
 *
 *     pager_start(session, tree, node, wake, &pager, err)
 *     pager_look(pager, &state);                 // state.n_rows rows can be read
 *     pager_row(pager, 0, &text, &number)        // row < state.n_rows
 *     pager_stop(pager);
 */
#ifndef XSMALL_TUI_ROWS_FILE_PAGER_H
#define XSMALL_TUI_ROWS_FILE_PAGER_H

#include "image/tree/tree.h"

struct pager;

enum { PAGER_ROW_MAX = 4096 /* bytes; a longer line is several rows */ };

struct pager_state {
    uint64_t n_bytes, n_rows;    /* read so far */
    bool is_complete, is_binary; /* binary: the first 256 KiB contain a NUL byte */
    struct err err;              /* kind ERR_NONE: no error */
};

/* Starts to read a regular file. The thread writes to the eventfd wake while it reads, at most once
 * in 100 ms, and at the end. tree is borrowed until pager_stop. */
bool pager_start(const char *session_path, const struct tree *tree, uint32_t node, int wake,
                 struct pager **out, struct err *err);
/* Stops the thread and frees the pager. NULL is allowed. */
void pager_stop(struct pager *pager);
/* Copies the current state. */
void pager_look(struct pager *pager, struct pager_state *out);

/* Returns the bytes of a row without the newline, borrowed until the next call. *number is the line
 * number, from 1, or 0 if the row continues the line of the row above. Returns false if the row
 * cannot be read. */
bool pager_row(struct pager *pager, uint64_t row, struct bytes *text, uint64_t *number);
/* Returns up to n bytes (at most PAGER_ROW_MAX) at an offset below n_bytes, borrowed until the next
 * call. */
bool pager_bytes(struct pager *pager, uint64_t at, size_t n, struct bytes *out);

#endif
