/* SPDX-License-Identifier: MIT
 *
 * Signals that ask the program to end: SIGHUP, SIGINT, SIGTERM, and SIGPIPE if standard output or
 * standard error is a closed pipe; on another pipe, SIGPIPE is only a failed write. The handler
 * sets a flag. Work that takes long looks at the flag and fails with err_cancelled, so that files
 * are removed and sessions are closed in order.
 *
 * Not here: the explorer, which reads its signals from a file (tui/term/signals.h).
 *
 *     int main(…) { interrupt_catch(); … }
 *     if (interrupt_is_on())
 *         return err_cancelled(err);
 *     …                                  the change is committed
 *     interrupt_release();               what follows is not cancelled any more
 *
 * The state is the process's, because handlers and signal dispositions are. It is safe to use from
 * any thread.
 */
#ifndef XSMALL_UTIL_INTERRUPT_H
#define XSMALL_UTIL_INTERRUPT_H

#include <stdatomic.h>
#include <stdbool.h>

/* Installs the handlers, and ignores SIGXFSZ, so that a file that is too large is a failed write. A
 * signal that was ignored when the program began stays ignored. Call it first in main. */
void interrupt_catch(void);
/* Returns true if a signal came and interrupt_release was not called before. */
bool interrupt_is_on(void);
/* Returns the flag, for functions that accept a cancel flag. */
const atomic_bool *interrupt_flag(void);
/* Returns the first signal that came, also after interrupt_release; 0 if none came. */
int interrupt_signal(void);
/* From here on, signals do not cancel: the flag is cleared and stays so. */
void interrupt_release(void);
/* Returns true if the signal was ignored when the program began. */
bool interrupt_was_ignored(int number);
/* Gives a child process, before exec, the dispositions that this program was started with.
 * Async-signal-safe. */
void interrupt_restore(void);

#endif
