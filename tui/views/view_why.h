/* SPDX-License-Identifier: MIT
 *
 * Explains why a path of the subject image is kept or dropped, and names its layer and its package.
 * Enter opens the object of a row: a path in the tree, the lines of a path, the layer or the
 * package.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_WHY_H
#define XSMALL_TUI_VIEWS_VIEW_WHY_H

#include <stdint.h>

struct app;
/* Opens the view on a node of the subject image. On failure prints a message. */
void view_why_open(struct app *app, uint32_t node);

#endif
