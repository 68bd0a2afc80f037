/* SPDX-License-Identifier: MIT
 *
 * The terminal: the only module that calls curses. The terminal is restored on exit, suspend, crash
 * and kill.
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
/* Returns the next pending key (a code point or one of enum key), or 0 if no key is pending. Fills
 * *mouse for KEY_MOUSE_. Does not wait. */
uint32_t term_key(struct mouse_event *mouse);
/* Copies text to the clipboard, if the terminal supports OSC 52. The text is sent as base64, so it
 * cannot contain control sequences. */
void term_copy(struct bytes text);
void term_suspend(void); /* stops the program as C-z does; returns after fg */

#endif
