/* SPDX-License-Identifier: MIT
 *
 * One line of text being typed. It may hold any bytes; newlines of a paste become spaces.
 */
#ifndef XSMALL_TUI_APP_PROMPT_H
#define XSMALL_TUI_APP_PROMPT_H

#include "app/actions.h"

struct prompt {
    struct buf text;
    size_t cursor; /* byte offset, at the start of a code point */
};

void prompt_set(struct prompt *prompt, struct bytes text); /* cursor at the end */
/* Handles an editing key; false: not one. *changed: the text is another now. */
bool prompt_key(struct prompt *prompt, uint32_t key, bool *changed);
void prompt_finish(struct prompt *prompt);

#endif
