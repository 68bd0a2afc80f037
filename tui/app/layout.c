/* SPDX-License-Identifier: MIT */
#include "app/layout.h"

#include "app/app.h"

struct layout layout_make(const struct app *app)
{
    int height = app->screen.height;
    bool choosing = app->chain_edit.proposals.n > 0;
    size_t n = choosing ? app->chain_edit.proposals.n : chain_n_stages(app->session->chain);
    bool low = height < 16;
    bool titled = app->view->n_columns > 1 || app->view->columns[0].title[0];
    struct layout layout = {
        .tabs = 1, .titles = titled ? 2 : -1, .body = titled ? 3 : 2, .last = height - 1};
    bool typing = chain_edit_is_open(app);
    int most = choosing ? height / 3
               : low    ? (app->focus == SCOPE_PANEL ? height / 3 : 0)
                        : height / 4;
    layout.panel_rows = (int)n < most ? (int)n : most;
    int below = 1 + layout.panel_rows + (typing ? 1 : 0); /* title, stages, prompt */
    layout.panel = height - 1 - below;
    layout.prompt = typing ? layout.panel + 1 + layout.panel_rows : -1;
    layout.body_rows = layout.panel - layout.body;
    if (layout.body_rows < 1) { /* no room for both: hide the panel */
        layout.body_rows = height - 1 - layout.body > 0 ? height - 1 - layout.body : 0;
        layout.panel = -1;
        layout.prompt = typing ? height - 1 : -1;
    }
    return layout;
}

size_t layout_panel_top(const struct app *app, int panel_rows)
{
    size_t n = chain_n_stages(app->session->chain), room = (size_t)panel_rows;
    size_t cursor = app->focus == SCOPE_PANEL && app->stage < n ? app->stage : n ? n - 1 : 0;
    return cursor >= room && room ? cursor - room + 1 : 0;
}

void layout_tab_text(const struct view *view, size_t tab, struct buf *out)
{
    buf_printf(out, "%zu %s", tab + 1, view->title);
}

const struct view *layout_tab_at(const struct views *views, int x)
{
    const struct view *view;
    int left = 0;
    for (size_t tab = 0; (view = views_tab(views, tab)); tab++) {
        BUF_AUTO struct buf text = {0};
        layout_tab_text(view, tab, &text);
        int end = left + text_width(buf_bytes(&text));
        if (x >= left && x < end)
            return view;
        left = end + 2;
    }
    return NULL;
}
