/* SPDX-License-Identifier: MIT
 *
 * The loop on a terminal: waits for a key, a thread or a signal, handles all pending input, paints
 * once.
 */
#include "explorer/explorer.h"

#include "app/app.h"
#include "explorer/app_turn.h"
#include "paint/paint.h"
#include "term/signals.h"
#include "term/term.h"
#include "util/interrupt.h"

/* Resizes the screen to the terminal's size. Returns true if the size has changed. */
static bool fit(struct app *app)
{
    int width, height;
    term_size(&width, &height);
    if (width == app->screen.width && height == app->screen.height)
        return false;
    screen_resize(&app->screen, width, height);
    return true;
}

static void drain(struct app *app)
{
    struct mouse_event mouse;
    for (uint32_t key; !app->quit && (key = term_key(&mouse));) {
        if (key == KEY_MOUSE_)
            mouse_input(app, &mouse);
        else if (key != KEY_RESIZE_)
            input_key(app, key);
        if (app->terminal.suspend) {
            app->terminal.suspend = false;
            term_suspend();
        }
        if (app->terminal.clipboard.n)
            term_copy(buf_bytes(&app->terminal.clipboard));
        buf_clear(&app->terminal.clipboard);
        if (app->terminal.redraw)
            term_redraw();
        app->terminal.redraw = false;
    }
    if (fit(app))
        app->dirty = true;
}

static bool run(struct app *app, struct signals *signals, struct err *err)
{
    while (app_turn(app, err)) {
        drain(app);
        if (app->quit)
            return true;
        scheduler_next(app); /* starts jobs for the new decisions before painting */
        if (app->dirty || app->loading.loader)
            paint(app), term_show(&app->screen, &app->config);
        bool ended;
        if (!signals_wait(signals, app->wake, app_timeout(app), &ended, err))
            return false;
        if (ended)
            return true; /* all decisions are stored already */
    }
    return err->kind == ERR_NONE;
}

bool explorer_run(const struct explorer_options *options, struct err *err)
{
    struct app app;
    struct signals signals;
    err->kind = ERR_NONE;
    if (!signals_init(&signals, err))
        return false;
    signal(SIGPIPE,
           SIG_IGN); /* the terminal is no pipe; a pipe elsewhere must not end the screen */
    interrupt_release();
    bool ok = app_init(&app, options, err);
    if (ok && (ok = term_init(&app.config, err))) {
        fit(&app);
        ok = run(&app, &signals, err);
        term_finish();
    }
    app_finish(&app);
    signals_finish(&signals);
    return ok;
}
