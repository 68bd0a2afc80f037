/* SPDX-License-Identifier: MIT
 *
 * The part of xsmall report about packages: what each has installed in the subject, what of it the
 * trace used, what is kept.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_PACKAGES_H
#define XSMALL_TUI_CLI_REPORT_REPORT_PACKAGES_H

#include "session/session.h"

/* session is settled. The text lists the biggest ones, JSON all. */
bool report_packages_text(struct session *session, struct err *err);
bool report_packages_json(struct session *session, struct err *err);

#endif
