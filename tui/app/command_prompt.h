/* SPDX-License-Identifier: MIT
 *
 * The ':' prompt: an action by its name, with an argument if the action takes one, or a row by its
 * number.
 *
 *     :keep /usr/lib       :extract out      :120
 */
#ifndef XSMALL_TUI_APP_COMMAND_PROMPT_H
#define XSMALL_TUI_APP_COMMAND_PROMPT_H

#include "app/prompt.h"

extern const struct prompt_type command_prompt;

#endif
