/* SPDX-License-Identifier: MIT */
#include "trace/doctor/clues.h"

#include <string.h>

enum { STYLE_LINES = 200 /* the first call is looked for among so many */ };

const char *clue_name(enum clue_kind kind)
{
    static const char *const names[CLUE_KINDS] = {
        [CLUE_STYLE] = "style",     [CLUE_COMMAND] = "command",       [CLUE_INSIDE] = "inside",
        [CLUE_CHILD] = "child",     [CLUE_EVERYTHING] = "everything", [CLUE_END] = "end",
        [CLUE_SEVERAL] = "several",
    };
    return names[kind];
}

void clues_begin(struct clues *clues, struct bytes start)
{
    BUF_AUTO struct buf plain = {0};
    clues_finish(clues);
    for (uint32_t n = 1; start.n && n <= STYLE_LINES && !clues->items[CLUE_STYLE].n; n++) {
        struct line line;
        struct bytes text = bytes_from(start.p, bytes_index(start, '\n'));
        start = bytes_skip(start, text.n + 1);
        text = line_plain(text, &plain);
        line_read(text, &line);
        if (line.kind == LINE_CALL)
            clues_put(clues, CLUE_STYLE, n, text);
    }
}

void clues_count(struct clues *clues, enum clue_kind kind, uint32_t line)
{
    struct clue *clue = &clues->items[kind];
    if (!clue->n++)
        clue->line = line;
}

void clues_put(struct clues *clues, enum clue_kind kind, uint32_t line, struct bytes text)
{
    clues_count(clues, kind, line);
    if (clues->items[kind].n == 1)
        buf_add(&clues->items[kind].text,
                bytes_from(text.p, text.n < CLUE_TEXT_MAX ? text.n : CLUE_TEXT_MAX));
}

void clues_pid(struct clues *clues, int32_t pid, uint32_t line)
{
    if (!clues->pid)
        clues->pid = pid;
    else if (clues->pid != pid)
        clues_count(clues, CLUE_SEVERAL, line);
}

void clues_child(struct clues *clues, int32_t pid, uint32_t line)
{
    struct buf *text = &clues->items[CLUE_CHILD].text;
    bool is_new;
    map_at(&clues->children, bytes_from((const char *)&pid, sizeof pid), &is_new);
    if (!is_new)
        return;
    clues_count(clues, CLUE_CHILD, line);
    if (text->n < CLUE_TEXT_MAX)
        buf_printf(text, "%d ", (int)pid);
}

void clues_signal(struct clues *clues, struct bytes text, uint32_t line)
{
    static const char name[] = "--- SIGCHLD {", ended[] = "si_code=CLD_", pid[] = "si_pid=";
    int64_t value;
    const char *at = memmem(text.p, text.n, name, strlen(name));
    struct bytes rest = at ? bytes_skip(text, (size_t)(at - text.p)) : (struct bytes){0};
    if (!rest.n || !memmem(rest.p, rest.n, ended, strlen(ended)))
        return;
    at = memmem(rest.p, rest.n, pid, strlen(pid));
    if (at && line_number(bytes_skip(rest, (size_t)(at - rest.p) + strlen(pid)), &value) &&
        value > 0 && value <= LINE_PID_MAX)
        clues_child(clues, (int32_t)value, line);
}

/* The calls of -e trace=%process that the table of calls has no use for. */
static bool is_of_processes(struct bytes name)
{
    static const char *const fronts[] = {"exit",   "wait",   "kill",      "tkill",
                                         "tgkill", "rt_sig", "pidfd_send"};
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
        if (bytes_starts(name, bytes_of(fronts[i])))
            return true;
    return false;
}

void clues_other_call(struct clues *clues, struct bytes name, uint32_t line)
{
    if (!clues->items[CLUE_EVERYTHING].n && !is_of_processes(name))
        clues_count(clues, CLUE_EVERYTHING, line);
}

static const char CLUE_MAKE[] = "INSERT INTO clue (log, what, n, line, text) "
                                "VALUES (:log, :what, :n, :line, :text)";

bool clue_write(struct db *db, int64_t log, const char *name, const struct clue *clue,
                struct err *err)
{
    struct stmt *q = db_query(db, CLUE_MAKE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log);
    stmt_bind_text(q, ":what", bytes_of(name));
    stmt_bind_int(q, ":n", clue->n);
    stmt_bind_int(q, ":line", clue->line);
    stmt_bind_text(q, ":text", buf_bytes(&clue->text));
    return stmt_run(q, err);
}

bool clues_write(struct db *db, int64_t log, const struct clues *clues, struct err *err)
{
    for (int i = 0; i < CLUE_KINDS; i++)
        if (clues->items[i].n &&
            !clue_write(db, log, clue_name((enum clue_kind)i), &clues->items[i], err))
            return false;
    return true;
}

void clues_finish(struct clues *clues)
{
    for (int i = 0; i < CLUE_KINDS; i++)
        buf_finish(&clues->items[i].text);
    map_finish(&clues->children);
    *clues = (struct clues){0};
}
