/* SPDX-License-Identifier: MIT
 *
 * A crash puts the terminal back and then does what it does by default; signals that ask the
 * program to end are the loop's. Curses keeps its state in globals of its own; nothing of ours is
 * global.
 */
#define NCURSES_WIDECHAR 1
#include "term.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/text.h"

enum { PAIR_KEEP = 1, PAIR_DROP, PAIR_BASE, PAIR_BAR, PAIR_DIR, PAIR_MATCH, PAIR_ESCAPED };
enum { CODE_PASTE_BEGIN = KEY_MAX + 1, CODE_PASTE_END };

static void write_bytes(struct bytes text)
{
    ssize_t n;
    while (text.n && ((n = write(STDOUT_FILENO, text.p, text.n)) > 0 || (n < 0 && errno == EINTR)))
        text = bytes_skip(text, n > 0 ? (size_t)n : 0);
}

static void write_all(const char *text)
{
    write_bytes(bytes_of(text));
}

static void put_back(int number)
{
    write_all("\033[?2004l"); /* no bracketed paste any more */
    endwin();
    signal(number, SIG_DFL);
    raise(number);
}

static void start_colors(void)
{
    const char *no_color = getenv("NO_COLOR");
    if ((no_color && *no_color) || !has_colors())
        return;
    start_color();
    use_default_colors();
    init_pair(PAIR_KEEP, COLOR_GREEN, -1);
    init_pair(PAIR_DROP, COLOR_RED, -1);
    init_pair(PAIR_BASE, COLOR_CYAN, -1);
    init_pair(PAIR_BAR, COLOR_BLUE, -1);
    init_pair(PAIR_DIR, COLOR_BLUE, -1);
    init_pair(PAIR_MATCH, COLOR_YELLOW, -1);
    init_pair(PAIR_ESCAPED, COLOR_MAGENTA, -1);
}

bool term_init(const struct config *config, struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(err, "the explorer needs a terminal (xsmall --help tells the commands)");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return err_set(err, "terminal type '%s' is not known",
                       getenv("TERM") ? getenv("TERM") : "");
    set_term(screen);
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    define_key("\033[200~", CODE_PASTE_BEGIN);
    define_key("\033[201~", CODE_PASTE_END);
    start_colors();
    if (config->mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0); /* a press is told at once, not when it can be no double one any more */
    }
    write_all("\033[?2004h");
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL};
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        signal(crashes[i], put_back);
    return true;
}

void term_finish(void)
{
    write_all("\033[?2004l");
    endwin();
}

void term_size(int *width, int *height)
{
    getmaxyx(stdscr, *height, *width);
}

void term_redraw(void)
{
    clearok(curscr, TRUE);
}

static attr_t attributes_of(const struct cell *cell, short *pair)
{
    static const struct {
        attr_t attributes;
        short pair;
    } looks[N_ROLES] = {
        [ROLE_DIM] = {A_DIM, 0},
        [ROLE_HEADER] = {A_BOLD, 0},
        [ROLE_TITLE] = {A_DIM, 0},
        [ROLE_TAB_ON] = {A_BOLD | A_UNDERLINE, 0},
        [ROLE_KEEP] = {0, PAIR_KEEP},
        [ROLE_DROP] = {0, PAIR_DROP},
        [ROLE_BASE] = {0, PAIR_BASE},
        [ROLE_BAR] = {0, PAIR_BAR},
        [ROLE_DIR] = {A_BOLD, PAIR_DIR},
        [ROLE_PREFIX] = {0, PAIR_BASE},
        [ROLE_MATCH] = {A_BOLD, PAIR_MATCH},
        [ROLE_ERROR] = {A_BOLD, PAIR_DROP},
        [ROLE_ESCAPED] = {A_BOLD, PAIR_ESCAPED},
    };
    *pair = looks[cell->role].pair;
    return looks[cell->role].attributes | (cell->selected ? A_REVERSE : 0);
}

void term_show(const struct screen *screen)
{
    for (int y = 0; y < screen->height; y++) {
        for (int x = 0; x < screen->width; x++) {
            const struct cell *cell = &screen->cells[y * screen->width + x];
            if (!cell->rune)
                continue;
            short pair;
            attr_t attributes = attributes_of(cell, &pair);
            wchar_t text[2] = {(wchar_t)cell->rune, 0};
            cchar_t out;
            setcchar(&out, text, attributes, pair, NULL);
            mvadd_wch(y, x, &out);
        }
    }
    curs_set(screen->cursor_x >= 0);
    if (screen->cursor_x >= 0)
        move(screen->cursor_y, screen->cursor_x);
    refresh();
}

static uint32_t key_of_code(wint_t code)
{
    static const struct {
        wint_t code;
        uint32_t key;
    } keys[] = {
        {KEY_UP, KEY_UP_},
        {KEY_DOWN, KEY_DOWN_},
        {KEY_LEFT, KEY_LEFT_},
        {KEY_RIGHT, KEY_RIGHT_},
        {KEY_PPAGE, KEY_PAGE_UP_},
        {KEY_NPAGE, KEY_PAGE_DOWN_},
        {KEY_HOME, KEY_HOME_},
        {KEY_END, KEY_END_},
        {KEY_BACKSPACE, KEY_BACKSPACE_},
        {KEY_DC, KEY_DELETE_},
        {KEY_ENTER, KEY_ENTER_},
        {KEY_RESIZE, KEY_RESIZE_},
        {KEY_MOUSE, KEY_MOUSE_},
        {CODE_PASTE_BEGIN, KEY_PASTE_BEGIN_},
        {CODE_PASTE_END, KEY_PASTE_END_},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].code == code)
            return keys[i].key;
    return KEY_NONE_;
}

/* False: it is nothing for us, as a release is. */
static bool read_mouse(struct mouse_event *out)
{
    MEVENT event;
    struct timespec now;
    if (getmouse(&event) != OK)
        return false;
    clock_gettime(CLOCK_MONOTONIC, &now);
    *out = (struct mouse_event){.kind = event.bstate & BUTTON4_PRESSED   ? MOUSE_WHEEL_UP
                                        : event.bstate & BUTTON5_PRESSED ? MOUSE_WHEEL_DOWN
                                                                         : MOUSE_PRESS,
                                .x = event.x,
                                .y = event.y,
                                .ms = now.tv_sec * 1000 + now.tv_nsec / 1000000};
    return event.bstate & (BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED);
}

uint32_t term_key(struct mouse_event *mouse)
{
    for (;;) {
        wint_t code;
        int result = get_wch(&code);
        if (result == ERR)
            return KEY_NONE_;
        uint32_t key = result == KEY_CODE_YES ? key_of_code(code) : key_of_byte((uint32_t)code);
        if (key && (key != KEY_MOUSE_ || read_mouse(mouse)))
            return key;
    }
}

void term_copy(struct bytes text)
{
    BUF_AUTO struct buf out = {0};
    buf_add(&out, bytes_of("\033]52;c;"));
    text_base64(text, &out);
    buf_byte(&out, '\a');
    write_bytes(buf_bytes(&out));
}

void term_suspend(void)
{
    term_finish();
    raise(SIGTSTP);
    write_all("\033[?2004h");
    refresh();
    term_redraw();
}
