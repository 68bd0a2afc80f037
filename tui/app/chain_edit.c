/* SPDX-License-Identifier: MIT */
#include "app/chain_edit.h"

#include "app/action_handlers.h"
#include "app/app.h"
#include "chain/line_set.h"

#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

void chain_edit_forget(struct app *app)
{
    struct preview *preview = &app->chain_edit.preview;
    pattern_scratch_destroy(preview->scratch);
    if (preview->valid)
        scan_finish(&preview->scan);
    if (preview->hits)
        line_set_free(preview->hits);
    preview->hits = NULL;
    preview->scratch = NULL;
    preview->valid = preview->known = preview->asked = false;
    preview->serial++; /* a preview that is being computed is stale */
    buf_clear(&preview->error);
}

void chain_edit_text(const struct app *app, struct buf *out)
{
    struct bytes typed = buf_bytes(&app->prompt.line.text);
    if (!app->chain_edit.begin) {
        buf_add(out, typed);
        return;
    }
    buf_add(out, bytes_of(app->chain_edit.begin));
    buf_add(out, bytes_of(" -e '"));
    for (size_t i = 0; i < typed.n; i++) {
        if (typed.p[i] == '\'')
            buf_add(out, bytes_of("'\\''"));
        else
            buf_byte(out, typed.p[i]);
    }
    buf_byte(out, '\'');
}

static const struct prompt_type expression_prompt, stage_prompt;

static void next_typed_target(struct app *app)
{
    app->chain_edit.target = filter_target_next(app->chain_edit.target);
    chain_edit_changed(app);
}

bool chain_edit_would_remove(struct app *app, uint32_t line, struct bytes text, size_t prefix_n)
{
    struct preview *preview = &app->chain_edit.preview;
    struct err err;
    if (!preview->valid)
        return false;
    if (preview->known)
        return roaring_bitmap_contains(preview->hits, line) == preview->invert;
    if (app->chain_edit.target != &target_line)
        return false;
    struct bytes seen = bytes_skip(text, preview->scan.prefixed ? 0 : prefix_n);
    int matches = pattern_match(preview->scan.pattern, preview->scratch, seen, &err);
    return matches >= 0 && (matches == 1) == preview->invert;
}

static void begin_stage(struct app *app, bool is_new, const char *begin)
{
    if (!is_new && app->stage >= chain_n_stages(app->session->chain))
        return;
    app->chain_edit.is_new = is_new;
    app->chain_edit.begin = begin;
    app->chain_edit.stage = is_new ? chain_n_stages(app->session->chain) : app->stage;
    struct stage_view stage = {.text = bytes_of(""),
                               .target = chain_first_target(app->session->chain)};
    if (!is_new)
        stage = chain_stage(app->session->chain, app->stage);
    app->chain_edit.target = stage.target;
    prompt_open(app, begin ? &expression_prompt : &stage_prompt, stage.text);
    chain_edit_changed(app);
}

static void use_proposal(struct app *app)
{
    const struct proposals *proposals = &app->chain_edit.proposals;
    line_edit_set(&app->prompt.line, buf_bytes(&proposals->list[proposals->chosen]));
    chain_edit_changed(app);
}

/* Begins a new stage with a pattern from the row under the cursor. Returns false if the row
 * suggests no pattern. */
static bool propose(struct app *app, const char *begin)
{
    const struct view *view = app->view;
    uint64_t row = view->list(app)->cursor;
    if (!view->propose || row >= view->count(app))
        return false;
    struct proposals proposals = {0};
    view->propose(app, row, &proposals);
    if (!proposals.n)
        return false;
    begin_stage(app, true, begin);
    app->chain_edit.proposals = proposals;
    use_proposal(app);
    return true;
}

/* Chooses the next (by 1) or previous (by -1) proposal. */
static void choose(struct app *app, int by)
{
    struct proposals *proposals = &app->chain_edit.proposals;
    size_t last = proposals->n - 1;
    if (by < 0)
        proposals->chosen -= proposals->chosen > 0;
    else
        proposals->chosen += proposals->chosen < last;
    use_proposal(app);
}

void chain_edit_changed(struct app *app)
{
    struct preview *preview = &app->chain_edit.preview;
    struct err err = {0};
    chain_edit_forget(app);
    if (app->chain_edit.begin && !app->prompt.line.text.n)
        return;
    BUF_AUTO struct buf text = {0};
    chain_edit_text(app, &text);
    if (!chain_preview_scan(app->session->chain, app->chain_edit.stage, buf_bytes(&text),
                            app->chain_edit.target, &preview->scan, &preview->invert, &err)) {
        buf_add(&preview->error, bytes_of(err.text));
        return;
    }
    preview->valid = true;
    preview->scratch = pattern_scratch_create(preview->scan.pattern);
    preview->asked = true;
}

void chain_edit_end(struct app *app)
{
    chain_edit_forget(app);
    proposals_finish(&app->chain_edit.proposals);
}

bool chain_edit_save(struct app *app)
{
    struct err err;
    bool ok = session_save_chain(app->session, &err);
    if (!ok)
        app_say(app, ROLE_ERROR, "%s", err.text);
    app_decided(app);
    return ok;
}

/* Shows warnings, which are separated by newlines, in one message. */
static void show_warnings(struct app *app, struct bytes warnings)
{
    BUF_AUTO struct buf text = {0};
    while (warnings.n) {
        struct bytes line = bytes_split(&warnings, '\n');
        buf_add(&text, bytes_of(text.n ? "; " : ""));
        buf_add(&text, line);
    }
    if (text.n)
        app_say(app, ROLE_MATCH, "%s", text.p);
}

static bool accept_stage(struct app *app)
{
    BUF_AUTO struct buf text = {0}, warning = {0};
    struct err err;
    struct chain *chain = app->session->chain;
    if (app->chain_edit.begin && !app->prompt.line.text.n)
        return true; /* an empty text adds no stage */
    chain_edit_text(app, &text);
    bool ok = app->chain_edit.is_new
                  ? chain_insert(chain, app->chain_edit.stage, buf_bytes(&text), &warning, &err)
                  : chain_replace(chain, app->chain_edit.stage, buf_bytes(&text), &warning, &err);
    if (!ok) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return false;
    }
    app->stage = app->chain_edit.stage;
    chain_set_target(chain, app->stage, app->chain_edit.target);
    show_warnings(app, buf_bytes(&warning));
    return chain_edit_save(app);
}

static bool accept_pipeline(struct app *app)
{
    BUF_AUTO struct buf warning = {0};
    struct err err;
    struct bytes typed = buf_bytes(&app->prompt.line.text);
    if (!chain_from_pipeline(app->session->chain, typed, &warning, &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return false;
    }
    show_warnings(app, buf_bytes(&warning));
    return chain_edit_save(app);
}

static bool stage_key(struct app *app, uint32_t key)
{
    enum { CTRL_T = 20 };
    bool chooses = app->chain_edit.proposals.n && (key == KEY_UP_ || key == KEY_DOWN_);
    if (key == CTRL_T)
        next_typed_target(app);
    else if (chooses)
        choose(app, key == KEY_UP_ ? -1 : 1);
    return chooses || key == CTRL_T;
}

static const char stage_hint[] = "Enter accept  Esc cancel  C-t next target: lines, paths, tree";

/* Prompt for the expression of a stage; stage_prompt is for a complete grep command. */
static const struct prompt_type expression_prompt = {
    .hint = stage_hint,
    .history = INPUT_PATTERN,
    .changed = chain_edit_changed,
    .accept = accept_stage,
    .close = chain_edit_end,
    .key = stage_key,
};

static const struct prompt_type stage_prompt = {
    .hint = stage_hint,
    .changed = chain_edit_changed,
    .accept = accept_stage,
    .close = chain_edit_end,
    .key = stage_key,
};

const struct prompt_type pipeline_prompt = {.label = " pipeline: ", .accept = accept_pipeline};

bool chain_edit_is_open(const struct app *app)
{
    return app->prompt.type == &expression_prompt || app->prompt.type == &stage_prompt;
}

bool chain_edit_add(struct app *app, enum action action)
{
    begin_stage(app, true, action == ACTION_EXCLUDE ? "grep -v" : "grep");
    return true;
}

bool chain_edit_propose(struct app *app, enum action action)
{
    if (!propose(app, action == ACTION_PROPOSE ? "grep -v" : "grep"))
        app_say(app, ROLE_DIM, "this row suggests no pattern");
    return true;
}

bool chain_edit_pipeline(struct app *app, enum action action)
{
    BUF_AUTO struct buf text = {0};
    (void)action;
    chain_print(app->session->chain, &text);
    prompt_open(app, &pipeline_prompt, buf_bytes(&text));
    return true;
}

/* Returns true if the focus is on a stage. */
static bool has_stage(struct app *app)
{
    size_t n = chain_n_stages(app->session->chain);
    if (app->focus != SCOPE_PANEL || !n)
        return false;
    if (app->stage >= n)
        app->stage = n - 1;
    return true;
}

bool chain_edit_toggle(struct app *app, enum action action)
{
    struct chain *chain = app->session->chain;
    (void)action;
    if (!has_stage(app))
        return false;
    chain_enable(chain, app->stage, !chain_stage(chain, app->stage).enabled);
    return chain_edit_save(app), true;
}

bool chain_edit_edit(struct app *app, enum action action)
{
    (void)action;
    if (!has_stage(app))
        return false;
    return begin_stage(app, false, NULL), true;
}

bool chain_edit_invert(struct app *app, enum action action)
{
    (void)action;
    if (!has_stage(app))
        return false;
    chain_invert(app->session->chain, app->stage);
    return chain_edit_save(app), true;
}

bool chain_edit_duplicate(struct app *app, enum action action)
{
    struct err err;
    (void)action;
    if (!has_stage(app))
        return false;
    if (!chain_duplicate(app->session->chain, app->stage, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else
        app->stage++;
    return chain_edit_save(app), true;
}

bool chain_edit_target(struct app *app, enum action action)
{
    struct chain *chain = app->session->chain;
    (void)action;
    if (!has_stage(app))
        return false;
    chain_set_target(chain, app->stage, filter_target_next(chain_stage(chain, app->stage).target));
    return chain_edit_save(app), true;
}

/* Switches all stages off. If all stages are off, switches them on. */
bool chain_edit_switch_all(struct app *app, enum action action)
{
    struct chain *chain = app->session->chain;
    bool any = false;
    (void)action;
    if (!has_stage(app))
        return false;
    for (size_t i = 0; i < chain_n_stages(chain); i++)
        any = any || chain_stage(chain, i).enabled;
    chain_enable_all(chain, !any);
    return chain_edit_save(app), true;
}

bool chain_edit_solo(struct app *app, enum action action)
{
    (void)action;
    if (!has_stage(app))
        return false;
    if (chain_solo(app->session->chain, app->stage))
        app_say(app, ROLE_DIM, "all other filters are off; repeat to restore them");
    return chain_edit_save(app), true;
}

bool chain_edit_remove(struct app *app, enum action action)
{
    (void)action;
    if (!has_stage(app))
        return false;
    chain_remove(app->session->chain, app->stage);
    if (app->stage && app->stage >= chain_n_stages(app->session->chain))
        app->stage--;
    return chain_edit_save(app), true;
}

bool chain_edit_move(struct app *app, enum action action)
{
    size_t n = chain_n_stages(app->session->chain);
    bool up = action == ACTION_MOVE_UP;
    if (!has_stage(app))
        return false;
    if (up ? app->stage == 0 : app->stage + 1 >= n)
        return true;
    size_t to = up ? app->stage - 1 : app->stage + 1;
    chain_move(app->session->chain, app->stage, to);
    app->stage = to;
    return chain_edit_save(app), true;
}
