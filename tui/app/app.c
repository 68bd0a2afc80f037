/* SPDX-License-Identifier: MIT */
#include "app/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "app/command_prompt.h"
#include "app/help.h"
#include "jobs/job_list.h"

void app_say(struct app *app, enum role role, const char *fmt, ...)
{
    va_list args;
    char text[1024];
    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    buf_clear(&app->message);
    buf_add(&app->message, bytes_of(text));
    app->message_role = role;
    app->dirty = true;
}

void app_open(struct app *app, const struct view *view)
{
    if (app->view != view && !view->is_overlay)
        nav_stack_note(app);
    if (!view->is_overlay)
        app->n_under = 0;
    else if (app->view != view && app->n_under < sizeof app->under / sizeof *app->under)
        app->under[app->n_under++] = app->view;
    if (app->view != view)
        search_stop(app);
    app->ranging = false;
    app->view = view;
    app->focus = SCOPE_BODY;
    app->export_wanted = app->export_wanted || view == &view_export;
}

uint32_t app_n_lines(const struct app *app)
{
    return app->session->corpus->n_logs ? app->session->corpus->n_lines
                                        : line_paths_n_lines(app->session->line_paths);
}

void app_back(struct app *app)
{
    if (!app->n_under)
        return;
    search_stop(app);
    app->ranging = false;
    app->view = app->under[--app->n_under];
    app->focus = SCOPE_BODY;
}

void app_decided(struct app *app)
{
    app->generation++;
    app->evaluated = false;
    app->dirty = true;
    view_marks_rebuild(app);
}

void app_refreshed(struct app *app)
{
    view_packages_rebuild(app); /* the filter may ask for them */
    view_image_rebuild(app);
    view_files_rebuild(app);
    app->export_wanted = true;
    app->dirty = true;
}

void app_show_text(struct app *app, const char *title, struct buf *text)
{
    free(app->lines);
    buf_finish(&app->text);
    app->text = *text;
    *text = (struct buf){0};
    split_rows(buf_bytes(&app->text), &app->lines, &app->n_lines);
    app->text_title = title;
    app->text_list = (struct list){0};
    app_open(app, &view_text);
}

static void show_help(struct app *app)
{
    struct buf text = {0};
    help_print(&app->config.bindings, app->view, app->focus, app->screen.width, &text);
    app_show_text(app, "help", &text);
}

static void undo(struct app *app, bool again)
{
    bool done;
    struct err err;
    bool ok =
        again ? session_redo(app->session, &done, &err) : session_undo(app->session, &done, &err);
    if (!ok)
        app_say(app, ROLE_ERROR, "%s", err.text);
    else if (done)
        app_say(app, ROLE_DIM, again ? "done again" : "undone");
    else
        app_say(app, ROLE_DIM, again ? "nothing to do again" : "nothing to undo");
    app_decided(app);
}

/* A kind of needs on or off; the actions stand in the order of the kinds. */
static void switch_closure(struct app *app, size_t kind)
{
    struct err err;
    unsigned off = app->session->marks->closure_off ^ 1u << kind;
    if (!session_set_switches(app->session, off, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return;
    }
    app_say(app, ROLE_KEEP, "%s: %s; u undoes it", switch_help(kind),
            off >> kind & 1 ? "not followed" : "followed");
    app_decided(app);
}

static void open_over(struct app *app, bool (*open)(struct app *, struct err *))
{
    struct err err;
    if (!open(app, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
}

bool app_handle_global(struct app *app, enum action action)
{
    switch (action) {
    case ACTION_VIEW_IMAGE:
        return app_open(app, view_layers_tree(app)), true;
    case ACTION_LAYERS:
        app->layers.asked = true;
        return app_open(app, &view_layers), true;
    case ACTION_PACKAGES:
        return open_over(app, view_packages_open), true;
    case ACTION_DEAD:
        app->layers.asked = true;
        return app_open(app, &view_dead), true;
    case ACTION_DIFF:
        app->diff.asked = true;
        return app_open(app, &view_diff), true;
    case ACTION_VIEW_TRACE:
        return app_open(app, pivots_view(app)), true;
    case ACTION_VIEW_FILES:
        return app_open(app, &view_files), true;
    case ACTION_VIEW_BREAKS:
        return app_open(app, &view_breaks), true;
    case ACTION_VIEW_EXPORT:
        return app_open(app, &view_export), true;
    case ACTION_FOCUS:
        app->focus = app->focus == SCOPE_BODY ? SCOPE_PANEL : SCOPE_BODY;
        return true;
    case ACTION_SETS:
        return open_over(app, view_sets_open), true;
    case ACTION_CLOSURE_LINKS:
    case ACTION_CLOSURE_PARENTS:
    case ACTION_CLOSURE_ELF:
    case ACTION_CLOSURE_SCRIPTS:
    case ACTION_CLOSURE_PEERS:
    case ACTION_CLOSURE_PYTHON:
    case ACTION_CLOSURE_CONFIG:
        return switch_closure(app, (size_t)(action - ACTION_CLOSURE_LINKS)), true;
    case ACTION_DOCTOR:
        return open_over(app, view_doctor_open), true;
    case ACTION_FAMILIES:
        return app_open(app, &view_families), true;
    case ACTION_RUNS:
        return open_over(app, view_runs_open), true;
    case ACTION_MARKS:
        return app_open(app, &view_marks), true;
    case ACTION_KEEP_SURVIVORS:
        return app_keep_survivors(app), true;
    case ACTION_BACK:
        if (app->view->is_overlay && app->n_under)
            app_back(app);
        else if (!nav_stack_back(app))
            app_say(app, ROLE_DIM, "this is where you began");
        return true;
    case ACTION_COMMAND:
        return prompt_open(app, &command_prompt, bytes_of("")), true;
    case ACTION_UNDO:
    case ACTION_REDO:
        return undo(app, action == ACTION_REDO), true;
    case ACTION_HELP:
        return show_help(app), true;
    case ACTION_QUIT:
        return app->quit = true;
    case ACTION_REDRAW:
        return app->redraw = true;
    case ACTION_SUSPEND:
        return app->suspend = true;
    default:
        return false;
    }
}

/* The views that have jobs. */
static const struct view *const with_jobs[] = {&view_paths, &view_layers, &view_diff, &view_export};

bool app_init(struct app *app, const struct explorer_options *options, struct err *err)
{
    *app = (struct app){.pivots.filter = pivot_no_filter,
                        .view = &view_image,
                        .focus = SCOPE_BODY,
                        .generation = 1,
                        .seat = SEAT_NONE,
                        .dirty = true};
    input_history_read(&app->prompt.history, options->history);
    if (options->config)
        app->config = *options->config;
    else
        config_init(&app->config);
    app->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (app->wake < 0)
        return err_sys(err, "eventfd");
    app->is_new = access(options->session_path, F_OK) != 0;
    app->session_path = options->session_path;
    app->export_wanted = true;
    scheduler_add(&app->scheduler, job_list);
    for (size_t i = 0; i < sizeof with_jobs / sizeof *with_jobs; i++)
        scheduler_add(&app->scheduler, with_jobs[i]->jobs);
    if (options->load.n_operands || options->load.base)
        app->load = &options->load;
    app->follow = options->follow;
    return opener_start(app->session_path, &app->seat, OPENER_READ, app->wake, &app->opener, err);
}

/* The session is left with derived tables of the last decisions, where that is possible. */
static void settle(struct app *app)
{
    struct err ignored;
    if (db_is_read_only(app->session->db))
        return;
    bool current = app->session->subject ? app->computed == app->generation : app->evaluated;
    if (app->scheduler.failed == app->generation || app->session->chain_err.kind != ERR_NONE ||
        (current && !app->unstored))
        return;
    if (current)
        session_store_settled(app->session, &ignored);
    else
        session_settle(app->session, NULL, &ignored);
}

static void free_rows(struct app *app)
{
    tree_rows_clear(&app->tree);
    view_layers_forget(app);
    view_diff_forget(app);
    view_packages_forget(app, PACKAGES_OTHER_IMAGE);
    tree_filter_finish(&app->filter);
    buf_finish(&app->filter_before);
    free(app->files);
    free(app->decisions);
    free(app->covered);
    free(app->lines);
    free(app->export_lines);
}

void app_finish(struct app *app)
{
    struct load_result result;
    struct err ignored;
    if (app->loader) {
        atomic_store(&loader_progress(app->loader)->cancel, true);
        loader_finish(app->loader, &result, &ignored);
    }
    writing_forget(app);
    view_file_finish(app);
    scheduler_stop(app);
    struct session *read = app->opener ? opener_finish(app->opener, &ignored) : NULL;
    if (app->session)
        session_close(read);
    else
        app->session = read;
    chain_edit_end(app);
    bool empty = app->session && !app->session->subject && app->session->corpus &&
                 !app->session->corpus->n_logs && app->session->chain &&
                 !chain_n_stages(app->session->chain);
    if (app->session && app->session->chain && !empty)
        settle(app);
    view_why_finish(&app->why);
    session_close(app->session);
    if (app->is_new && empty && !app->seat.is_others)
        unlink(app->session_path); /* a load that failed leaves nothing behind */
    writer_lock_release(&app->seat);
    if (app->wake > 0)
        close(app->wake);
    screen_finish(&app->screen);
    prompt_finish(&app->prompt);
    buf_finish(&app->clipboard);
    buf_finish(&app->chain_edit.preview.error);
    buf_finish(&app->search.text);
    buf_finish(&app->message);
    buf_finish(&app->no_logs);
    buf_finish(&app->export);
    buf_finish(&app->text);
    breaks_destroy(app->breaks);
    group_offers_finish(&app->offers);
    pivots_finish(&app->pivots);
    free(app->hides);
    pattern_sets_finish(&app->sets);
    findings_finish(&app->findings);
    coverage_finish(&app->coverage);
    free_rows(app);
}

/* Where the lists stood and which directories were open stays where the image is the same, as it is
 * while logs are followed; at the last line, the cursor goes on with the last line. */
static void keep_places(struct app *app, const struct session *session)
{
    bool same = app->session && app->session->subject && session->subject &&
                app->session->subject_info.id == session->subject_info.id &&
                app->session->subject->n == session->subject->n;
    nav_stack_renew(&app->history, same);
    view_packages_forget(app, same ? PACKAGES_SAME_IMAGE : PACKAGES_OTHER_IMAGE);
    if (same)
        return;
    tree_rows_clear(&app->tree);
    view_layers_forget(app);
    app->trace_list = app->files_list = app->breaks_list = (struct list){0};
}

/* On the last of the surviving lines, and not the only one. */
static bool is_at_end(const struct app *app)
{
    uint64_t n = app->session && chain_survivors(app->session->chain)
                     ? chain_n_output(app->session->chain)
                     : 0;
    return app->follow && n > 1 && app->trace_list.cursor + 1 == n;
}

/* Over-views of what the session was. */
static void leave_old(struct app *app)
{
    while (app->view == &view_runs || app->view == &view_doctor)
        app_back(app);
    coverage_finish(&app->coverage);
    app->coverage = (struct coverage){0};
    app->n_covered = 0;
}

/* Goes over to the session as it was read. The worker stops first: it reads what goes. */
static bool adopt(struct app *app, struct session *session, struct err *err)
{
    writing_forget(app);
    view_file_forget(app);
    scheduler_stop(app);
    chain_edit_forget(app); /* a preview is of the lines that go */
    search_stop(app);
    app->ranging = false;
    free(app->tree.saved);
    app->tree.saved = NULL;
    breaks_destroy(app->breaks);
    app->breaks = NULL;
    group_offers_finish(&app->offers);
    app->replayed = app->hiding = 0;
    pivots_forget(app);
    view_diff_forget(app);
    leave_old(app);
    bool at_end = is_at_end(app);
    keep_places(app, session);
    session_close(app->session);
    app->session = session;
    if (at_end && chain_n_output(session->chain))
        app->trace_list.cursor = chain_n_output(session->chain) - 1;
    if (!scheduler_start(app, err))
        return false;
    app_decided(app);
    if (app->session->keep) /* settled already */
        app->computed = app->generation;
    app_refreshed(app);
    if (chain_edit_is_open(app))
        chain_edit_changed(app);
    return true;
}

static bool read_session(struct app *app, struct err *err)
{
    app->opening = app->generation;
    enum opener_way way = app->follow && app->session ? OPENER_SETTLE : OPENER_READ;
    return opener_start(app->session_path, &app->seat, way, app->wake, &app->opener, err);
}

static void say_loaded(struct app *app, const struct load_result *result)
{
    size_t n = result->n_new + result->n_grown + result->n_changed;
    if (n)
        app_say(app, ROLE_KEEP, "%zu log%s read, %zu known; W: what they do not tell", n,
                n == 1 ? "" : "s", result->n_same);
    else if (!result->image_new && !result->base_new)
        app_say(app, ROLE_DIM, "all of it was there");
}

/* A load that fails leaves the session as it was; one that was to make it has nothing to show. */
static bool take_load(struct app *app, struct err *err)
{
    struct load_result result;
    struct err failed = {0};
    bool ok = loader_finish(app->loader, &result, &failed);
    app->loader = NULL;
    app->dirty = true;
    if (ok) {
        say_loaded(app, &result);
        return read_session(app, err);
    }
    if (app->is_new) {
        *err = failed;
        return false;
    }
    app_say(app, ROLE_ERROR, "%s", failed.text);
    return true;
}

/* The first time: what is to be loaded is started now, and the keys that came early are taken. */
static bool begin(struct app *app, struct err *err)
{
    if (app->seat.is_others)
        app_say(app, ROLE_ERROR, "another xsmall has this session open: here it is read only%s",
                app->load ? ", and nothing is loaded" : "");
    else if (app->load && !loader_start(app->load, app->follow ? LOADER_FOLLOW : LOADER_ONCE,
                                        app->wake, &app->loader, err))
        return false;
    for (size_t i = 0; i < app->n_early; i++)
        input_key(app, app->early[i]);
    return true;
}

static bool take_session(struct app *app, struct err *err)
{
    bool first = !app->session;
    struct session *session = opener_finish(app->opener, err);
    app->opener = NULL;
    app->dirty = true;
    if (!session)
        return false;
    if (!first && app->opening != app->generation) {
        session_close(session); /* something was decided meanwhile, which it may not have */
        return read_session(app, err);
    }
    return adopt(app, session, err) && (!first || begin(app, err));
}

bool app_is_idle(const struct app *app)
{
    return !app->loader && !app->opener && scheduler_is_idle(app) && !app->search.is_running &&
           view_file_is_idle(app) && !writing_is_going(app);
}

bool app_turn(struct app *app, struct err *err)
{
    eventfd_t ignored;
    eventfd_read(app->wake, &ignored);
    if (app->loader && loader_is_over(app->loader) && !take_load(app, err))
        return false;
    if (app->loader && !app->opener && app->n_followed != loader_n_done(app->loader)) {
        app->n_followed = loader_n_done(app->loader);
        if (!read_session(app, err))
            return false;
    }
    if (app->opener && opener_is_over(app->opener) && !take_session(app, err))
        return false;
    if (app->session) {
        scheduler_take(app);
        scheduler_next(app);
        view_file_turn(app);
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
    return app->loader ? PROGRESS_MS : -1;
}
