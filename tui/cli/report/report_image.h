/* SPDX-License-Identifier: MIT
 *
 * The part of xsmall report about the subject: its sizes, what each layer did, which contents are
 * dead and why, and dive's figures next to them.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_IMAGE_H
#define XSMALL_TUI_CLI_REPORT_REPORT_IMAGE_H

#include "image/merge/layers.h"
#include "session/session.h"

/* layers: of the subject; NULL without one. The text lists the biggest dead contents, JSON all. */
void report_image_text(const struct session *session, const struct layers *layers);
void report_image_json(const struct session *session, const struct layers *layers);

#endif
