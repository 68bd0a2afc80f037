/* SPDX-License-Identifier: MIT
 *
 * The explorer without a terminal: reads keys, prints screens.
 *
 *     screen_driver [--follow|--replace] WIDTHxHEIGHT SESSION [IMAGE|LOG ...] < script
 *
 * Each line of a script is one of:
 *
 *     key WORD         a key as in actions.h: j, Down, C-r, Space
 *     type TEXT        keys for the text
 *     paste TEXT       a paste; \e in it is an escape and an Enter
 *     size WxH         changes the size
 *     wait             waits until no job runs
 *     loading          waits until the load of the operands has begun
 *     pause MS         waits that long, even if jobs run
 *     dump             prints the screen
 *     click X Y MS     a click on a cell (from 0), at that time
 *     wheel up|down    turns the wheel
 *     selected         prints the selected rows, from 1
 *     clipboard        prints what the terminal's clipboard would get
 *     config FILE      reads a user's configuration
 *     no-utf8 FILE     the same in a locale without UTF-8
 *     history FILE     reads the file of earlier inputs
 *     roles            prints a letter for each cell: d dim, p prefix, m match, e escaped, x others
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <locale.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "explorer/app_turn.h"
#include "paint/paint.h"
#include "util/text.h"

static void die(const char *what, const char *why)
{
    fprintf(stderr, "screen_driver: %s: %s\n", what, why);
    exit(2);
}

static void turn(struct app *app)
{
    struct err err = {0};
    if (!app_turn(app, &err) && !app->quit)
        die("app_turn", err.text);
}

static void wait_idle(struct app *app)
{
    turn(app);
    while (!app_is_idle(app)) {
        struct pollfd wake = {app->wake, POLLIN, 0};
        int ms = app_timeout(app);
        poll(&wake, 1, ms < 0 ? 1000 : ms);
        turn(app);
    }
}

/* Waits until the load has begun. */
static void wait_loading(struct app *app)
{
    for (turn(app); !app->loading.loader; turn(app)) {
        struct pollfd wake = {app->wake, POLLIN, 0};
        poll(&wake, 1, 1000);
    }
}

static void pause_for(struct app *app, int64_t ms)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (int64_t end = now.tv_sec * 1000 + now.tv_nsec / 1000000 + ms; ms > 0;
         ms = end - now.tv_sec * 1000 - now.tv_nsec / 1000000) {
        struct pollfd wake = {app->wake, POLLIN, 0};
        poll(&wake, 1, (int)ms);
        turn(app);
        clock_gettime(CLOCK_MONOTONIC, &now);
    }
}

static void type(struct app *app, struct bytes text)
{
    while (text.n) {
        uint32_t rune;
        size_t n = text_decode(text, &rune);
        input_key(app, n ? rune : '?');
        text = bytes_skip(text, n ? n : 1);
    }
}

static void resize(struct app *app, const char *size)
{
    int width, height;
    if (sscanf(size, "%dx%d", &width, &height) != 2)
        die(size, "not a size");
    screen_resize(&app->screen, width, height);
}

static void dump(struct app *app)
{
    BUF_AUTO struct buf out = {0};
    turn(app);
    paint(app);
    screen_dump(&app->screen, &out);
    fwrite(out.p, 1, out.n, stdout);
    puts("==");
    fflush(stdout);
}

static void dump_roles(struct app *app)
{
    static const char letters[N_ROLES] = {
        [ROLE_DIM] = 'd', [ROLE_PREFIX] = 'p', [ROLE_MATCH] = 'm', [ROLE_ESCAPED] = 'e'};
    turn(app);
    paint(app);
    const struct screen *screen = &app->screen;
    for (int i = 0; i < screen->width * screen->height; i++) {
        const struct cell *cell = &screen->cells[i];
        putchar(cell->rune == ' ' ? ' ' : letters[cell->role] ? letters[cell->role] : 'x');
        if ((i + 1) % screen->width == 0)
            putchar('\n');
    }
    puts("==");
    fflush(stdout);
}

static void dump_clipboard(struct app *app)
{
    fwrite(app->terminal.clipboard.p, 1, app->terminal.clipboard.n, stdout);
    puts("\n==");
    fflush(stdout);
    buf_clear(&app->terminal.clipboard);
}

static void dump_selected(struct app *app)
{
    turn(app);
    paint(app);
    for (int y = 0; y < app->screen.height; y++)
        if (app->screen.cells[y * app->screen.width].selected)
            printf("%d ", y + 1);
    puts("\n==");
    fflush(stdout);
}

static void point(struct app *app, const char *line)
{
    struct mouse_event event = {.kind = line[0] == 'c'              ? MOUSE_PRESS
                                        : !strcmp(line, "wheel up") ? MOUSE_WHEEL_UP
                                                                    : MOUSE_WHEEL_DOWN};
    long long ms = 0;
    if (event.kind == MOUSE_PRESS && sscanf(line, "click %d %d %lld", &event.x, &event.y, &ms) != 3)
        die(line, "not a click");
    event.ms = ms;
    turn(app);
    paint(app); /* who points has seen where */
    mouse_input(app, &event);
}

static void read_config(struct app *app, const char *path, bool is_utf8)
{
    char text[CONFIG_MAX_BYTES];
    struct err err;
    FILE *file = fopen(path, "re");
    if (!file)
        die(path, "cannot be read");
    size_t n = fread(text, 1, sizeof text, file);
    fclose(file);
    if (!config_parse(&app->config, bytes_from(text, n), path, &err))
        die("config", err.text);
    config_fit(&app->config, is_utf8);
}

static void run_line(struct app *app, char *line)
{
    char *rest = strchr(line, ' ');
    rest = rest ? rest + 1 : line + strlen(line);
    uint32_t key = key_of_word(bytes_of(rest));
    if (!strncmp(line, "key ", 4) && key)
        input_key(app, key);
    else if (!strncmp(line, "type ", 5))
        type(app, bytes_of(rest));
    else if (!strncmp(line, "paste ", 6)) {
        for (char *at = rest; (at = strstr(at, "\\e"));)
            memcpy(at, "\033\r", 2);
        input_key(app, KEY_PASTE_BEGIN_);
        type(app, bytes_of(rest));
        input_key(app, KEY_PASTE_END_);
    } else if (!strncmp(line, "size ", 5))
        resize(app, rest);
    else if (!strncmp(line, "click ", 6) || !strncmp(line, "wheel ", 6))
        point(app, line);
    else if (!strncmp(line, "config ", 7))
        read_config(app, rest, true);
    else if (!strncmp(line, "no-utf8 ", 8))
        read_config(app, rest, false);
    else if (!strncmp(line, "history ", 8))
        input_history_read(&app->prompt.history, rest);
    else if (!strcmp(line, "wait"))
        wait_idle(app);
    else if (!strcmp(line, "loading"))
        wait_loading(app);
    else if (!strncmp(line, "pause ", 6))
        pause_for(app, strtol(rest, NULL, 10));
    else if (!strcmp(line, "dump"))
        dump(app);
    else if (!strcmp(line, "clipboard"))
        dump_clipboard(app);
    else if (!strcmp(line, "selected"))
        dump_selected(app);
    else if (!strcmp(line, "roles"))
        dump_roles(app);
    else
        die(line, "not a command of a script");
}

int main(int argc, char **argv)
{
    struct app app;
    struct err err = {0};
    bool follow = argc > 1 && !strcmp(argv[1], "--follow");
    bool replace = argc > 1 && !strcmp(argv[1], "--replace");
    if (follow || replace)
        argc--, argv++;
    if (argc < 3)
        die("usage",
            "screen_driver [--follow|--replace] WIDTHxHEIGHT SESSION [OPERAND ...] < script");
    setlocale(LC_CTYPE, "C.UTF-8");
    struct explorer_options options = {.session_path = argv[2],
                                       .follow = follow,
                                       .load = {.session_path = argv[2],
                                                .replace = replace,
                                                .operands = (const char *const *)argv + 3,
                                                .n_operands = (size_t)argc - 3}};
    if (!app_init(&app, &options, &err))
        die(argv[2], err.text);
    resize(&app, argv[1]);
    char line[4096];
    while (!app.quit && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        if (line[0])
            run_line(&app, line);
    }
    app_finish(&app);
    return 0;
}
