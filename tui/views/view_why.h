/* SPDX-License-Identifier: MIT
 *
 * Why a path of the subject is kept, or what dropped it; then its layer and its package. Enter goes
 * on from there: to a path in the tree, to the lines of one, to the layer, to the package.
 */
#ifndef XSMALL_TUI_VIEWS_VIEW_WHY_H
#define XSMALL_TUI_VIEWS_VIEW_WHY_H

#include <stdint.h>

struct app;
/* Opens the view on a node of the subject, or reports why it cannot. */
void view_why_open(struct app *app, uint32_t node);

#endif
