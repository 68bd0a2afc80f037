/* SPDX-License-Identifier: MIT
 *
 * A file of the image, looked into: text with line numbers, or bytes; what is known of it on top.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_FILE_H
#define XSMALL_TUI_VIEWS_VIEW_FILE_H

#include <stdint.h>

struct app;
/* Opens a regular file, or the one that a link leads to; reports it if there is none. */
void view_file_open(struct app *app, uint32_t node);

#endif
