/* SPDX-License-Identifier: MIT
 *
 * The gaps in the trace: information that the logs lack because of the options of strace. Enter
 * shows the strace command that closes a gap.
 */
#include "app/app.h"
#include "views/registry.h"
#include "views/view_text.h"
#include "report/session_findings.h"

enum { COLUMN_SEVERITY, COLUMN_RUN, COLUMN_WORDS };

static const struct column columns[] = {
    [COLUMN_SEVERITY] = {"", 7, false, 0},
    [COLUMN_RUN] = {"run", 12, false, 90},
    [COLUMN_WORDS] = {"gap in the trace", 0, false, 0},
};

struct state {
    struct findings findings;
    struct list list;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_doctor);
}

static bool open_findings(struct app *app, struct err *err)
{
    struct findings *findings = &state_of(app)->findings;
    findings_finish(findings);
    if (!session_findings(app->session, findings, err))
        return false;
    app_open(app, &view_doctor);
    return true;
}

static const struct finding *finding_at(const struct app *app, uint64_t row)
{
    return &state_of(app)->findings.items[row];
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    return state_of(app)->findings.n;
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct finding *finding = finding_at(app, row);
    bool warns = finding->severity == FINDING_WARNING;
    switch (column) {
    case COLUMN_SEVERITY:
        buf_add(&out->text, bytes_of(finding_severity_name(finding->severity)));
        out->role = warns ? ROLE_ERROR : ROLE_DIM;
        break;
    case COLUMN_RUN:
        buf_add(&out->text, finding->run);
        break;
    default:
        buf_add(&out->text, finding->words);
    }
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    buf_add(out, finding_at(app, row)->words);
}

/* Returns the length of the next word including the blanks before it. A quoted blank does not end a
 * word. */
static size_t word_length(struct bytes text)
{
    bool quoted = false;
    size_t n = 0;
    while (n < text.n && text.p[n] == ' ')
        n++;
    for (; n < text.n && (quoted || text.p[n] != ' '); n++)
        quoted = quoted != (text.p[n] == '\'');
    return n;
}

/* Appends the command, broken into lines of at most width columns. Each line but the last ends in a
 * backslash, so that a shell reads one command. */
static void add_command(struct bytes command, int width, struct buf *out)
{
    size_t line = 0, room = width > 20 ? (size_t)width - 3 : 17;
    while (command.n) {
        size_t n = word_length(command);
        if (line && line + n > room) {
            buf_add(out, bytes_of(" \\\n "));
            line = 1;
        }
        buf_add(out, bytes_from(command.p, n));
        line += n;
        command = bytes_skip(command, n);
    }
}

/* Shows a finding as text: description, an example line, advice, strace command. */
static void show(struct app *app, const struct finding *finding)
{
    struct buf text = {0};
    buf_add(&text, finding->words);
    buf_add(&text, bytes_of("\n"));
    buf_add(&text, finding->log);
    if (finding->line)
        buf_printf(&text, ":%u", finding->line);
    buf_add(&text, bytes_of("\n\n"));
    if (finding->advice.n) {
        buf_add(&text, finding->advice);
        buf_add(&text, bytes_of("\n\n"));
    }
    buf_add(&text, bytes_of("Trace again with\n\n"));
    add_command(finding->command, app->screen.width, &text);
    if (!finding->exact)
        buf_add(&text,
                bytes_of(
                    "\n\n(the log does not contain the whole command: add the missing arguments)"));
    buf_byte(&text, '\n');
    view_text_show(app, "Gap in the trace", &text);
}

static bool act(struct app *app, enum action action)
{
    if (state_of(app)->list.cursor >= state_of(app)->findings.n)
        return false;
    if (action == ACTION_OPEN || action == ACTION_WHY)
        return show(app, finding_at(app, state_of(app)->list.cursor)), true;
    return false;
}

/* Reads the findings again, because the session may have changed. */
static void reopen(struct app *app, const void *place)
{
    struct err err;
    (void)place;
    if (!open_findings(app, &err))
        app_say(app, ROLE_ERROR, "%s", err.text);
}

static void finish(struct app *app)
{
    findings_finish(&state_of(app)->findings);
}

static const char *empty(struct app *app)
{
    return app->session->corpus->n_logs ? "No gaps were found in the trace." : NO_LOG_TEXT;
}

static const enum action takes[] = {ACTION_OPEN, ACTION_WHY, ACTION_NONE};

const struct view view_doctor = {
    .id = VIEW_ID_doctor,
    .title = "Doctor",
    .opens = ACTION_DOCTOR,
    .open = open_findings,
    .is_snapshot = true,
    .state.size = sizeof(struct state),
    .state.finish = finish,
    .place.reopen = reopen,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .hint = "Enter strace command  ? help  / search  q back",
};
