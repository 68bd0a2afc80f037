/* SPDX-License-Identifier: MIT
 *
 * The loop on a terminal: wait for a key, a thread or a signal, drain the input, paint once.
 *
 * Signals that ask the program to end come as bytes of a signalfd, so that it ends in order.
 * SIGWINCH is let in only while the loop waits: curses' handler notes it, and no change of size is
 * missed between looking and waiting. All of them are blocked before the first thread starts, and
 * threads inherit that: only this one is interrupted.
 */
#include "explorer.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "app.h"
#include "term.h"

struct signals {
    sigset_t before;  /* the mask to go back to */
    sigset_t waiting; /* the mask while the loop waits */
    int file;         /* signalfd */
    int caught;       /* 0: none */
};

static bool signals_init(struct signals *signals, struct err *err)
{
    static const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        sigaddset(&set, ends[i]);
    signals->caught = 0;
    signals->file = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals->file < 0)
        return err_sys(err, "signalfd");
    sigaddset(&set, SIGWINCH);
    pthread_sigmask(SIG_BLOCK, &set, &signals->before);
    pthread_sigmask(SIG_BLOCK, NULL, &signals->waiting);
    sigdelset(&signals->waiting, SIGWINCH);
    return true;
}

/* Goes back to the mask before; a signal that was caught then ends the program, so that whoever
 * waits for it sees why. */
static void signals_finish(struct signals *signals)
{
    if (signals->caught)
        signal(signals->caught, SIG_DFL);
    close(signals->file);
    pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
    if (signals->caught)
        raise(signals->caught);
}

static void read_signal(struct signals *signals)
{
    struct signalfd_siginfo info;
    if (read(signals->file, &info, sizeof info) == sizeof info)
        signals->caught = (int)info.ssi_signo;
}

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

static bool run(struct app *app, struct signals *signals, struct err *err)
{
    while (app_turn(app, err)) {
        drain(app);
        if (app->quit)
            return true;
        background_next(
            app); /* what the keys have asked for, before the time that painting takes */
        if (app->dirty || app->loader)
            paint(app), term_show(&app->screen);
        struct pollfd wait[] = {
            {STDIN_FILENO, POLLIN, 0}, {app->wake, POLLIN, 0}, {signals->file, POLLIN, 0}};
        int ms = app_timeout(app);
        struct timespec timeout = {ms / 1000, ms % 1000 * 1000000L};
        if (ppoll(wait, 3, ms < 0 ? NULL : &timeout, &signals->waiting) < 0) {
            if (errno != EINTR)
                return err_sys(err, "poll");
            continue;
        }
        if (wait[2].revents)
            read_signal(signals);
        if (signals->caught || (wait[0].revents & (POLLHUP | POLLERR | POLLNVAL)))
            return true; /* or the terminal is gone; nothing is lost */
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
    bool ok = app_init(&app, options, err);
    if (ok && (ok = term_init(err))) {
        fit(&app);
        ok = run(&app, &signals, err);
        term_finish();
    }
    app_finish(&app);
    signals_finish(&signals);
    return ok;
}
