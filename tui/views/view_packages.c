/* SPDX-License-Identifier: MIT
 *
 * The packages in the databases of the package managers of the image: installed bytes, bytes that
 * the trace used, kept bytes. Enter shows the files of a package. A mark applies to all its files.
 */
#include "views/view_packages.h"

#include <stdlib.h>

#include "app/app.h"
#include "views/registry.h"
#include "screen/format.h"

enum { COLUMN_MARK, COLUMN_INSTALLED, COLUMN_USED, COLUMN_KEPT, COLUMN_FILES, COLUMN_NAME };

static const struct column columns[] = {
    [COLUMN_MARK] = {"mark", 4, false, 0},   [COLUMN_INSTALLED] = {"bytes", 9, true, 0},
    [COLUMN_USED] = {"used", 9, true, 48},   [COLUMN_KEPT] = {"kept", 9, true, 0},
    [COLUMN_FILES] = {"files", 7, true, 60}, [COLUMN_NAME] = {"package", 0, false, 0},
};

struct state {
    bool requested; /* the packages were requested at least once */
    bool failed;    /* reading the packages failed */
    struct packages packages;
    uint32_t *order; /* indices in packages, in the order of the rows; owned */
    enum packages_part sort;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_packages);
}

const struct packages *view_packages_list(const struct app *app)
{
    return &state_of(app)->packages;
}

static const struct package *package_at(const struct app *app, uint64_t row)
{
    const struct state *state = state_of(app);
    return &state->packages.all[state->order[row]];
}

/* Sorts the packages. The cursor stays on its package. */
static void put_in_order(struct state *state)
{
    bool had = state->order && state->list.cursor < state->packages.n;
    uint32_t at = had ? state->order[state->list.cursor] : 0;
    free(state->order);
    state->order = packages_order(&state->packages, state->sort);
    for (size_t i = 0; had && i < state->packages.n; i++)
        if (state->order[i] == at)
            state->list.cursor = i;
}

static bool load_packages(struct app *app, struct err *err)
{
    struct state *state = state_of(app);
    state->requested = true;
    state->failed = !packages_read(app->session, &state->packages, err);
    if (state->failed)
        return false;
    put_in_order(state);
    return true;
}

bool view_packages_load(struct app *app, struct err *err)
{
    return state_of(app)->order || load_packages(app, err);
}

static bool open_packages(struct app *app, struct err *err)
{
    if (!view_packages_load(app, err))
        return false;
    app_open(app, &view_packages);
    return true;
}

static void refresh(struct app *app)
{
    struct state *state = state_of(app);
    struct err err;
    if (!state->requested || !app->session)
        return;
    if (!state->order) {
        if (!load_packages(app, &err))
            app_say(app, ROLE_ERROR, "%s", err.text);
        return;
    }
    bool at_top = !state->list.cursor;
    packages_count(&state->packages, app->session);
    put_in_order(state);
    if (at_top)
        state->list.cursor = 0;
}

static void forget(struct app *app, enum view_renewal renewal)
{
    struct state *state = state_of(app);
    packages_finish(&state->packages);
    free(state->order);
    state->order = NULL;
    if (renewal == VIEW_OTHER_IMAGE)
        state->list = (struct list){0};
}

static void finish(struct app *app)
{
    forget(app, VIEW_OTHER_IMAGE);
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->packages.n;
}

void view_packages_mark(enum mark mark, struct view_cell *out)
{
    if (mark == MARK_KEEP || mark == MARK_DROP)
        buf_add(&out->text, bytes_of(mark_name(mark)));
    out->role = mark == MARK_KEEP ? ROLE_KEEP : mark == MARK_DROP ? ROLE_DROP : ROLE_TEXT;
}

/* Writes the mark that applies to all files of a package, or "some" if the marks differ. */
static void add_mark(const struct app *app, const struct package *package, struct view_cell *out)
{
    if (!app->session->keep || !package->n_nodes)
        return;
    const uint32_t *nodes = state_of(app)->packages.nodes + package->first;
    enum mark mark = app->session->keep->verdicts[nodes[0]].mark;
    for (size_t i = 1; i < package->n_nodes; i++)
        if (app->session->keep->verdicts[nodes[i]].mark != mark)
            return buf_add(&out->text, bytes_of("some"));
    view_packages_mark(mark, out);
}

static void add_name(const struct package *package, struct view_cell *out)
{
    buf_add(&out->text, package->name);
    buf_add(&out->tail, package->version);
    if (package->arch.n) {
        buf_byte(&out->tail, ' ');
        buf_add(&out->tail, package->arch);
    }
    buf_add(&out->tail, bytes_of("  "));
    buf_add(&out->tail, package->manager);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct package *package = package_at(app, row);
    static const enum packages_part parts[] = {[COLUMN_INSTALLED] = PACKAGES_INSTALLED,
                                               [COLUMN_USED] = PACKAGES_USED,
                                               [COLUMN_KEPT] = PACKAGES_KEPT};
    switch (column) {
    case COLUMN_MARK:
        add_mark(app, package, out);
        break;
    case COLUMN_INSTALLED:
    case COLUMN_USED:
    case COLUMN_KEPT:
        if (package->sums[parts[column]].n_files)
            format_bytes(package->sums[parts[column]].bytes, &out->text);
        break;
    case COLUMN_FILES:
        format_count(package->sums[PACKAGES_INSTALLED].n_files, &out->text);
        break;
    default:
        add_name(package, out);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    const struct package *package = package_at(app, row);
    buf_add(out, package->name);
    buf_byte(out, ' ');
    buf_add(out, package->version);
}

static void add_summary(struct app *app, struct buf *out)
{
    static const char *const names[N_PACKAGES_PARTS] = {"installed ", ", used ", ", kept "};
    const struct packages *packages = &state_of(app)->packages;
    for (enum packages_part part = 0; packages->n && part < N_PACKAGES_PARTS; part++) {
        buf_add(out, bytes_of(names[part]));
        format_bytes(packages->sums[part].bytes, out);
    }
}

/* Marks all files of a package in one undoable step. */
static void set_marks(struct app *app, const struct package *package, enum mark mark)
{
    struct err err;
    if (!package->n_nodes) {
        app_say(app, ROLE_DIM, "this package has no files in the image");
        return;
    }
    if (!session_set_marks(app->session, state_of(app)->packages.nodes + package->first,
                           package->n_nodes, mark, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else
        app_say(app, ROLE_KEEP, "%zu file%s of %.*s %s; u undoes it", package->n_nodes,
                package->n_nodes == 1 ? "" : "s", (int)package->name.n, package->name.p,
                mark == MARK_NONE ? "unmarked" : "marked");
    app_decided(app);
}

static bool act_on(struct app *app, const struct package *package, enum action action)
{
    switch (action) {
    case ACTION_KEEP:
        return set_marks(app, package, MARK_KEEP), true;
    case ACTION_DROP:
        return set_marks(app, package, MARK_DROP), true;
    case ACTION_AUTO:
        return set_marks(app, package, MARK_AUTO), true;
    case ACTION_UNMARK:
        return set_marks(app, package, MARK_NONE), true;
    case ACTION_OPEN:
        return view_package_open(app, (size_t)(package - state_of(app)->packages.all) + 1), true;
    default:
        return false;
    }
}

static bool act(struct app *app, enum action action)
{
    static const char *const names[] = {"installed bytes", "used bytes", "kept bytes", "name"};
    struct state *packages = state_of(app);
    if (action == ACTION_SORT) {
        packages->sort = (packages->sort + 1) % (N_PACKAGES_PARTS + 1);
        put_in_order(packages);
        packages->list = (struct list){0};
        return app_say(app, ROLE_DIM, "sorted by %s", names[packages->sort]), true;
    }
    return packages->list.cursor < count(app) &&
           act_on(app, package_at(app, packages->list.cursor), action);
}

static const char *empty(struct app *app)
{
    if (!app->session->subject)
        return NO_IMAGE_TEXT;
    return state_of(app)->failed
               ? "The packages could not be read."
               : "No packages were found. xsmall reads the databases of dpkg and "
                 "apk and the records of Python installers; it does not read rpm databases.";
}

static const enum action takes[] = {ACTION_KEEP, ACTION_DROP, ACTION_AUTO, ACTION_UNMARK,
                                    ACTION_SORT, ACTION_OPEN, ACTION_NONE};

const struct view view_packages = {
    .id = VIEW_ID_packages,
    .title = "Packages",
    .opens = ACTION_PACKAGES,
    .open = open_packages,
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .state.refresh = refresh,
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
    .summary = add_summary,
    .hint = "Enter files  Space keep all files  - drop  ? help  a auto  s sort  q back  u undo  / "
            "search",
};
