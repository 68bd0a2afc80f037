/* SPDX-License-Identifier: MIT
 *
 * Shows a file of the image: its properties, then its content as text with line numbers or as
 * bytes.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_FILE_H
#define XSMALL_TUI_VIEWS_VIEW_FILE_H

#include <stdint.h>

struct app;
/* Opens the view on a regular file. Follows a symbolic link. Prints a message if the target is not
 * a regular file. */
void view_file_open(struct app *app, uint32_t node);

#endif
