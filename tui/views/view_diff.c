/* SPDX-License-Identifier: MIT
 *
 * Compares the subject image with its base image, one row per path that differs. The worker
 * compares the two trees when the view is opened for the first time.
 */
#include "app/app.h"

#include <stdlib.h>

#include "image/tree/tree_compare.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "screen/format.h"

enum { COLUMN_SIGN, COLUMN_BASE, COLUMN_HERE, COLUMN_WHAT, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_SIGN] = {"", 1, false, 0},        [COLUMN_BASE] = {"in base", 9, true, 56},
    [COLUMN_HERE] = {"in image", 9, true, 0}, [COLUMN_WHAT] = {"difference", 20, false, 72},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

/* The class of a row. One key per class shows or hides its rows. */
enum diff_class {
    DIFF_ADDED,    /* the base does not have the path */
    DIFF_MODIFIED, /* the kind, the content or the link target differs */
    DIFF_REMOVED,  /* only the base has it */
    DIFF_META,     /* only mode, owner, attributes, hard links or time differ */
    N_DIFF_CLASSES
};

struct state {
    struct tree_compare compare; /* a is the base image, b the subject image */
    bool requested;              /* the worker is to compare the images */
    bool has, failed;            /* compare is filled; the comparison failed */
    bool hidden[N_DIFF_CLASSES];
    size_t n_of[N_DIFF_CLASSES];
    uint32_t *rows; /* shown rows: indices in compare.rows; owned */
    size_t n;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_diff);
}

static const char *const signs[N_DIFF_CLASSES] = {"A", "M", "R", "~"};

static enum diff_class class_of(const struct tree_compare_row *row)
{
    if (row->status == COMPARE_ADDED)
        return DIFF_ADDED;
    if (row->status == COMPARE_REMOVED)
        return DIFF_REMOVED;
    return row->what & (COMPARE_KIND | COMPARE_CONTENT | COMPARE_LINK) ? DIFF_MODIFIED : DIFF_META;
}

static void list_rows(struct state *state)
{
    state->n = 0;
    for (size_t i = 0; i < state->compare.n; i++)
        if (!state->hidden[class_of(&state->compare.rows[i])])
            state->rows[state->n++] = (uint32_t)i;
}

static void finish(struct app *app)
{
    struct state *state = state_of(app);
    tree_compare_finish(&state->compare);
    free(state->rows);
    state->rows = NULL;
    state->n = 0;
    state->has = state->failed = false;
    for (enum diff_class class = 0; class < N_DIFF_CLASSES; class ++)
        state->n_of[class] = 0;
}

static void forget(struct app *app, enum view_renewal renewal)
{
    (void)renewal;
    finish(app);
}

static void request_compare(struct app *app)
{
    state_of(app)->requested = true;
}

/* The job that compares the two trees. */
struct diff_work {
    struct tree_compare compare; /* the result; owned */
};

static bool job_wanted(const struct app *app)
{
    return state_of(app)->requested && app->session->subject && app->session->base &&
           !state_of(app)->has && !state_of(app)->failed;
}

static bool job_input(struct app *app, struct job *job)
{
    (void)app, (void)job;
    return true;
}

static bool job_run(const struct job_tools *tools, struct job *job)
{
    struct diff_work *work = job->work;
    tree_compare(tools->session->base, tools->session->subject, &work->compare);
    return true;
}

static void job_deliver(struct app *app, struct job *job)
{
    struct diff_work *work = job->work;
    struct state *state = state_of(app);
    finish(app);
    state->failed = !job->ok;
    if (!job->ok)
        return;
    state->compare = work->compare;
    work->compare = (struct tree_compare){0};
    state->has = true;
    for (size_t i = 0; i < state->compare.n; i++)
        state->n_of[class_of(&state->compare.rows[i])]++;
    state->rows = mem_array(NULL, state->compare.n + 1, sizeof *state->rows);
    list_rows(state);
}

static void job_finish(void *with)
{
    struct diff_work *work = with;
    tree_compare_finish(&work->compare);
}

static const struct job_type job_compare = {
    .name = "comparison of the image with its base",
    .work_size = sizeof(struct diff_work),
    .urgency = URGENCY_IMAGES,
    .failure = FAILURE_DELIVERED,
    .wants = job_wanted,
    .take_input = job_input,
    .run = job_run,
    .deliver = job_deliver,
    .finish = job_finish,
};
static const struct job_type *const jobs[] = {&job_compare, NULL};

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->n;
}

static const struct tree_compare_row *row_at(const struct app *app, uint64_t row)
{
    return &state_of(app)->compare.rows[state_of(app)->rows[row]];
}

static void add_path(const struct app *app, const struct tree_compare_row *row, struct buf *out)
{
    if (row->b != NODE_NONE)
        tree_path(app->session->subject, row->b, out);
    else
        tree_path(app->session->base, row->a, out);
}

static void add_size(const struct tree *tree, uint32_t node, struct buf *out)
{
    if (node != NODE_NONE && tree->nodes[node].kind == NODE_FILE)
        format_bytes(tree->nodes[node].size, out);
}

static void add_what(const struct tree_compare_row *row, struct buf *out)
{
    for (unsigned bit = 0; bit < N_COMPARE_BITS; bit++)
        if (row->what >> bit & 1)
            buf_printf(out, "%s%s", out->n ? " " : "", tree_compare_bit_name(bit));
}

/* Appends the old and the new mode, owner and link target, if they differ. */
static void add_change(const struct app *app, const struct tree_compare_row *row, struct buf *out)
{
    if (row->a == NODE_NONE || row->b == NODE_NONE)
        return;
    const struct node *was = &app->session->base->nodes[row->a],
                      *is = &app->session->subject->nodes[row->b];
    if (row->what & COMPARE_MODE)
        buf_printf(out, "%o \xe2\x86\x92 %o  ", was->mode, is->mode);
    if (row->what & COMPARE_OWNER)
        buf_printf(out, "%u:%u \xe2\x86\x92 %u:%u  ", was->uid, was->gid, is->uid, is->gid);
    if (row->what & COMPARE_LINK) {
        buf_add(out, was->link);
        buf_add(out, bytes_of(" \xe2\x86\x92 "));
        buf_add(out, is->link);
    }
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    static const enum role roles[N_DIFF_CLASSES] = {[DIFF_ADDED] = ROLE_KEEP,
                                                    [DIFF_MODIFIED] = ROLE_MATCH,
                                                    [DIFF_REMOVED] = ROLE_DROP,
                                                    [DIFF_META] = ROLE_BASE};
    const struct tree_compare_row *at = row_at(app, row);
    enum diff_class class = class_of(at);
    switch (column) {
    case COLUMN_SIGN:
        buf_add(&out->text, bytes_of(signs[class]));
        out->role = roles[class];
        break;
    case COLUMN_BASE:
        add_size(app->session->base, at->a, &out->text);
        break;
    case COLUMN_HERE:
        add_size(app->session->subject, at->b, &out->text);
        break;
    case COLUMN_WHAT:
        add_what(at, &out->text);
        break;
    default:
        add_path(app, at, &out->text);
        out->role = roles[class];
        add_change(app, at, &out->tail);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    add_path(app, row_at(app, row), out);
}

/* Shows or hides a class. The cursor stays on its row, or moves to the next shown row. */
static void toggle(struct app *app, enum diff_class class)
{
    static const char *const names[N_DIFF_CLASSES] = {"added", "modified", "removed",
                                                      "changed metadata"};
    struct state *state = state_of(app);
    uint32_t here = state->list.cursor < state->n ? state->rows[state->list.cursor] : 0;
    state->hidden[class] = !state->hidden[class];
    list_rows(state);
    uint64_t row = 0;
    while (row + 1 < state->n && state->rows[row] < here)
        row++;
    state->list.cursor = row;
    app_say(app, ROLE_DIM, "%s: %s", names[class], state->hidden[class] ? "hidden" : "shown");
}

static bool act_on_row(struct app *app, enum action action)
{
    const struct tree_compare_row *row = row_at(app, state_of(app)->list.cursor);
    if (row->b == NODE_NONE) {
        if (action != ACTION_OPEN && action != ACTION_KEEP && action != ACTION_DROP)
            return false;
        return app_say(app, ROLE_DIM, "this path is only in the base image"), true;
    }
    if (action != ACTION_OPEN)
        return app_act_on_node(app, row->b, action);
    view_image_open(app, row->b);
    return true;
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return row_at(app, row)->b;
}

static bool act(struct app *app, enum action action)
{
    switch (action) {
    case ACTION_ADDED:
        return toggle(app, DIFF_ADDED), true;
    case ACTION_MODIFIED:
        return toggle(app, DIFF_MODIFIED), true;
    case ACTION_REMOVED:
        return toggle(app, DIFF_REMOVED), true;
    case ACTION_META:
        return toggle(app, DIFF_META), true;
    default:
        return state_of(app)->list.cursor < state_of(app)->n && act_on_row(app, action);
    }
}

static void add_summary(struct app *app, struct buf *out)
{
    const struct state *diff = state_of(app);
    for (enum diff_class class = 0; diff->has && class < N_DIFF_CLASSES; class ++) {
        buf_printf(out, "%s%s ", class ? "  " : "", signs[class]);
        format_count(diff->n_of[class], out);
        buf_add(out, bytes_of(diff->hidden[class] ? " hidden" : ""));
    }
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf path = {0};
    add_path(app, row_at(app, row), &path);
    propose_path(buf_bytes(&path), out);
}

static const char *empty(struct app *app)
{
    if (!app->session->subject)
        return NO_IMAGE_TEXT;
    if (!app->session->base)
        return "No base image is loaded. To load one, run: xsmall load --base IMAGE";
    if (!state_of(app)->has)
        return state_of(app)->failed ? "The image and its base could not be compared."
                                     : "comparing the image with its base ...";
    return state_of(app)->compare.n ? "All differences are hidden: i, m, D and T show them again."
                                    : "The image is identical to its base.";
}

static const enum action takes[] = {TAKES_NODE, TAKES_CHANGES, ACTION_OPEN, ACTION_NONE};

const struct view view_diff = {
    .id = VIEW_ID_diff,
    .title = "Base diff",
    .opens = ACTION_DIFF,
    .opened = request_compare,
    .state.size = sizeof(struct state),
    .state.forget = forget,
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
    .jobs = jobs,
    .hint = "i m D T added, modified, removed, metadata  ? help  Enter show in tree  Space keep  q "
            "back  / search",
};
