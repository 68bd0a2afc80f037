/* SPDX-License-Identifier: MIT
 *
 * The part of `xsmall report` about the subject image: its sizes, the changes of each layer, the
 * files that later layers hide, and dive's figures.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_IMAGE_H
#define XSMALL_TUI_CLI_REPORT_REPORT_IMAGE_H

#include "image/merge/layers.h"
#include "session/session.h"

/* layers are those of the subject image; NULL: no subject image. The text lists the largest hidden
 * files, JSON all. */
void report_image_text(const struct session *session, const struct layers *layers);
void report_image_json(const struct session *session, const struct layers *layers);

#endif
