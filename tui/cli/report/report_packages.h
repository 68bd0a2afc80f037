/* SPDX-License-Identifier: MIT
 *
 * The part of `xsmall report` about packages: the bytes of each in the subject image, how many of
 * them the trace used, and how many are kept.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_PACKAGES_H
#define XSMALL_TUI_CLI_REPORT_REPORT_PACKAGES_H

#include "session/session.h"

/* session must be settled. The text lists the largest packages, JSON all. */
bool report_packages_text(struct session *session, struct err *err);
bool report_packages_json(struct session *session, struct err *err);

#endif
