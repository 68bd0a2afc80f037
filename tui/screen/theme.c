/* SPDX-License-Identifier: MIT
 *
 * Colours 0 to 7 are in the order of ECMA-48; 8 to 15 are their bright variants. A terminal with 8
 * colours uses the plain colours instead. The 256 colours are those of xterm. Each has a contrast
 * of at least 4.5 to black (dark theme) or white (light theme), as WCAG 2 requires for text.
 */
#include "screen/theme.h"

enum { RED = 1, GREEN, YELLOW, BLUE, MAGENTA, CYAN, BRIGHT = 8 };

const char *const theme_names[N_THEMES] = {"dark", "light", "mono"};

static const unsigned attributes[N_ROLES] = {
    [ROLE_DIM] = LOOK_DIM,    [ROLE_HEADER] = LOOK_BOLD,
    [ROLE_TITLE] = LOOK_DIM,  [ROLE_TAB_ON] = LOOK_BOLD | LOOK_UNDERLINE,
    [ROLE_DIR] = LOOK_BOLD,   [ROLE_MATCH] = LOOK_BOLD,
    [ROLE_ERROR] = LOOK_BOLD, [ROLE_ESCAPED] = LOOK_BOLD,
};

/* Colour numbers for terminals with 16 (few) and 256 (many) colours; 0: no colour. */
static const struct {
    short few, many;
} colors[N_THEMES][N_ROLES] = {
    [THEME_DARK] = {[ROLE_KEEP] = {GREEN, 114},
                    [ROLE_DROP] = {RED | BRIGHT, 210},
                    [ROLE_BASE] = {CYAN, 80},
                    [ROLE_BAR] = {BLUE | BRIGHT, 75},
                    [ROLE_DIR] = {BLUE | BRIGHT, 111},
                    [ROLE_PREFIX] = {CYAN, 73},
                    [ROLE_MATCH] = {YELLOW | BRIGHT, 221},
                    [ROLE_ERROR] = {RED | BRIGHT, 210},
                    [ROLE_ESCAPED] = {MAGENTA | BRIGHT, 177}},
    [THEME_LIGHT] = {[ROLE_KEEP] = {GREEN, 28},
                     [ROLE_DROP] = {RED, 124},
                     [ROLE_BASE] = {BLUE, 24},
                     [ROLE_BAR] = {BLUE, 25},
                     [ROLE_DIR] = {BLUE, 25},
                     [ROLE_PREFIX] = {CYAN, 24},
                     [ROLE_MATCH] = {MAGENTA, 94},
                     [ROLE_ERROR] = {RED, 124},
                     [ROLE_ESCAPED] = {MAGENTA, 127}},
};

struct look theme_look(enum theme theme, enum role role, int n_colors)
{
    struct look look = {attributes[role], -1};
    short few = colors[theme][role].few;
    /* without colours, underline matches too, because other text is bold as well */
    if (role == ROLE_MATCH && (theme == THEME_MONO || n_colors < 8))
        look.attributes |= LOOK_UNDERLINE;
    if (few && n_colors >= 8)
        look.color = n_colors >= 256  ? colors[theme][role].many
                     : n_colors >= 16 ? few
                                      : (short)(few & ~BRIGHT);
    return look;
}
