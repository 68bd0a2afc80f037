/* SPDX-License-Identifier: MIT
 *
 * The help screen: every action with its keys as they are bound, those of what is shown first.
 */
#ifndef XSMALL_TUI_APP_HELP_H
#define XSMALL_TUI_APP_HELP_H

#include "app/bindings.h"

struct view;
/* Appended: the actions of the view, or with focus SCOPE_PANEL of the patterns; then the others.
 * Lines are broken between words at width columns where that leaves room for words. */
void help_print(const struct bindings *bindings, const struct view *view, enum scope focus,
                int width, struct buf *out);

#endif
