/* SPDX-License-Identifier: MIT
 *
 * The first minute: xsmall alone, in a directory where it is not clear what is meant, offers what
 * it finds there.
 */
#ifndef XSMALL_TUI_EXPLORER_START_MENU_H
#define XSMALL_TUI_EXPLORER_START_MENU_H

#include "explorer/chooser.h"
#include "cli/command.h"
#include "session/discovery.h"

/* What was chosen, as arguments: borrowed by them. */
struct start_menu {
    struct discovery here;
    const char **operands; /* owned */
};
/* Where args name nothing, there is not just one session, and there is a terminal: asks which
 * session, or which image with which logs and which base; args have it then. *left: by somebody
 * who would rather have none. False with err where there is nothing to offer. */
bool start_menu_offer(struct start_menu *first, struct args *args, const struct config *config,
                      bool *left, struct err *err);
void start_menu_finish(struct start_menu *first);
#define FIRST_AUTO __attribute__((cleanup(start_menu_finish)))

#endif
