/* SPDX-License-Identifier: MIT
 *
 * The explorer: opens a session on the terminal, and loads images and logs in the background.
 */
#ifndef XSMALL_TUI_EXPLORER_EXPLORER_H
#define XSMALL_TUI_EXPLORER_EXPLORER_H

#include "app/config.h"
#include "session/session.h"

struct explorer_options {
    const char *session_path;    /* created if it does not exist */
    bool follow;                 /* the logs are still being written: load them repeatedly */
    const struct config *config; /* borrowed; NULL: the defaults */
    const char *history;         /* file with the history of the prompts; NULL: no file */
    struct load_request load;    /* n_operands 0 and base NULL: nothing to load */
};
bool explorer_run(const struct explorer_options *options, struct err *err);

#endif
