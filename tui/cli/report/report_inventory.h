/* SPDX-License-Identifier: MIT
 *
 * The part of `xsmall report` about special permissions in the subject image: setuid and setgid
 * files, file capabilities, paths that every user can write, devices.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_INVENTORY_H
#define XSMALL_TUI_CLI_REPORT_REPORT_INVENTORY_H

#include "image/content/inventory.h"
#include "session/session.h"

/* The text lists the first paths of each kind, JSON all. */
bool report_inventory_text(struct session *session, struct err *err);
bool report_inventory_json(struct session *session, struct err *err);

#endif
