/* SPDX-License-Identifier: MIT
 *
 * A grid of cells that views are painted into, and what turns bytes into cells: every byte of an
 * image or a log that reaches the terminal goes through screen_put, which shows what is unsafe
 * escaped and never sends it.
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
    ROLE_PREFIX, /* the log's name before a line */
    ROLE_MATCH,
    ROLE_ERROR,
    ROLE_ESCAPED, /* what was unsafe */
    N_ROLES
};

struct cell {
    uint32_t rune; /* 0: the right half of a wide one before it */
    uint8_t role;  /* enum role */
    bool selected;
};

struct screen {
    struct cell *cells; /* owned; width * height, row by row */
    int width, height;
    int cursor_x, cursor_y; /* of a prompt; -1: none */
};

void screen_resize(struct screen *screen, int width, int height); /* and blanks it */
void screen_finish(struct screen *screen);
void screen_clear(struct screen *screen);
void screen_fill(struct screen *screen, int y, enum role role, bool selected); /* a row of blanks */

/* Writes text from column x on, never at or past column `end`; what does not fit ends in "…".
 * Returns the column behind it. */
int screen_put(struct screen *screen, int x, int y, int end, struct bytes text, enum role role,
               bool selected);
/* The same of a text whose first `head` bytes are shown as a prefix, whose first `left` columns are
 * scrolled off, and in which `found` (search_match.h) is highlighted. */
struct screen_look {
    enum role role;
    bool selected;
    size_t head;
    int left;
    struct bytes found;
};
int screen_put_look(struct screen *screen, int x, int y, int end, struct bytes text,
                    const struct screen_look *look);
/* As screen_put, ending at column `end`, starting no further left than x. */
void screen_put_right(struct screen *screen, int x, int y, int end, struct bytes text,
                      enum role role, bool selected);
/* A bar of `part` of `whole` in eighths of a cell. */
void screen_bar(struct screen *screen, int x, int y, int end, int64_t part, int64_t whole,
                bool selected);
/* What a painted screen is written with: everything; lines, bars, arrows and the like in ASCII; all
 * of it in ASCII, with a question mark for what has no sign of its own there. */
enum screen_charset { SCREEN_UTF8, SCREEN_ASCII_SIGNS, SCREEN_ASCII };
void screen_write_in(struct screen *screen, enum screen_charset charset);
/* Columns that text takes when it is shown. */
int text_width(struct bytes text);

/* The screen as UTF-8 text, a line a row, without trailing blanks; appended. For tests. */
void screen_dump(const struct screen *screen, struct buf *out);

#endif
