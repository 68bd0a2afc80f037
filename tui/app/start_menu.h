/* SPDX-License-Identifier: MIT
 *
 * The first minute: xsmall alone, in a directory where it is not clear what is meant, offers what
 * it finds there.
 */
#ifndef XSMALL_TUI_APP_START_MENU_H
#define XSMALL_TUI_APP_START_MENU_H

#include "app/chooser.h"
#include "cli/command.h"
#include "session/discovery.h"

/* What was chosen, as arguments: borrowed by them. */
struct first {
    struct here here;
    const char **operands; /* owned */
};
/* Where args name nothing, there is not just one session, and there is a terminal: asks which
 * session, or which image with which logs and which base; args have it then. *left: by somebody
 * who would rather have none. False with err where there is nothing to offer. */
bool first_offer(struct first *first, struct args *args, const struct config *config, bool *left,
                 struct err *err);
void first_finish(struct first *first);
#define FIRST_AUTO __attribute__((cleanup(first_finish)))

#endif
