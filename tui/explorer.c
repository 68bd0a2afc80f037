/* SPDX-License-Identifier: MIT
 *
 * The loop on a terminal: wait for a key or for a thread, drain the input, paint once.
 */
#include "explorer.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "app.h"
#include "term.h"

/* Adopts the terminal's size; true if it is another. */
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
    for (uint32_t key; !app->quit && (key = term_key());) {
        if (key != KEY_RESIZE_)
            input_key(app, key);
        if (app->suspend) {
            app->suspend = false;
            term_suspend();
        }
        if (app->redraw)
            term_redraw();
        app->redraw = false;
    }
    if (fit(app))
        app->dirty = true;
}

static bool run(struct app *app, struct err *err)
{
    enum { PROGRESS_MS = 100 };
    while (app_turn(app, err)) {
        drain(app);
        if (app->dirty || app->loader)
            paint(app), term_show(&app->screen);
        if (app->quit)
            break;
        struct pollfd wait[] = {{STDIN_FILENO, POLLIN, 0}, {app->wake, POLLIN, 0}};
        background_next(app);
        if (poll(wait, 2, app->loader ? PROGRESS_MS : -1) < 0 && errno != EINTR)
            return err_sys(err, "poll");
        if (wait[0].revents & (POLLHUP | POLLERR | POLLNVAL))
            return true; /* the terminal is gone; nothing is lost */
    }
    return err->kind == ERR_NONE;
}

bool explorer_run(const struct explorer_options *options, struct err *err)
{
    struct app app;
    err->kind = ERR_NONE;
    bool ok = app_init(&app, options, err);
    if (ok && (ok = term_init(err))) {
        fit(&app);
        ok = run(&app, err);
        term_finish();
    }
    app_finish(&app);
    return ok;
}
