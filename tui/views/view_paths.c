/* SPDX-License-Identifier: MIT
 *
 * The trace by path: each path in the matching lines, with the number of calls, their results and
 * the access kinds.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_image.h"
#include "views/view_pivots.h"
#include "screen/format.h"

enum { COLUMN_TIMES, COLUMN_RESULT, COLUMN_KINDS, COLUMN_BYTES, COLUMN_PATH };

static const struct column columns[] = {
    [COLUMN_TIMES] = {"calls", 7, true, 0},   [COLUMN_RESULT] = {"result", 14, false, 60},
    [COLUMN_KINDS] = {"kinds", 6, false, 72}, [COLUMN_BYTES] = {"bytes", 9, true, 64},
    [COLUMN_PATH] = {"path", 0, false, 0},
};

static const struct pivot_path *path_at(const struct app *app, uint64_t row)
{
    return &pivots_state_of(app)->made.paths[row];
}

static struct list *list(struct app *app)
{
    return &pivots_state_of(app)->lists[PIVOT_PATHS];
}

static uint64_t count(struct app *app)
{
    return pivots_have_rows(app, PIVOT_PATHS) ? pivots_state_of(app)->made.n : 0;
}

/* Writes the results of a path: "ok", "ENOENT" or "ok ENOENT×3". */
static void add_result(const struct pivot_path *path, struct view_cell *out)
{
    const char *name = strerrorname_np(path->error);
    bool ok = path->times > path->failed;
    if (ok)
        buf_add(&out->text, bytes_of("ok"));
    if (!path->failed)
        return;
    buf_add(&out->text, bytes_of(ok ? " " : ""));
    buf_add(&out->text, bytes_of(path->error < 0 ? "unknown" : name ? name : "failed"));
    if (path->failed > 1)
        buf_printf(&out->text, "\xc3\x97%u", path->failed);
    out->role = ok ? ROLE_TEXT : ROLE_DIM;
}

static void add_kinds(uint32_t kinds, struct buf *out)
{
    static const char letters[] = {
        [ACCESS_EXECUTED] = 'x', [ACCESS_MAPPED] = 'm',  [ACCESS_READ] = 'r',
        [ACCESS_LISTED] = 'l',   [ACCESS_WRITTEN] = 'w', [ACCESS_CREATED] = 'c',
        [ACCESS_RENAMED] = 'n',  [ACCESS_REMOVED] = 'd', [ACCESS_STAT] = 's',
        [ACCESS_READLINK] = 'k', [ACCESS_CHDIR] = '/',   [ACCESS_OTHER] = 'o'};
    for (size_t i = 0; i < sizeof letters; i++)
        if (kinds >> i & 1)
            buf_byte(out, letters[i]);
}

/* Appends the target of a path through links, and the name of its first line. */
static void add_tail(const struct app *app, const struct pivot_path *path, struct buf *out)
{
    BUF_AUTO struct buf real = {0};
    if (path->node != NODE_NONE)
        tree_path(app->session->subject, path->node, &real);
    if (real.n && !bytes_equal(buf_bytes(&real), app->session->accesses->paths[path->asked].path)) {
        buf_add(out, bytes_of("\xe2\x86\x92 "));
        buf_add(out, buf_bytes(&real));
        buf_add(out, bytes_of("  "));
    }
    pivots_line_name(app, path->line, out);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct pivot_path *path = path_at(app, row);
    switch (column) {
    case COLUMN_TIMES:
        format_count(path->times, &out->text);
        break;
    case COLUMN_RESULT:
        add_result(path, out);
        break;
    case COLUMN_KINDS:
        add_kinds(path->kinds, &out->text);
        break;
    case COLUMN_BYTES:
        if (path->node != NODE_NONE && app->session->subject->nodes[path->node].kind == NODE_FILE)
            format_bytes(app->session->subject->nodes[path->node].size, &out->text);
        break;
    default:
        buf_add(&out->text, app->session->accesses->paths[path->asked].path);
        out->role = path->times > path->failed ? ROLE_TEXT : ROLE_DIM;
        add_tail(app, path, &out->tail);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, app->session->accesses->paths[path_at(app, row)->asked].path);
}

static void next_sort(struct app *app)
{
    static const char *const names[] = {"number of calls", "path", "bytes in the image"};
    struct pivots *pivots = pivots_state_of(app);
    pivots->sort = (pivots->sort + 1) % N_PIVOT_SORTS;
    pivots->serial++;
    *list(app) = (struct list){0};
    app_say(app, ROLE_DIM, "sorted by %s", names[pivots->sort]);
}

static uint32_t node_at(struct app *app, uint64_t row)
{
    return path_at(app, row)->node;
}

static bool act(struct app *app, enum action action)
{
    if (action == ACTION_SORT)
        return next_sort(app), true;
    uint64_t row = list(app)->cursor;
    const struct pivot_path *path = row < count(app) ? path_at(app, row) : NULL;
    if (pivots_act(app, action, path ? path->line : UINT32_MAX))
        return true;
    if (!path)
        return false;
    if (action == ACTION_LINES)
        return pivots_lines_of(app, app->session->accesses->paths[path->asked].path, path->node),
               true;
    if (action == ACTION_OPEN && path->node == NODE_NONE)
        return pivots_reveal_line(app, path->line), true;
    if (action == ACTION_OPEN) {
        view_image_open(app, path->node);
        return true;
    }
    return path->node != NODE_NONE && app_act_on_node(app, path->node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    propose_path(app->session->accesses->paths[path_at(app, row)->asked].path, out);
}

static const char *empty(struct app *app)
{
    return pivots_empty(app, "No matching line names a path.");
}

static const enum action takes[] = {TAKES_NODE, TAKES_PIVOT, ACTION_SORT, ACTION_OPEN, ACTION_NONE};

const struct view view_paths = {
    .id = VIEW_ID_paths,
    .title = "Trace",
    .tab = &view_trace,
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
    .summary = pivots_add_summary,
    .jobs = pivots_jobs,
    .hint =
        ". by process  Enter show in tree  L lines  ? help  e c r t limits  0 no limits  s sort  "
        "Space keep  x add filter",
};
