/* SPDX-License-Identifier: MIT
 *
 * Paints the filters panel: a title with the line counts, then one row per stage with its numbers
 * in columns, as many columns as fit. While the user chooses a proposed pattern, the panel lists
 * the proposals instead.
 */
#include "paint/paint.h"

#include "app/app.h"

#include "screen/format.h"
#include "app/layout.h"

enum { TITLED_WIDTH = 64 }; /* narrower screens show the line counts without column titles */

/* The numbers of a stage, from right to left. */
enum number { NUMBER_LEFT, NUMBER_HIDES, NUMBER_ONLY, NUMBER_HITS, N_NUMBERS };

static const struct {
    const char *title;
    int width, at_least; /* columns of the number; least width of the screen that shows it */
} numbers[N_NUMBERS] = {
    [NUMBER_LEFT] = {"left", 12, 0},
    [NUMBER_HIDES] = {"bytes hidden", 15, 76},
    [NUMBER_ONLY] = {"unique hits", 14, 98},
    [NUMBER_HITS] = {"hits", 12, 84},
};

/* Paints one right-aligned text per number, from the right edge. Returns the x of the leftmost
 * number. */
static int put_numbers(struct app *app, int y, struct buf (*text)[N_NUMBERS], enum role role,
                       bool selected)
{
    int end = app->screen.width;
    for (int i = 0; i < N_NUMBERS; i++) {
        if (app->screen.width < numbers[i].at_least)
            continue;
        screen_put_right(&app->screen, end - numbers[i].width, y, end - 1, buf_bytes(&(*text)[i]),
                         role, selected);
        end -= numbers[i].width;
    }
    return end;
}

static void finish_numbers(struct buf (*text)[N_NUMBERS])
{
    for (int i = 0; i < N_NUMBERS; i++)
        buf_finish(&(*text)[i]);
}
#define NUMBERS_AUTO __attribute__((cleanup(finish_numbers)))

static void paint_rule(struct app *app, int y)
{
    for (int x = 0; x < app->screen.width; x++)
        screen_put(&app->screen, x, y, x + 1, bytes_of("\xe2\x94\x80"), ROLE_TITLE, false);
}

static void add_total(struct app *app, struct buf *out)
{
    bool paths = !app->session->corpus->n_logs && app_n_lines(app);
    buf_add(out, bytes_of(" filters \xe2\x94\x80 "));
    format_count(app_n_lines(app), out);
    buf_add(out, bytes_of(paths ? " paths \xe2\x86\x92 " : " lines \xe2\x86\x92 "));
    if (app->session->chain_err.kind != ERR_NONE)
        buf_add(out, bytes_of(app->session->chain_err.text));
    else if (chain_survivors(app->session->chain))
        format_count(chain_n_output(app->session->chain), out);
    else
        buf_add(out, bytes_of("..."));
    if (app->session->chain_err.kind == ERR_NONE)
        buf_add(out, bytes_of(" matching"));
    if (!app->decisions.evaluated && app->session->chain_err.kind == ERR_NONE)
        buf_add(out, bytes_of(" ~"));
    buf_byte(out, ' ');
}

static void paint_title(struct app *app, int y)
{
    NUMBERS_AUTO struct buf titles[N_NUMBERS] = {0};
    BUF_AUTO struct buf text = {0};
    paint_rule(app, y);
    bool titled = chain_n_stages(app->session->chain) && app->screen.width >= TITLED_WIDTH;
    for (int i = 0; titled && i < N_NUMBERS; i++)
        buf_printf(&titles[i], " %s ", numbers[i].title);
    add_total(app, &text);
    int room = put_numbers(app, y, &titles, ROLE_TITLE, false);
    int end = titled && app->session->chain_err.kind == ERR_NONE ? room : app->screen.width;
    screen_put(&app->screen, 2, y, end, buf_bytes(&text),
               app->focus == SCOPE_PANEL ? ROLE_HEADER : ROLE_TITLE, false);
}

/* Appends the bytes of the files that would have evidence if the stage were removed. Appends
 * "redundant" if removing the stage would not change the output. */
static void add_hides(const struct app *app, const struct stage_view *stage, size_t i,
                      struct buf *out)
{
    if (stage->redundant)
        buf_add(out, bytes_of("redundant"));
    else if (app->results.of_hides == app->decisions.now && i < app->results.n_hides &&
             app->results.hides[i].n_files)
        format_bytes(app->results.hides[i].bytes, out);
}

static void paint_stage(struct app *app, size_t i, int y)
{
    struct stage_view stage = chain_stage(app->session->chain, i);
    bool selected = app->focus == SCOPE_PANEL && i == app->stage;
    enum role role = stage.active && !stage.redundant ? ROLE_TEXT : ROLE_DIM;
    NUMBERS_AUTO struct buf texts[N_NUMBERS] = {0};
    BUF_AUTO struct buf left = {0};
    if (selected)
        screen_fill(&app->screen, y, ROLE_TEXT, true);
    buf_printf(&left, "%2zu [%c] ", i + 1, stage.enabled ? 'x' : ' ');
    filter_target_print_label(stage.target, &left);
    buf_add(&left, stage.text);
    if (stage.counted && stage.active) {
        format_count(stage.hits, &texts[NUMBER_HITS]);
        format_count(stage.unique_hits, &texts[NUMBER_ONLY]);
        format_count(stage.left, &texts[NUMBER_LEFT]);
        add_hides(app, &stage, i, &texts[NUMBER_HIDES]);
    } else if (stage.enabled) {
        buf_add(&texts[NUMBER_LEFT], bytes_of(stage.active ? "..." : "no effect"));
    }
    int room = put_numbers(app, y, &texts, role, selected);
    screen_put(&app->screen, 1, y, room, buf_bytes(&left), role, selected);
}

static void paint_proposals(struct app *app, int y, int rows)
{
    const struct proposals *proposals = &app->chain_edit.proposals;
    size_t room = (size_t)rows, top = proposals->chosen >= room ? proposals->chosen - room + 1 : 0;
    paint_rule(app, y);
    screen_put(&app->screen, 2, y, app->screen.width,
               bytes_of(" \xe2\x86\x91 \xe2\x86\x93 choose a pattern "), ROLE_HEADER, false);
    for (size_t k = 0; k < room && top + k < proposals->n; k++) {
        bool selected = top + k == proposals->chosen;
        int row = y + 1 + (int)k;
        if (selected)
            screen_fill(&app->screen, row, ROLE_TEXT, true);
        screen_put(&app->screen, 4, row, app->screen.width, buf_bytes(&proposals->list[top + k]),
                   ROLE_TEXT, selected);
    }
}

void paint_panel(struct app *app, int y, int rows)
{
    if (app->chain_edit.proposals.n) {
        paint_proposals(app, y, rows);
        return;
    }
    size_t n = chain_n_stages(app->session->chain), room = (size_t)rows;
    size_t top = layout_panel_top(app, rows);
    paint_title(app, y);
    for (size_t k = 0; k < room && top + k < n; k++)
        paint_stage(app, top + k, y + 1 + (int)k);
}
