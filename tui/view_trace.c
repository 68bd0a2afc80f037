/* SPDX-License-Identifier: MIT
 *
 * The surviving lines, in the order in which the pipeline prints them. While a pattern is typed,
 * the lines that would go are dim.
 */
#include "app.h"

static const struct column columns[] = {{"surviving lines", 0, false, 0}};

static struct list *list(struct app *app)
{
    return &app->trace_list;
}

static uint64_t count(struct app *app)
{
    return app->evaluated || chain_survivors(app->x->chain) ? chain_n_output(app->x->chain) : 0;
}

/* A line as it is printed, appended; false where it cannot be read. */
static bool add_line(struct app *app, uint64_t row, struct buf *out, uint32_t *line,
                     size_t *prefix_n)
{
    struct bytes prefix;
    struct err err;
    if (!chain_output(app->x->chain, row, line, &prefix))
        return false;
    *prefix_n = prefix.n;
    buf_add(out, prefix);
    return xsmall_line_text(app->x, *line, out, &err);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    (void)column;
    size_t prefix_n;
    uint32_t line;
    if (!add_line(app, row, &out->text, &line, &prefix_n)) {
        out->role = ROLE_ERROR;
        buf_add(&out->text, bytes_of("this line cannot be read from the session"));
        return;
    }
    if (chain_edit_would_go(app, line, buf_bytes(&out->text), prefix_n))
        out->role = ROLE_DIM; /* all of it, the prefix too */
    else
        out->head = prefix_n;
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    size_t prefix_n;
    uint32_t line;
    add_line(app, row, out, &line, &prefix_n);
}

/* The node that the line's call ended at, or NODE_NONE. */
static uint32_t node_of_line(struct app *app, uint64_t row)
{
    uint32_t line;
    struct bytes prefix;
    return chain_output(app->x->chain, row, &line, &prefix) ? xsmall_line_node(app->x, line)
                                                            : NODE_NONE;
}

static bool act(struct app *app, enum action action)
{
    if (app->trace_list.cursor >= count(app))
        return false;
    uint32_t node = node_of_line(app, app->trace_list.cursor);
    bool needs_node = action == ACTION_OPEN || action == ACTION_KEEP || action == ACTION_DROP ||
                      action == ACTION_AUTO || action == ACTION_UNMARK || action == ACTION_WHY;
    if (!needs_node)
        return false;
    if (node == NODE_NONE) {
        app_say(app, ROLE_DIM, "this line leads to no file of the image");
        return true;
    }
    if (action == ACTION_OPEN) {
        app_open(app, &view_image);
        view_image_reveal(app, node);
        return true;
    }
    return app_act_on_node(app, node, action);
}

static void propose(struct app *app, uint64_t row, struct proposals *out)
{
    BUF_AUTO struct buf text = {0};
    size_t prefix_n;
    uint32_t line;
    if (!add_line(app, row, &text, &line, &prefix_n))
        return;
    if (app->x->corpus->n_logs)
        propose_line(bytes_skip(buf_bytes(&text), prefix_n), out);
    else
        propose_path(buf_bytes(&text), out);
}

static const char *empty(struct app *app)
{
    if (!app->x->corpus->n_lines && !app->evaluated)
        return "counting ...";
    if (!app->x->corpus->n_lines)
        return "No log is loaded. v, g and x make patterns on the image's own paths.\n\nstrace -ff "
               "-y -e trace=%file,%process,fchdir,mmap -o DIR/log "
               "PROGRAM\n"
               "xsmall IMAGE.tar DIR";
    return app->x->chain_err.kind != ERR_NONE ? app->x->chain_err.text
           : app->evaluated                   ? "no line survives"
                                              : "counting ...";
}

const struct view view_trace = {
    .tab = "Trace",
    .columns = columns,
    .n_columns = 1,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .act = act,
    .empty = empty,
    .propose = propose,
};
