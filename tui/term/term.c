/* SPDX-License-Identifier: MIT
 *
 * On a crash, a signal handler restores the terminal and raises the signal again with its default
 * action. The loop handles the signals that end the program (signals.h). The only global state of
 * this file is the data for the crash handler.
 */
#define NCURSES_WIDECHAR 1
#include "term/term.h"

#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <curses.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/text.h"
#include "util/write_all.h"

enum { CODE_PASTE_BEGIN = KEY_MAX + 1, CODE_PASTE_END };

static void write_text(const char *text)
{
    write_all(STDOUT_FILENO, bytes_of(text));
}

/* The data with which the crash handler restores the terminal. endwin is not async-signal-safe. */
static struct {
    struct termios modes;
    char text[256];
    size_t n;
} saved;

/* Appends a terminfo string without its padding, $<...>. */
static void add_restore_text(const char *text)
{
    while (text && text != (const char *)-1 && *text && saved.n < sizeof saved.text) {
        const char *pause = !strncmp(text, "$<", 2) ? strchr(text, '>') : NULL;
        if (!pause)
            saved.text[saved.n++] = *text;
        text = (pause ? pause : text) + 1;
    }
}

static void restore_terminal(int number)
{
    ssize_t ignored = write(STDOUT_FILENO, saved.text, saved.n);
    (void)ignored;
    tcsetattr(STDOUT_FILENO, TCSANOW, &saved.modes);
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_crashes(void)
{
    static const int crashes[] = {SIGSEGV, SIGBUS, SIGFPE, SIGABRT, SIGILL};
    static const char *const ends[] = {"sgr0", "rmkx", "cnorm", "rmcup"};
    saved.n = 0;
    add_restore_text("\033[?2004l\033[?1000l\033[?1006l"); /* bracketed paste and mouse off */
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        add_restore_text(tigetstr(ends[i]));
    for (size_t i = 0; i < sizeof crashes / sizeof *crashes; i++)
        signal(crashes[i], restore_terminal);
}

/* Defines a colour pair for each role; the number of the pair is the number of the role. */
static void start_colors(enum theme theme)
{
    if (!has_colors())
        return;
    start_color();
    use_default_colors();
    for (enum role role = 1; role < N_ROLES; role++)
        init_pair((short)role, theme_look(theme, role, COLORS).color, -1);
}

static enum theme theme_of(const struct config *config)
{
    const char *no_color = getenv("NO_COLOR");
    return no_color && *no_color ? THEME_MONO : config->theme;
}

bool term_init(const struct config *config, struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
        return err_set(err, "explorer: needs a terminal; xsmall --help lists the commands");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
    tcgetattr(STDOUT_FILENO, &saved.modes);
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return err_set(err, "TERM='%s': unknown terminal type; expected one such as xterm",
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
    start_colors(theme_of(config));
    if (config->mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0); /* report a press at once; mouse.c detects double-clicks */
    }
    write_text("\033[?2004h");
    catch_crashes();
    return true;
}

void term_finish(void)
{
    write_text("\033[?2004l");
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

static attr_t attributes_of(const struct cell *cell, struct look look)
{
    return (look.attributes & LOOK_BOLD ? A_BOLD : 0) | (look.attributes & LOOK_DIM ? A_DIM : 0) |
           (look.attributes & LOOK_UNDERLINE ? A_UNDERLINE : 0) | (cell->selected ? A_REVERSE : 0);
}

void term_show(const struct screen *screen, const struct config *config)
{
    struct look looks[N_ROLES];
    for (enum role role = 0; role < N_ROLES; role++)
        looks[role] = theme_look(theme_of(config), role, has_colors() ? COLORS : 0);
    for (int y = 0; y < screen->height; y++) {
        for (int x = 0; x < screen->width; x++) {
            const struct cell *cell = &screen->cells[y * screen->width + x];
            if (!cell->rune)
                continue;
            struct look look = looks[cell->role];
            short pair = look.color < 0 ? 0 : (short)cell->role;
            wchar_t text[2] = {(wchar_t)cell->rune, 0};
            cchar_t out;
            setcchar(&out, text, attributes_of(cell, look), pair, NULL);
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

/* Reads a mouse event. Returns false for other events, such as a release. */
static bool read_mouse(struct mouse_event *out)
{
    MEVENT event;
    if (getmouse(&event) != OK)
        return false;
    *out = (struct mouse_event){.kind = event.bstate & BUTTON4_PRESSED   ? MOUSE_WHEEL_UP
                                        : event.bstate & BUTTON5_PRESSED ? MOUSE_WHEEL_DOWN
                                                                         : MOUSE_PRESS,
                                .x = event.x,
                                .y = event.y,
                                .ms = (int64_t)(clock_ns() / 1000000)};
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
    write_all(STDOUT_FILENO, buf_bytes(&out));
}

void term_suspend(void)
{
    term_finish();
    raise(SIGTSTP);
    write_text("\033[?2004h");
    refresh();
    term_redraw();
}
