/* SPDX-License-Identifier: MIT
 *
 * The explorer: loads what is new while the screen is alive, then shows the session.
 */
#ifndef XSMALL_TUI_EXPLORER_EXPLORER_H
#define XSMALL_TUI_EXPLORER_EXPLORER_H

#include "app/config.h"
#include "session/session.h"

struct explorer_options {
    const char *session_path;    /* made if it is not there */
    bool follow;                 /* logs that are still being written */
    const struct config *config; /* borrowed; NULL: as it is without a file */
    const char *history;         /* where what is typed is kept; NULL: nowhere */
    struct load_request load;    /* n_operands 0 and base NULL: nothing to load */
};
bool explorer_run(const struct explorer_options *options, struct err *err);

#endif
