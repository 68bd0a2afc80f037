/* SPDX-License-Identifier: MIT
 *
 * The list of layers, lowest first: the bytes of each layer, its waste, its changes and the command
 * that created it. Enter shows the tree of a layer.
 */
#include "views/view_layers.h"

#include <stdlib.h>

#include "app/app.h"
#include "views/registry.h"
#include "screen/format.h"

enum { COLUMN_ORDINAL, COLUMN_BYTES, COLUMN_DEAD, COLUMN_WRITTEN, COLUMN_REMOVED, COLUMN_COMMAND };

static const struct column columns[] = {
    [COLUMN_ORDINAL] = {"layer", 5, true, 0},    [COLUMN_BYTES] = {"bytes", 9, true, 0},
    [COLUMN_DEAD] = {"waste", 9, true, 36},      [COLUMN_WRITTEN] = {"written", 7, true, 56},
    [COLUMN_REMOVED] = {"removed", 7, true, 66}, [COLUMN_COMMAND] = {"command", 0, false, 0},
};

struct layers_state *layers_state(const struct app *app)
{
    return view_state(app, &view_layers);
}

static void free_layers(struct layers_state *state)
{
    layers_destroy(state->layers);
    tree_rows_clear(&state->tree);
    free(state->bytes);
    free(state->count);
    state->bytes = NULL;
    state->count = NULL;
    state->layers = NULL;
    state->failed = false;
}

static void forget(struct app *app, enum view_renewal renewal)
{
    if (renewal == VIEW_OTHER_IMAGE)
        free_layers(layers_state(app));
}

static void finish(struct app *app)
{
    free_layers(layers_state(app));
}

static void request_layers(struct app *app)
{
    layers_state(app)->requested = true;
}

/* The job that reads the layers. */
struct layers_work {
    struct layers *layers; /* the result; owned */
};

static bool job_wanted(const struct app *app)
{
    const struct layers_state *state = layers_state(app);
    return state->requested && app->session->subject && !state->layers && !state->failed;
}

static bool job_input(struct app *app, struct job *job)
{
    (void)app, (void)job;
    return true;
}

static bool job_run(const struct job_tools *tools, struct job *job)
{
    struct layers_work *work = job->work;
    return layers_read(tools->db, tools->session->subject_info.id, &job->cancel, &work->layers,
                       &job->err);
}

static void job_deliver(struct app *app, struct job *job)
{
    struct layers_work *work = job->work;
    struct layers_state *state = layers_state(app);
    state->failed = !job->ok;
    if (!job->ok)
        return;
    free_layers(state);
    state->layers = work->layers;
    work->layers = NULL;
    uint64_t ordinal = state->wanted ? state->wanted : state->layers->n;
    state->list.cursor = ordinal ? ordinal - 1 : 0;
    view_layer_rebuild(app);
}

static void job_finish(void *with)
{
    struct layers_work *work = with;
    layers_destroy(work->layers);
}

static const struct job_type job_layers = {
    .name = "layers",
    .work_size = sizeof(struct layers_work),
    .urgency = URGENCY_IMAGES,
    .failure = FAILURE_DELIVERED,
    .wants = job_wanted,
    .take_input = job_input,
    .run = job_run,
    .deliver = job_deliver,
    .finish = job_finish,
};
static const struct job_type *const jobs[] = {&job_layers, NULL};

const struct view *view_layers_tree(const struct app *app)
{
    return layers_state(app)->scope == LAYERS_ALL ? &view_image : &view_layer;
}

void view_layers_cycle(struct app *app)
{
    static const char *const names[] = {"showing the whole image",
                                        "showing only the changes of the layer",
                                        "showing the image up to the layer"};
    struct layers_state *state = layers_state(app);
    state->requested = true;
    state->scope = (state->scope + 1) % N_LAYERS_SCOPES;
    view_layer_rebuild(app);
    app_say(app, ROLE_DIM, "%s", names[state->scope]);
    if (app->view == &view_image || app->view == &view_layer)
        app->view = view_layers_tree(app);
}

void view_layers_strip(struct app *app, struct buf *out)
{
    enum { MOST = 24, EIGHTHS = 8 };
    const struct layers *layers = layers_state(app)->layers;
    enum layers_scope scope = layers_state(app)->scope;
    if (!layers || !layers->n)
        return;
    int64_t greatest = 1;
    for (size_t i = 0; i < layers->n; i++)
        if (layers->all[i].bytes > greatest)
            greatest = layers->all[i].bytes;
    buf_add(out, bytes_of("layers "));
    for (size_t i = 0; i < layers->n && layers->n <= MOST; i++) {
        int height = (int)((double)layers->all[i].bytes / (double)greatest * (EIGHTHS - 1));
        bool chosen = scope != LAYERS_ALL && layers->chosen == i + 1;
        buf_printf(out, "%s\xe2\x96%c%s", chosen ? "[" : "", 0x81 + height, chosen ? "]" : "");
    }
    if (scope == LAYERS_ALL)
        buf_add(out, bytes_of(" all"));
    else
        buf_printf(out, scope == LAYERS_ONLY ? " layer %u only" : " up to layer %u",
                   layers->chosen);
}

void view_layers_open_at(struct app *app, uint32_t ordinal)
{
    struct layers_state *state = layers_state(app);
    state->wanted = ordinal;
    if (state->layers && ordinal <= state->layers->n)
        state->list.cursor = ordinal - 1;
    app_open(app, &view_layers);
}

static struct list *list(struct app *app)
{
    return &layers_state(app)->list;
}

static uint64_t count(struct app *app)
{
    const struct layers *layers = layers_state(app)->layers;
    return layers ? layers->n : 0;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct layer *layer = &layers_state(app)->layers->all[row];
    switch (column) {
    case COLUMN_ORDINAL:
        format_count(layer->ordinal, &out->text);
        break;
    case COLUMN_BYTES:
        format_bytes(layer->bytes, &out->text);
        break;
    case COLUMN_DEAD:
        if (layer->dead_bytes)
            format_bytes(layer->dead_bytes, &out->text);
        out->role = ROLE_DROP;
        break;
    case COLUMN_WRITTEN:
        format_count(layer->n[CHANGE_ADDED] + layer->n[CHANGE_MODIFIED] + layer->n[CHANGE_META],
                     &out->text);
        break;
    case COLUMN_REMOVED:
        if (layer->n[CHANGE_REMOVED])
            format_count(layer->n[CHANGE_REMOVED], &out->text);
        break;
    default:
        buf_add(&out->text, layer->command);
        if (layer->killed_bytes) {
            buf_add(&out->tail, bytes_of("hides "));
            format_bytes(layer->killed_bytes, &out->tail);
            buf_add(&out->tail, bytes_of(" of lower layers"));
        }
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, layers_state(app)->layers->all[row].command);
}

static bool act(struct app *app, enum action action)
{
    struct layers_state *state = layers_state(app);
    if (action == ACTION_CYCLE)
        return view_layers_cycle(app), true;
    if (action != ACTION_OPEN || state->list.cursor >= count(app))
        return false;
    layers_choose(state->layers, state->layers->all[state->list.cursor].ordinal);
    if (state->scope == LAYERS_ALL)
        state->scope = LAYERS_ONLY;
    view_layer_rebuild(app);
    app_open(app, &view_layer);
    return true;
}

struct place {
    enum layers_scope scope;
};

static void leave(struct app *app, void *out)
{
    struct place *place = out;
    place->scope = layers_state(app)->scope;
}

static void come_back(struct app *app, const struct view *to, const void *from)
{
    const struct place *place = from;
    (void)to;
    layers_state(app)->scope = place->scope;
    view_layer_rebuild(app);
}

static const char *empty(struct app *app)
{
    if (!app->session->subject)
        return NO_IMAGE_TEXT;
    if (!layers_state(app)->layers)
        return layers_state(app)->failed ? "The layers could not be read."
                                         : "reading the layers ...";
    return "The image has no layers.";
}

static const enum action takes[] = {ACTION_CYCLE, ACTION_OPEN, ACTION_NONE};

const struct view view_layers = {
    .id = VIEW_ID_layers,
    .title = "Layers",
    .opens = ACTION_LAYERS,
    .opened = request_layers,
    .state.size = sizeof(struct layers_state),
    .state.init = view_layer_init,
    .state.forget = forget,
    .state.finish = finish,
    .place.size = sizeof(struct place),
    .place.leave = leave,
    .place.come_back = come_back,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .summary = view_layers_strip,
    .jobs = jobs,
    .hint = "Enter tree of the layer  ? help  d layer waste  . next part of the image  q back  / "
            "search",
};
