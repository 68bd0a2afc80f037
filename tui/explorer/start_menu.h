/* SPDX-License-Identifier: MIT
 *
 * The start menu: if xsmall is run without operands, offers the sessions, images and logs of the
 * current directory, and the images of the engines.
 */
#ifndef XSMALL_TUI_EXPLORER_START_MENU_H
#define XSMALL_TUI_EXPLORER_START_MENU_H

#include "explorer/chooser.h"
#include "cli/command.h"
#include "session/discovery.h"

/* The discovered items and the chosen operands. The arguments borrow these strings. */
struct start_menu {
    struct discovery here;
    const char **operands; /* owned */
};
/* Lets the user choose a session, or an image with logs and a base image, and stores the choice in
 * args. Does nothing if args have operands, if there is exactly one session, or without a terminal.
 * Sets *left if the user left without a choice. Returns false with err if nothing was found. */
bool start_menu_offer(struct start_menu *first, struct args *args, const struct config *config,
                      bool *left, struct err *err);
void start_menu_finish(struct start_menu *first);
#define FIRST_AUTO __attribute__((cleanup(start_menu_finish)))

#endif
