/* SPDX-License-Identifier: MIT
 *
 * The file groups that have members in the image. One key adds a group, another key refuses it. The
 * groups are computed together with the breaks, after each new kept tree.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_text.h"

#include "screen/format.h"

enum { COLUMN_STATE, COLUMN_NAME, COLUMN_USED, COLUMN_REST, COLUMN_BYTES, COLUMN_ABOUT };

static const struct column columns[] = {
    [COLUMN_STATE] = {"state", 8, false, 0},    [COLUMN_NAME] = {"file group", 16, false, 0},
    [COLUMN_USED] = {"used/all", 11, true, 50}, [COLUMN_REST] = {"to add", 7, true, 0},
    [COLUMN_BYTES] = {"bytes", 9, true, 60},    [COLUMN_ABOUT] = {"description", 0, false, 0},
};

struct state {
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_families);
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    uint64_t n = 0;
    for (size_t i = 0; i < app->results.offers.n; i++)
        n += app->results.offers.list[i].state != OFFER_ABSENT;
    return n;
}

/* Returns the file group of a row, or NULL beyond the last row. A decision does not move rows. */
static const struct group_offer *offer_at(const struct app *app, uint64_t row)
{
    for (size_t i = 0; i < app->results.offers.n; i++)
        if (app->results.offers.list[i].state != OFFER_ABSENT && !row--)
            return &app->results.offers.list[i];
    return NULL;
}

static void add_about(const struct group_offer *offer, struct view_cell *out)
{
    if (offer->state == OFFER_ERROR) {
        buf_add(&out->text, offer->group->error);
        return;
    }
    buf_add(&out->text, offer->group->about);
    if (offer->state == OFFER_ASKS)
        buf_add(&out->tail, offer->group->ask);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    static const enum role roles[] = {
        [OFFER_ASKS] = ROLE_TITLE,  [OFFER_WHOLE] = ROLE_TEXT, [OFFER_ADDED] = ROLE_KEEP,
        [OFFER_REFUSED] = ROLE_DIM, [OFFER_QUIET] = ROLE_DIM,  [OFFER_ERROR] = ROLE_ERROR};
    const struct group_offer *offer = offer_at(app, row);
    if (!offer)
        return;
    out->role = roles[offer->state];
    switch (column) {
    case COLUMN_STATE:
        buf_add(&out->text, bytes_of(group_offer_state_name(offer->state)));
        break;
    case COLUMN_NAME:
        buf_add(&out->text, offer->group->name);
        break;
    case COLUMN_USED:
        buf_printf(&out->text, "%u/%u", offer->n_used, offer->n_members);
        break;
    case COLUMN_REST:
        if (offer->effect.changes)
            format_count(offer->effect.n_files, &out->text);
        break;
    case COLUMN_BYTES:
        if (offer->effect.changes)
            format_bytes(offer->effect.bytes, &out->text);
        break;
    default:
        add_about(offer, out);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    const struct group_offer *offer = offer_at(app, row);
    if (!offer)
        return;
    buf_printf(out, "%s %s", offer->group->name.p,
               offer->group->about.n ? offer->group->about.p : "");
}

static void answer(struct app *app, const struct group_offer *offer, enum group_offer_state answer)
{
    static const char *const words[] = {
        [OFFER_ASKS] = "decision removed", [OFFER_ADDED] = "added", [OFFER_REFUSED] = "refused"};
    struct err err;
    if (offer->state == OFFER_ERROR)
        app_say(app, ROLE_ERROR, "%s", offer->group->error.p);
    else if (!session_answer_offer(app->session, offer, answer, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
    else {
        app_say(app, ROLE_KEEP, "%s: %s; u undoes it", offer->group->name.p, words[answer]);
        app_decided(app);
    }
}

/* Shows the question of a file group and its members. "~" precedes a needed member. */
static void show(struct app *app, const struct group_offer *offer)
{
    BUF_AUTO struct buf text = {0};
    buf_add(&text, offer->state == OFFER_ERROR ? offer->group->error : offer->group->ask);
    buf_add(&text, bytes_of("\n\n"));
    group_offer_print(offer, &text);
    buf_add(&text, bytes_of("\n\n"));
    for (uint32_t i = 0; i < offer->n_members; i++) {
        bool needed = app->session->keep && app->session->keep->verdicts[offer->members[i]].needed;
        buf_add(&text, bytes_of(needed ? "~ " : "\xc2\xb7 "));
        tree_path(app->session->subject, offer->members[i], &text);
        buf_byte(&text, '\n');
    }
    view_text_show(app, "File group", &text);
}

static bool act(struct app *app, enum action action)
{
    const struct group_offer *offer = offer_at(app, state_of(app)->list.cursor);
    if (!offer)
        return false;
    switch (action) {
    case ACTION_KEEP:
        return answer(app, offer, OFFER_ADDED), true;
    case ACTION_DROP:
        return answer(app, offer, OFFER_REFUSED), true;
    case ACTION_AUTO:
    case ACTION_UNMARK:
        return answer(app, offer, OFFER_ASKS), true;
    case ACTION_OPEN:
    case ACTION_WHY:
        return show(app, offer), true;
    default:
        return false;
    }
}

static const char *empty(struct app *app)
{
    if (!app->session->subject)
        return NO_IMAGE_TEXT;
    return app->results.breaks ? "No file group has a member in the image."
                               : "computing the breaks ...";
}

static const enum action takes[] = {ACTION_KEEP, ACTION_DROP, ACTION_AUTO, ACTION_UNMARK,
                                    ACTION_OPEN, ACTION_WHY,  ACTION_NONE};

const struct view view_families = {
    .id = VIEW_ID_families,
    .title = "File groups",
    .opens = ACTION_FAMILIES,
    .state.size = sizeof(struct state),
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .hint = "Space add  - refuse  ? help  a remove decision  w members  / search  q back  u undo",
};
