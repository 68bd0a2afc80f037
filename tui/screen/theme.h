/* SPDX-License-Identifier: MIT
 *
 * The attributes and colours of roles in three themes. No information is shown by colour only: each
 * role also has a sign or words in the text, or an attribute. The background is not changed.
 */
#ifndef XSMALL_TUI_SCREEN_THEME_H
#define XSMALL_TUI_SCREEN_THEME_H

#include "screen/screen.h"

enum theme { THEME_DARK, THEME_LIGHT, THEME_MONO, N_THEMES };
enum look_attribute { LOOK_BOLD = 1, LOOK_DIM = 2, LOOK_UNDERLINE = 4 };

struct look {
    unsigned attributes; /* bits of enum look_attribute */
    short color;         /* -1: the terminal's default */
};

extern const char *const theme_names[N_THEMES];
/* Returns the look of a role on a terminal with n_colors colours. With less than 8 colours, no
 * colour is used; with less than 256, only the first 8 or 16. */
struct look theme_look(enum theme theme, enum role role, int n_colors);

#endif
