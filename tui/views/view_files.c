/* SPDX-License-Identifier: MIT
 *
 * A flat list of files, each with its reason: the kept files, the files that the base provides, or
 * the dropped files.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_files.h"
#include "views/view_image.h"

#include <stdlib.h>
#include <string.h>

#include "screen/format.h"

enum { COLUMN_BYTES, COLUMN_ORIGIN, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_BYTES] = {"bytes", 9, true, 0},
    [COLUMN_ORIGIN] = {"reason", 6, false, 56},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

enum which { LIST_KEPT, LIST_IN_BASE, LIST_DROPPED, N_LISTS };

struct state {
    uint32_t *nodes; /* the listed nodes; owned */
    uint32_t n;
    enum which which;
    bool by_size;
    int64_t origins[N_ORIGINS]; /* kept bytes by origin of the reason */
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_files);
}

static bool is_listed(const struct app *app, uint32_t node)
{
    const struct tree_options *options = view_image_options(app);
    if (options->filter.n && !tree_filter_passes(&options->filter, app->session->subject, node,
                                                 app->session->keep, options->packages))
        return false;
    const struct verdict *verdict = &app->session->keep->verdicts[node];
    switch (state_of(app)->which) {
    case LIST_KEPT:
        return verdict->kept;
    case LIST_IN_BASE:
        return verdict->needed && !verdict->kept;
    default:
        return !verdict->needed;
    }
}

static int compare_sizes(const void *a, const void *b, void *with)
{
    const struct tree *tree = with;
    uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    int64_t l = tree->nodes[left].size, r = tree->nodes[right].size;
    return l != r ? (l > r ? -1 : 1) : left < right ? -1 : 1;
}

/* Sums the kept bytes by origin. The content of hard links counts once, at the first kept name. */
static void sum_origins(struct app *app)
{
    const struct tree *tree = app->session->subject;
    struct state *state = state_of(app);
    MEM_AUTO uint8_t *counted = mem_zero(tree->n, 1);
    memset(state->origins, 0, sizeof state->origins);
    for (uint32_t node = 0; node < tree->n; node++) {
        const struct verdict *verdict = &app->session->keep->verdicts[node];
        uint32_t group = tree->nodes[node].peer == NODE_NONE ? node : tree->nodes[node].peer;
        if (!verdict->kept || counted[group])
            continue;
        counted[group] = 1;
        state->origins[reason_origin(verdict->reason)] += tree->nodes[node].size;
    }
}

void view_files_rebuild(struct app *app)
{
    struct state *state = state_of(app);
    free(state->nodes);
    state->nodes = NULL;
    state->n = 0;
    if (!app->session->keep)
        return;
    sum_origins(app);
    size_t cap = 0;
    for (uint32_t node = 1; node < app->session->subject->n; node++) {
        if (!is_listed(app, node))
            continue;
        ARRAY_ROOM(state->nodes, state->n, cap);
        state->nodes[state->n++] = node;
    }
    if (state->by_size && state->n)
        qsort_r(state->nodes, state->n, sizeof *state->nodes, compare_sizes, app->session->subject);
}

void view_files_sums(struct app *app, struct buf *out)
{
    if (!app->session->keep)
        return;
    buf_add(out, bytes_of("kept bytes:"));
    for (enum origin origin = ORIGIN_MARK; origin < N_ORIGINS; origin++) {
        buf_printf(out, "%s %s ", origin == ORIGIN_MARK ? "" : ",", origin_name(origin));
        format_bytes(state_of(app)->origins[origin], out);
    }
}

static void add_summary(struct app *app, struct buf *out)
{
    static const char *const names[] = {"kept files", "provided by base", "dropped files"};
    buf_add(out, bytes_of(names[state_of(app)->which]));
    const struct tree_filter *filter = &view_image_options(app)->filter;
    if (filter->n)
        buf_printf(out, "  tree filter: %s", filter->text.p);
    buf_add(out, bytes_of("  "));
    view_files_sums(app, out);
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->n;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    uint32_t node = state_of(app)->nodes[row];
    const struct node *n = &app->session->subject->nodes[node];
    if (column == COLUMN_BYTES) {
        if (n->kind == NODE_FILE)
            format_bytes(n->size, &out->text);
        return;
    }
    if (column == COLUMN_ORIGIN) {
        out->role = ROLE_DIM;
        buf_add(&out->text,
                bytes_of(origin_name(reason_origin(app->session->keep->verdicts[node].reason))));
        return;
    }
    tree_path(app->session->subject, node, &out->text);
    if (n->kind == NODE_DIR)
        buf_byte(&out->text, '/');
    if (n->kind == NODE_LINK) {
        buf_add(&out->text, bytes_of(" \xe2\x86\x92 "));
        buf_add(&out->text, n->link);
    }
    struct keep_input input = session_keep_input(app->session);
    keep_reason(app->session->keep, &input, node, &out->tail);
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    tree_path(app->session->subject, state_of(app)->nodes[row], out);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return state_of(app)->nodes[row];
}

static bool act(struct app *app, enum action action)
{
    static const char *const names[] = {"files that are kept", "files that the base provides",
                                        "files that are dropped"};
    struct state *state = state_of(app);
    if (action == ACTION_CYCLE) {
        state->which = (state->which + 1) % N_LISTS;
        state->list = (struct list){0};
        view_files_rebuild(app);
        app_say(app, ROLE_DIM, "%s", names[state->which]);
        return true;
    }
    if (action == ACTION_SORT) {
        state->by_size = !state->by_size;
        view_files_rebuild(app);
        return app_say(app, ROLE_DIM, "sorted by %s", state->by_size ? "bytes" : "path"), true;
    }
    if (action == ACTION_FILTER)
        return view_image_arrange(app, action);
    if (state->list.cursor >= state->n)
        return false;
    uint32_t node = state->nodes[state->list.cursor];
    if (action == ACTION_OPEN) {
        view_image_open(app, node);
        return true;
    }
    return app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    tree_path(app->session->subject, state_of(app)->nodes[row], &path);
    propose_path(buf_bytes(&path), out);
}

static void forget(struct app *app, enum view_renewal renewal)
{
    if (renewal == VIEW_OTHER_IMAGE)
        state_of(app)->list = (struct list){0};
}

static void finish(struct app *app)
{
    free(state_of(app)->nodes);
}

static const char *empty(struct app *app)
{
    static const char *const texts[] = {
        "No file is kept. Load logs, or mark paths with Space. The key . shows the next list.",
        "The base provides no file of this image. The key . shows the next list.",
        "No file is dropped. The key . shows the next list."};
    if (view_image_options(app)->filter.n)
        return "No path in this list matches the tree filter. The key f edits it.";
    return app->session->subject ? texts[state_of(app)->which] : NO_IMAGE_TEXT;
}

static const enum action takes[] = {TAKES_NODE,    ACTION_CYCLE, ACTION_SORT,
                                    ACTION_FILTER, ACTION_OPEN,  ACTION_NONE};

const struct view view_files = {
    .id = VIEW_ID_files,
    .title = "Files",
    .tab = &view_files,
    .opens = ACTION_VIEW_FILES,
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .state.refresh = view_files_rebuild,
    .state.finish = finish,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .node = node_at,
    .takes = takes,
    .act = act,
    .empty = empty,
    .propose = propose,
    .summary = add_summary,
    .hint = ". next list  ? help  f tree filter  s sort  - drop  Space keep  / search  w why  "
            "Enter show in tree  L lines  q quit",
};
