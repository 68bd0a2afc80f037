/* SPDX-License-Identifier: MIT */
#include "trace/log/log_traits.h"

#include <string.h>

enum { STYLE_LINES = 200 /* number of lines in which the first call is searched */ };

const char *log_trait_name(enum log_trait_kind kind)
{
    static const char *const names[N_LOG_TRAITS] = {
        [TRAIT_STYLE] = "style",     [TRAIT_COMMAND] = "command",       [TRAIT_INSIDE] = "inside",
        [TRAIT_CHILD] = "child",     [TRAIT_EVERYTHING] = "everything", [TRAIT_END] = "end",
        [TRAIT_SEVERAL] = "several", [TRAIT_WAITING] = "waiting",
    };
    return names[kind];
}

void log_traits_begin(struct log_traits *traits, struct bytes start, const struct line_wrap *wrap)
{
    BUF_AUTO struct buf plain = {0};
    BUF_AUTO struct buf bare = {0};
    int32_t pid;
    log_traits_finish(traits);
    for (uint32_t n = 1; start.n && n <= STYLE_LINES && !traits->items[TRAIT_STYLE].n; n++) {
        struct line line;
        struct bytes text = bytes_split(&start, '\n');
        text = line_unwrap(wrap, line_plain(text, &plain), &bare, &pid);
        line_read(text, &line);
        if (line.kind == LINE_CALL)
            log_traits_put(traits, TRAIT_STYLE, n, text);
    }
}

void log_traits_count(struct log_traits *traits, enum log_trait_kind kind, uint32_t line)
{
    struct log_trait *trait = &traits->items[kind];
    if (!trait->n++)
        trait->line = line;
}

void log_traits_put(struct log_traits *traits, enum log_trait_kind kind, uint32_t line,
                    struct bytes text)
{
    log_traits_count(traits, kind, line);
    if (traits->items[kind].n == 1)
        buf_add(&traits->items[kind].text,
                bytes_from(text.p, text.n < TRAIT_TEXT_MAX ? text.n : TRAIT_TEXT_MAX));
}

void log_traits_pid(struct log_traits *traits, int32_t pid, uint32_t line)
{
    if (!traits->pid)
        traits->pid = pid;
    else if (traits->pid != pid)
        log_traits_count(traits, TRAIT_SEVERAL, line);
}

void log_traits_child(struct log_traits *traits, int32_t pid, uint32_t line)
{
    struct buf *text = &traits->items[TRAIT_CHILD].text;
    bool is_new;
    map_at(&traits->children, bytes_from((const char *)&pid, sizeof pid), &is_new);
    if (!is_new)
        return;
    log_traits_count(traits, TRAIT_CHILD, line);
    if (text->n < TRAIT_TEXT_MAX)
        buf_printf(text, "%d ", (int)pid);
}

void log_traits_signal(struct log_traits *traits, struct bytes text, uint32_t line)
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
        log_traits_child(traits, (int32_t)value, line);
}

/* The calls of -e trace=%process that are not in the table of calls. */
static bool is_of_processes(struct bytes name)
{
    static const char *const fronts[] = {"exit",   "wait",   "kill",      "tkill",
                                         "tgkill", "rt_sig", "pidfd_send"};
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++)
        if (bytes_starts(name, bytes_of(fronts[i])))
            return true;
    return false;
}

void log_traits_other_call(struct log_traits *traits, struct bytes name, uint32_t line)
{
    if (!traits->items[TRAIT_EVERYTHING].n && !is_of_processes(name))
        log_traits_count(traits, TRAIT_EVERYTHING, line);
}

static const char TRAIT_MAKE[] = "INSERT INTO clue (log, what, n, line, text) "
                                 "VALUES (:log, :what, :n, :line, :text)";

bool log_trait_write(struct db *db, int64_t log, const char *name, const struct log_trait *trait,
                     struct err *err)
{
    struct stmt *q = db_query(db, TRAIT_MAKE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log);
    stmt_bind_text(q, ":what", bytes_of(name));
    stmt_bind_int(q, ":n", trait->n);
    stmt_bind_int(q, ":line", trait->line);
    stmt_bind_text(q, ":text", buf_bytes(&trait->text));
    return stmt_run(q, err);
}

bool log_traits_write(struct db *db, int64_t log, const struct log_traits *traits, struct err *err)
{
    for (int i = 0; i < N_LOG_TRAITS; i++)
        if (traits->items[i].n && !log_trait_write(db, log, log_trait_name((enum log_trait_kind)i),
                                                   &traits->items[i], err))
            return false;
    return true;
}

void log_traits_finish(struct log_traits *traits)
{
    for (int i = 0; i < N_LOG_TRAITS; i++)
        buf_finish(&traits->items[i].text);
    map_finish(&traits->children);
    *traits = (struct log_traits){0};
}
