/* SPDX-License-Identifier: MIT
 *
 * Searches in a view. Each change of the typed text restarts the search at the row where the cursor
 * was when the prompt opened.
 */
#include "app/view_search.h"

#include "app/action_handlers.h"
#include "app/app.h"
#include "screen/search_match.h"
#include "util/clock.h"

static uint64_t count(struct app *app)
{
    const struct search_space *space = app->view->space;
    return space ? space->count(app) : app->view->count(app);
}

static uint64_t here(struct app *app)
{
    const struct search_space *space = app->view->space;
    return space ? space->here(app) : app->view->list(app)->cursor;
}

static void add_text(struct app *app, uint64_t item, struct buf *out)
{
    const struct search_space *space = app->view->space;
    (space ? space->text : app->view->text)(app, item, out);
}

static void go(struct app *app, uint64_t item)
{
    const struct search_space *space = app->view->space;
    if (space)
        space->go(app, item);
    else
        app->view->list(app)->cursor = item;
    app->dirty = true;
}

static uint64_t next_of(uint64_t item, uint64_t n, bool backwards)
{
    if (backwards)
        return item ? item - 1 : n - 1;
    return item + 1 < n ? item + 1 : 0;
}

static const struct prompt_type search_prompt;

static void give_up(struct app *app)
{
    app->search.is_running = false;
    app->search.failed = true;
    app->dirty = true;
    if (app->prompt.type != &search_prompt) /* an open prompt shows it */
        app_say(app, ROLE_ERROR, "%s: not found", buf_str(&app->search.text));
}

void search_slice(struct app *app)
{
    enum { SLICE_NS = 4000000 };
    struct search *search = &app->search;
    uint64_t end = clock_ns() + SLICE_NS;
    uint64_t n = count(app);
    BUF_AUTO struct buf text = {0};
    while (search->is_running) {
        if (!search->left || search->item >= n) { /* the view may have fewer rows now */
            give_up(app);
            return;
        }
        buf_clear(&text);
        add_text(app, search->item, &text);
        if (search_match_in(buf_bytes(&text), buf_bytes(&search->text))) {
            search->is_running = false;
            go(app, search->item);
            return;
        }
        search->item = next_of(search->item, n, search->backwards);
        search->left--;
        if (clock_ns() >= end)
            return;
    }
}

enum search_from { SEARCH_HERE, SEARCH_NEXT };

static void start(struct app *app, enum search_from from, bool backwards)
{
    struct search *search = &app->search;
    uint64_t n = count(app), item = here(app);
    search->failed = search->is_running = false;
    if (!search->text.n || !n) {
        if (app->prompt.type != &search_prompt)
            give_up(app);
        return;
    }
    if (item >= n)
        item = 0;
    search->item = from == SEARCH_HERE ? item : next_of(item, n, backwards);
    search->left = n;
    search->backwards = backwards;
    search->is_running = true;
    search_slice(app);
}

static void typed(struct app *app)
{
    *app->view->list(app) = app->search.origin;
    if (app->view->space)
        app->view->space->restore(app);
    buf_clear(&app->search.text);
    buf_add(&app->search.text, buf_bytes(&app->prompt.line.text));
    start(app, SEARCH_HERE, false);
}

static void leave(struct app *app)
{
    buf_clear(&app->prompt.line.text);
    typed(app);
}

static void accepted(struct app *app, struct bytes text)
{
    (void)text;
    if (app->search.failed)
        app_say(app, ROLE_ERROR, "%s: not found", app->search.text.p);
}

static const char *problem(const struct app *app)
{
    return app->search.failed ? "not found" : NULL;
}

static const struct prompt_type search_prompt = {
    .label = "/",
    .history = INPUT_SEARCH,
    .changed = typed,
    .accepted = accepted,
    .cancel = leave,
    .problem = problem,
};

bool search_open(struct app *app, enum action action)
{
    (void)action;
    search_stop(app);
    app->search.origin = *app->view->list(app);
    if (app->view->space)
        app->view->space->save(app);
    prompt_open(app, &search_prompt, bytes_of(""));
    return true;
}

bool search_next(struct app *app, enum action action)
{
    return start(app, SEARCH_NEXT, action == ACTION_PREVIOUS), true;
}

void search_stop(struct app *app)
{
    app->search.is_running = app->search.failed = false;
}
