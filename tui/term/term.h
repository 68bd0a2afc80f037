/* SPDX-License-Identifier: MIT
 *
 * The terminal: the one module that knows curses. It comes back on exit, suspend, crash and kill.
 */
#ifndef XSMALL_TUI_TERM_TERM_H
#define XSMALL_TUI_TERM_TERM_H

#include "app/config.h"
#include "app/mouse.h"
#include "screen/screen.h"
#include "util/err.h"

bool term_init(const struct config *config,
               struct err *err); /* stdin and stdout must be a terminal */
void term_finish(void);
void term_size(int *width, int *height);
void term_show(const struct screen *screen, const struct config *config);
void term_redraw(void); /* the next term_show paints everything */
/* The next key that is there already, 0 for none: a code point or one of enum key. With KEY_MOUSE_
 * *mouse is filled. */
uint32_t term_key(struct mouse_event *mouse);
/* Into the clipboard of a terminal that takes it (OSC 52); as base64 it can say nothing else. */
void term_copy(struct bytes text);
void term_suspend(void); /* to the shell; returns after fg */

#endif
