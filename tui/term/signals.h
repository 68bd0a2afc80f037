/* SPDX-License-Identifier: MIT
 *
 * Waiting for a key, a thread or a signal.
 *
 * Signals that ask the program to end come as bytes of a signalfd, so that it ends in order.
 * SIGWINCH is let in only while the loop waits: curses' handler notes it, and no change of size is
 * missed between looking and waiting. All of them are blocked before the first thread starts, and
 * threads inherit that: only this one is interrupted.
 */
#ifndef XSMALL_TUI_TERM_SIGNALS_H
#define XSMALL_TUI_TERM_SIGNALS_H

#include <signal.h>

#include "util/err.h"

struct signals {
    sigset_t before;  /* the mask to go back to */
    sigset_t waiting; /* the mask while the loop waits */
    int file;         /* signalfd */
    int caught;       /* 0: none */
};

bool signals_init(struct signals *signals, struct err *err);
/* Until there is a key, something of wake (an eventfd; -1: none), a signal, or ms are over (-1:
 * never). *ended: the program is asked to end, or the terminal is gone. */
bool signals_wait(struct signals *signals, int wake, int ms, bool *ended, struct err *err);
/* Goes back to the mask before; a signal that was caught then ends the program, so that whoever
 * waits for it sees why. */
void signals_finish(struct signals *signals);

#endif
