/* SPDX-License-Identifier: MIT
 *
 * Waits for a key, a thread or a signal.
 *
 * Signals that end the program (SIGTERM, SIGHUP, SIGINT, SIGQUIT) are read from a signalfd, so that
 * the program can clean up. SIGWINCH is unblocked only during ppoll, so that no change of size is
 * missed between the check and the wait; curses handles it. All these signals are blocked before
 * the first thread starts. Threads inherit the mask, so signals interrupt only this thread.
 */
#ifndef XSMALL_TUI_TERM_SIGNALS_H
#define XSMALL_TUI_TERM_SIGNALS_H

#include <signal.h>

#include "util/err.h"

struct signals {
    sigset_t before;  /* the mask that signals_finish restores */
    sigset_t waiting; /* the mask while the loop waits */
    int file;         /* signalfd */
    int caught;       /* number of the caught signal; 0: no signal */
};

bool signals_init(struct signals *signals, struct err *err);
/* Waits for a key, for wake (an eventfd; -1: not used), for a signal, or for ms milliseconds (-1:
 * no limit). Sets *ended if the program must end: after a signal, or if the terminal is closed. */
bool signals_wait(struct signals *signals, int wake, int ms, bool *ended, struct err *err);
/* Restores the signal mask. If a signal was caught, raises it again with its default action, so
 * that the parent process sees the signal in the exit status. */
void signals_finish(struct signals *signals);

#endif
