/* SPDX-License-Identifier: MIT
 *
 * A grid of cells, and functions that convert text to cells. All bytes of images and logs are shown
 * with screen_put, which escapes unsafe characters, so that they never reach the terminal.
 *
 * Not here: the terminal (term.h copies the grid to it).
 */
#ifndef XSMALL_TUI_SCREEN_SCREEN_H
#define XSMALL_TUI_SCREEN_SCREEN_H

#include <stdbool.h>
#include <stdint.h>

#include "util/bytes.h"

enum role {
    ROLE_TEXT,
    ROLE_DIM,
    ROLE_HEADER,
    ROLE_TITLE, /* column titles, separators */
    ROLE_TAB_ON,
    ROLE_KEEP,
    ROLE_DROP,
    ROLE_BASE,
    ROLE_BAR,
    ROLE_DIR,
    ROLE_PREFIX, /* the name of the log before a line */
    ROLE_MATCH,
    ROLE_ERROR,
    ROLE_ESCAPED, /* an escaped unsafe character */
    N_ROLES
};

struct cell {
    uint32_t rune; /* 0: the right half of the wide character in the previous cell */
    uint8_t role;  /* enum role */
    bool selected;
};

struct screen {
    struct cell *cells; /* owned; width * height, row by row */
    int width, height;
    int cursor_x, cursor_y; /* cursor of a prompt; -1: no cursor */
};

void screen_resize(struct screen *screen, int width, int height); /* clears it too */
void screen_finish(struct screen *screen);
void screen_clear(struct screen *screen);
/* Fills row y with blanks. */
void screen_fill(struct screen *screen, int y, enum role role, bool selected);

/* Writes text from column x up to column `end` (exclusive). Text that does not fit is cut and ends
 * in "…". Returns the column after the text. */
int screen_put(struct screen *screen, int x, int y, int end, struct bytes text, enum role role,
               bool selected);
/* Options of screen_put_look. */
struct screen_look {
    enum role role;
    bool selected;
    size_t head;        /* the first bytes, shown with ROLE_PREFIX */
    int left;           /* columns that are scrolled out on the left */
    struct bytes found; /* text to highlight (search_match.h); n 0: nothing */
};
/* Writes text as screen_put, with options. */
int screen_put_look(struct screen *screen, int x, int y, int end, struct bytes text,
                    const struct screen_look *look);
/* Writes text so that it ends at column `end`; it never starts before column x. */
void screen_put_right(struct screen *screen, int x, int y, int end, struct bytes text,
                      enum role role, bool selected);
/* Writes a bar that shows part / whole, with a resolution of 1/8 cell. */
void screen_bar(struct screen *screen, int x, int y, int end, int64_t part, int64_t whole,
                bool selected);
/* The characters that are sent to the terminal. */
enum screen_charset {
    SCREEN_UTF8,
    SCREEN_ASCII_SIGNS, /* text in UTF-8; lines, bars and arrows in ASCII */
    SCREEN_ASCII        /* ASCII only; "?" for characters that have no replacement */
};
/* Replaces the characters of a painted screen that the charset does not have. */
void screen_write_in(struct screen *screen, enum screen_charset charset);
/* Returns the number of columns of the shown text. */
int text_width(struct bytes text);

/* Appends the screen as UTF-8 text, one line per row, without trailing blanks. For tests. */
void screen_dump(const struct screen *screen, struct buf *out);

#endif
