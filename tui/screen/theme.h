/* SPDX-License-Identifier: MIT
 *
 * How roles look: attributes and colours, in three themes. No role is told by its colour alone: it
 * has a sign or words in the text, or an attribute. The background is the terminal's own.
 */
#ifndef XSMALL_TUI_SCREEN_THEME_H
#define XSMALL_TUI_SCREEN_THEME_H

#include "screen/screen.h"

enum theme { THEME_DARK, THEME_LIGHT, THEME_MONO, N_THEMES };
enum look_attribute { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4 };

struct look {
    unsigned attributes; /* of enum look_attribute */
    short color;         /* -1: the terminal's own */
};

extern const char *const theme_names[N_THEMES];
/* On a terminal of so many colours: below 8 there are none, below 256 the first 8 or 16. */
struct look theme_look(enum theme theme, enum role role, int n_colors);

#endif
