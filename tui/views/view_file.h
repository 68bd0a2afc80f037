/* SPDX-License-Identifier: MIT
 *
 * A file of the image, looked into: text with line numbers, or bytes; what is known of it on top.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_FILE_H
#define XSMALL_TUI_VIEWS_VIEW_FILE_H

#include "rows/file_pager.h"
#include "app/view.h"

struct file_state {
    struct pager *pager; /* owned; NULL: no file is open */
    struct pager_state seen;
    struct buf path;
    bool as_bytes, chosen; /* hexadecimal; somebody said so */
    struct list list;
    struct buf facts;        /* its text */
    struct bytes *fact_rows; /* rows before the content; owned */
    size_t n_facts;
};

extern const struct view view_file;

void view_file_open(struct app *app, uint32_t node);
/* Takes what its thread has done. */
void view_file_turn(struct app *app);
bool view_file_is_idle(const struct app *app);
/* The session is read anew: the tree goes. Closes a file that is not read to its end, */
void view_file_forget(struct app *app);
void view_file_finish(struct app *app);

#endif
