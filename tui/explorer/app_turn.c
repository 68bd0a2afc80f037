/* SPDX-License-Identifier: MIT */
#include "explorer/app_turn.h"

#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/action_handlers.h"
#include "app/app.h"
#include "jobs/job_list.h"
#include "views/registry.h"

static void init_views(struct app *app)
{
    views_init(&app->views, view_registry, N_VIEWS);
    app->view = views_tab(&app->views, 0);
    for (size_t i = 0; i < app->views.n; i++) {
        scheduler_add(&app->scheduler, app->views.all[i]->jobs);
        if (app->views.all[i]->state.init)
            app->views.all[i]->state.init(app);
    }
}

bool app_init(struct app *app, const struct explorer_options *options, struct err *err)
{
    *app = (struct app){.handlers = &action_handlers,
                        .focus = SCOPE_BODY,
                        .decisions.now = 1,
                        .loading.seat = WRITER_LOCK_NONE,
                        .dirty = true};
    scheduler_add(&app->scheduler, job_list);
    init_views(app);
    input_history_read(&app->prompt.history, options->history);
    if (options->config)
        app->config = *options->config;
    else
        config_init(&app->config);
    app->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (app->wake < 0)
        return err_sys(err, "eventfd");
    app->loading.is_new = access(options->session_path, F_OK) != 0;
    app->session_path = options->session_path;
    if (options->load.n_operands || options->load.base)
        app->loading.request = &options->load;
    app->loading.follows = options->follow;
    return opener_start(app->session_path, &app->loading.seat, OPENER_READ, app->wake,
                        &app->loading.opener, err);
}

/* Stores the results of the last decisions in the session at the end, if possible. */
static void store_results(struct app *app)
{
    struct err ignored;
    if (db_is_read_only(app->session->db))
        return;
    bool current = app->session->subject ? app->decisions.of_keep == app->decisions.now
                                         : app->decisions.evaluated;
    if (app->scheduler.failed == app->decisions.now || app->session->chain_err.kind != ERR_NONE ||
        (current && !app->decisions.unstored))
        return;
    if (current)
        session_store_settled(app->session, &ignored);
    else
        session_settle(app->session, NULL, &ignored);
}

static void finish_views(struct app *app)
{
    nav_stack_finish(&app->history);
    for (size_t i = 0; i < app->views.n; i++)
        if (app->views.all[i]->state.finish)
            app->views.all[i]->state.finish(app);
    views_finish(&app->views);
}

void app_finish(struct app *app)
{
    struct load_result result;
    struct err ignored;
    if (app->loading.loader) {
        atomic_store(&loader_progress(app->loading.loader)->cancel, true);
        loader_finish(app->loading.loader, &result, &ignored);
    }
    writing_forget(app);
    scheduler_stop(app);
    struct session *read =
        app->loading.opener ? opener_finish(app->loading.opener, &ignored) : NULL;
    if (app->session)
        session_close(read);
    else
        app->session = read;
    chain_edit_end(app);
    bool empty = app->session && !app->session->subject && app->session->corpus &&
                 !app->session->corpus->n_logs && app->session->chain &&
                 !chain_n_stages(app->session->chain);
    if (app->session && app->session->chain && !empty)
        store_results(app);
    finish_views(app);
    session_close(app->session);
    if (app->loading.is_new && empty && !app->loading.seat.is_others)
        db_remove_unused(app->session_path); /* a failed load leaves no file */
    writer_lock_release(&app->loading.seat);
    if (app->wake > 0)
        close(app->wake);
    screen_finish(&app->screen);
    prompt_finish(&app->prompt);
    buf_finish(&app->terminal.clipboard);
    buf_finish(&app->chain_edit.preview.error);
    buf_finish(&app->search.text);
    buf_finish(&app->message.text);
    breaks_destroy(app->results.breaks);
    group_offers_finish(&app->results.offers);
    free(app->results.hides);
}

/* Returns VIEW_SAME_IMAGE if the session has the same subject image as the current one, for example
 * while logs are followed. List positions and open directories are then kept. */
static enum view_renewal renewal_by(const struct app *app, const struct session *session)
{
    bool same = app->session && app->session->subject && session->subject &&
                app->session->subject_info.id == session->subject_info.id &&
                app->session->subject->n == session->subject->n;
    return same ? VIEW_SAME_IMAGE : VIEW_OTHER_IMAGE;
}

/* Updates the node of an open prompt to the node of the same path in the new image. Closes the
 * prompt if the new image does not have the path. */
static void renew_prompt(struct app *app, const struct tree *subject)
{
    BUF_AUTO struct buf path = {0};
    if (!app->prompt.type || !app->prompt.type->is_about_node)
        return;
    tree_path(app->session->subject, app->prompt.node, &path);
    app->prompt.node = subject ? tree_find(subject, buf_bytes(&path)) : NODE_NONE;
    if (app->prompt.node != NODE_NONE)
        return;
    prompt_close(app);
    app_say(app, ROLE_ERROR, "%s: no such path in the new image", buf_str(&path));
}

/* Closes the views that show the old session, and removes them from the views below an overlay. */
static void leave_snapshots(struct app *app)
{
    size_t n = 0;
    while (app->view->is_snapshot && app->under.n)
        app_back(app);
    for (size_t i = 0; i < app->under.n; i++)
        if (!app->under.views[i]->is_snapshot)
            app->under.views[n++] = app->under.views[i];
    app->under.n = n;
}

static void forget_session(struct app *app, enum view_renewal renewal)
{
    leave_snapshots(app);
    nav_stack_renew(app, renewal);
    for (size_t i = 0; i < app->views.n; i++)
        if (app->views.all[i]->state.forget)
            app->views.all[i]->state.forget(app, renewal);
}

/* Replaces the session by the one that was read. Stops the worker first, because it reads the old
 * session. */
static bool replace_session(struct app *app, struct session *session, struct err *err)
{
    writing_forget(app);
    scheduler_stop(app);
    chain_edit_forget(app); /* the preview refers to lines of the old session */
    search_stop(app);
    app->range.is_active = false;
    breaks_destroy(app->results.breaks);
    app->results.breaks = NULL;
    group_offers_finish(&app->results.offers);
    app->results.of_breaks = app->results.of_hides = 0;
    renew_prompt(app, session->subject);
    forget_session(app, renewal_by(app, session));
    session_close(app->session);
    app->session = session;
    if (!scheduler_start(app, err))
        return false;
    app_decided(app);
    if (app->session->keep) /* the opener computed the kept tree */
        app->decisions.of_keep = app->decisions.now;
    app_refreshed(app);
    if (chain_edit_is_open(app))
        chain_edit_changed(app);
    return true;
}

static bool read_session(struct app *app, struct err *err)
{
    app->loading.opened_at = app->decisions.now;
    enum opener_way way = app->loading.follows && app->session ? OPENER_SETTLE : OPENER_READ;
    return opener_start(app->session_path, &app->loading.seat, way, app->wake, &app->loading.opener,
                        err);
}

static void report_load(struct app *app, const struct load_result *result)
{
    size_t n = result->n_new + result->n_grown + result->n_changed;
    if (n)
        app_say(app, ROLE_KEEP, "%zu log%s loaded, %zu unchanged; W lists gaps in the trace", n,
                n == 1 ? "" : "s", result->n_same);
    else if (!result->image_new && !result->base_new)
        app_say(app, ROLE_DIM, "nothing to load: image and logs are unchanged");
}

/* Handles the end of a load. If it failed, shows a message; returns false with err if the load
 * should have created the session. */
static bool finish_load(struct app *app, struct err *err)
{
    struct load_result result;
    struct err failed = {0};
    bool ok = loader_finish(app->loading.loader, &result, &failed);
    app->loading.loader = NULL;
    app->dirty = true;
    if (ok) {
        report_load(app, &result);
        return read_session(app, err);
    }
    if (app->loading.is_new) {
        err_copy(err, &failed);
        return false;
    }
    app_say(app, ROLE_ERROR, "%s", failed.text);
    return true;
}

/* Starts the load and handles the early keys, after the session was read for the first time. */
static bool begin(struct app *app, struct err *err)
{
    if (app->loading.seat.is_others)
        app_say(app, ROLE_ERROR, "session: open in another xsmall; read-only here%s",
                app->loading.request ? ", nothing was loaded" : "");
    else if (app->loading.request &&
             !loader_start(app->loading.request, app->loading.follows ? LOADER_FOLLOW : LOADER_ONCE,
                           app->wake, &app->loading.loader, err))
        return false;
    for (size_t i = 0; i < app->loading.n_early_keys; i++)
        input_key(app, app->loading.early_keys[i]);
    return true;
}

static bool finish_open(struct app *app, struct err *err)
{
    bool first = !app->session;
    struct session *session = opener_finish(app->loading.opener, err);
    app->loading.opener = NULL;
    app->dirty = true;
    if (!session)
        return false;
    if (!first && app->loading.opened_at != app->decisions.now) {
        session_close(session); /* it may not have the decisions made while it was read */
        return read_session(app, err);
    }
    return replace_session(app, session, err) && (!first || begin(app, err));
}

static bool views_are_idle(const struct app *app)
{
    bool idle = true;
    for (size_t i = 0; i < app->views.n; i++)
        idle = idle && (!app->views.all[i]->state.is_idle || app->views.all[i]->state.is_idle(app));
    return idle;
}

bool app_is_idle(const struct app *app)
{
    return !app->loading.loader && !app->loading.opener && scheduler_is_idle(app) &&
           !app->search.is_running && views_are_idle(app) && !writing_is_going(app);
}

bool app_turn(struct app *app, struct err *err)
{
    eventfd_t ignored;
    eventfd_read(app->wake, &ignored);
    if (app->loading.loader && loader_is_over(app->loading.loader) && !finish_load(app, err))
        return false;
    if (app->loading.loader && !app->loading.opener &&
        app->loading.n_followed != loader_n_done(app->loading.loader)) {
        app->loading.n_followed = loader_n_done(app->loading.loader);
        if (!read_session(app, err))
            return false;
    }
    if (app->loading.opener && opener_is_over(app->loading.opener) && !finish_open(app, err))
        return false;
    if (app->session) {
        scheduler_take(app);
        scheduler_next(app);
        for (size_t i = 0; i < app->views.n; i++)
            if (app->views.all[i]->state.turn)
                app->views.all[i]->state.turn(app);
        writing_turn(app);
        search_slice(app);
    }
    return !app->quit;
}

int app_timeout(const struct app *app)
{
    enum { PROGRESS_MS = 100 };
    if (app->search.is_running)
        return 0;
    return app->loading.loader ? PROGRESS_MS : -1;
}
