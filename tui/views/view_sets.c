/* SPDX-License-Identifier: MIT
 *
 * The named filter sets. The keys show a set, append its filters to the chain, or save the chain as
 * a new set.
 */
#include "app/app.h"
#include "chain/pattern_sets.h"
#include "views/registry.h"
#include "views/view_text.h"

static const struct column columns[] = {
    {"set", 16, false, 0}, {"", 6, false, 40}, {"description", 0, false, 0}};

struct state {
    struct pattern_sets sets;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_sets);
}

static bool open_sets(struct app *app, struct err *err)
{
    BUF_AUTO struct buf dir = {0};
    pattern_sets_finish(&state_of(app)->sets);
    pattern_sets_directory(&dir);
    if (!pattern_sets_list(dir.p, &state_of(app)->sets, err))
        return false;
    app_open(app, &view_sets);
    return true;
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->sets.n;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct pattern_set *set = &state_of(app)->sets.list[row];
    const char *texts[] = {set->name, set->own ? "yours" : "", set->about};
    buf_add(&out->text, bytes_of(texts[column]));
    out->role = column == 1 ? ROLE_KEEP : ROLE_TEXT;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_printf(out, "%s %s", state_of(app)->sets.list[row].name,
               state_of(app)->sets.list[row].about);
}

static void use(struct app *app, const char *name)
{
    BUF_AUTO struct buf dir = {0}, warning = {0};
    struct err err;
    size_t before = chain_n_stages(app->session->chain);
    pattern_sets_directory(&dir);
    if (!pattern_sets_use(dir.p, name, app->session->chain, &warning, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return;
    }
    if (!chain_edit_save(app))
        return;
    app->stage = before;
    size_t n = chain_n_stages(app->session->chain) - before;
    app_say(app, ROLE_KEEP, "%s: %zu filter%s added; u undoes it", name, n, n == 1 ? "" : "s");
    app_back(app);
}

static void show(struct app *app, const char *name)
{
    BUF_AUTO struct buf dir = {0}, text = {0};
    struct err err;
    pattern_sets_directory(&dir);
    if (pattern_sets_text(dir.p, name, &text, &err))
        view_text_show(app, "Filter set", &text);
    else
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static void save(struct app *app, struct bytes typed)
{
    BUF_AUTO struct buf dir = {0};
    MEM_AUTO char *name = mem_dup(typed);
    struct err err;
    pattern_sets_directory(&dir);
    if (pattern_sets_save(dir.p, name, app->session->chain, &err) && open_sets(app, &err))
        app_say(app, ROLE_KEEP, "%s: saved in %s", name, dir.p);
    else
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static const struct prompt_type name_prompt = {
    .label = " save the filters as: ", .ignores_empty = true, .accepted = save};

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_WRITE)
        return prompt_open(app, &name_prompt, bytes_of("")), true;
    if (state_of(app)->list.cursor >= state_of(app)->sets.n)
        return false;
    const char *name = state_of(app)->sets.list[state_of(app)->list.cursor].name;
    if (action == ACTION_OPEN)
        return use(app, name), true;
    if (action == ACTION_WHY)
        return show(app, name), true;
    return false;
}

static void finish(struct app *app)
{
    pattern_sets_finish(&state_of(app)->sets);
}

static const char *empty(struct app *app)
{
    (void)app;
    return "No filter sets were found.";
}

static const enum action takes[] = {ACTION_WRITE, ACTION_OPEN, ACTION_WHY, ACTION_NONE};

const struct view view_sets = {
    .id = VIEW_ID_sets,
    .title = "Filter sets",
    .opens = ACTION_SETS,
    .open = open_sets,
    .is_transient = true,
    .state.size = sizeof(struct state),
    .state.finish = finish,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .hint = "Enter add its filters  ? help  w show  o save the filters as a set  q back  u undo",
};
