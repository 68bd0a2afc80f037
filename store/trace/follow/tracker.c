/* SPDX-License-Identifier: MIT
 *
 * From lines to calls: finds the process of each line, finds the parent of each new process, and
 * joins the halves of calls.
 */
#include "trace/follow/tracker.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* The maximum length of a first half; longer ones (strings of -s, long argument lists) are not kept
 * for joining. */
enum { PENDING_BYTES_MAX = 1 << 20 };

static_assert(PROCESSES_MAX == 65536 && DESCRIPTORS_MAX == 4096 && DESCRIPTORS_ALL_MAX == 1048576,
              "as log_problem_text describes");

void track_count(struct tracker *t, enum log_problem problem)
{
    if (!t->here->problems[problem]++)
        t->here->problem_lines[problem] = t->here->line;
}

void track_init(struct tracker *t)
{
    t->here = &t->own;
    call_index_init(&t->calls);
}

void track_here_finish(struct track_here *here)
{
    access_rows_finish(&here->rows);
    log_traits_finish(&here->traits);
    free(here->met);
    *here = (struct track_here){0};
}

void track_merge(struct tracker *t, const int32_t *pids, size_t n)
{
    map_finish(&t->merged);
    for (size_t i = 0; i < n; i++)
        map_at(&t->merged, bytes_from((const char *)&pids[i], sizeof pids[i]), NULL);
}

void track_switch(struct tracker *t, struct track_here *here, bool tied)
{
    t->here = here;
    here->tied = tied;
}

void track_last_cut(struct tracker *t)
{
    t->here->last_cut = true;
}

void track_finish(struct tracker *t)
{
    track_here_finish(&t->own);
    map_finish(&t->merged);
    path_table_clear(&t->paths);
    processes_finish(&t->all);
    call_index_finish(&t->calls);
    buf_finish(&t->string);
    buf_finish(&t->path);
    buf_finish(&t->route);
    buf_finish(&t->bare);
    buf_finish(&t->dir);
    buf_finish(&t->text);
    buf_finish(&t->plain);
}

void track_begin_trace(struct tracker *t, struct bytes cwd)
{
    processes_finish(&t->all);
    t->here->last = NULL;
    map_finish(&t->merged);
    t->first_cwd = t->given_cwd = cwd.n && cwd.p[0] == '/' ? track_note_path(t, cwd) : 0;
}

/* Returns the directory that the first lines of a log show before a call changes it: AT_FDCWD</dir>
 * of -y, or the result of getcwd. Returns 0 if they do not show it. */
static uint32_t told_cwd(struct tracker *t, struct bytes start)
{
    struct line line;
    struct line_call parts;
    struct line_fd fd;
    struct bytes path;
    int32_t pid = 0;
    while (start.n) {
        struct bytes text = bytes_split(&start, '\n');
        int32_t of_file;
        line_read(line_unwrap(&t->here->wrap, line_plain(text, &t->plain), &t->bare, &of_file),
                  &line);
        line.pid = line.pid ? line.pid : of_file;
        const struct call *call = line.name.n ? call_find(&t->calls, line.name) : NULL;
        pid = pid ? pid : line.pid;
        if (!call || line.pid != pid)
            continue;
        if (call->effect == CALL_CHDIR || call->effect == CALL_FCHDIR ||
            call->effect == CALL_FORK || call->effect == CALL_CHROOT)
            break;
        line_split(line.rest, &parts);
        if (parts.n_args && line_fd(parts.args[0], &fd) && fd.is_cwd && fd.path.n)
            return track_note_path(t, fd.path);
        if (call->effect == CALL_GETCWD && parts.returned && parts.error == 0 && parts.n_args &&
            line_string(parts.args[0], &t->string, &path) == LINE_STRING_WHOLE && path.n &&
            path.p[0] == '/' && path.n <= TRACK_PATH_MAX && bytes_index(path, 0) == path.n)
            return path_table_number(&t->paths, path, PATH_KNOWN);
    }
    return 0;
}

void track_begin_log(struct tracker *t, const struct track_log *log)
{
    t->here = log->here ? log->here : &t->own;
    access_rows_finish(&t->here->rows);
    t->here->n_met = 0;
    memset(t->here->problems, 0, sizeof t->here->problems);
    line_wrap_find(log->start, &t->here->wrap);
    log_traits_begin(&t->here->traits, log->start, &t->here->wrap);
    t->here->line = 1;
    t->here->log = log->number;
    t->here->file_pid = log->file_pid;
    t->here->unsure_cwd = log->unsure_cwd;
    t->here->tied = t->here->last_cut = false;
    t->here->is_cut = false;
    t->here->cut = NULL;
    t->here->last = NULL;
    uint32_t told = told_cwd(t, log->start);
    if (!log->file_pid) {
        if (told)
            t->first_cwd = told;
        return;
    }
    struct process *own = processes_find(&t->all, log->file_pid);
    if (!own) {
        uint32_t cwd = told ? told : log->first_place ? t->first_cwd : 0;
        own = processes_add_first(&t->all, log->file_pid, cwd);
        if (!log->first_place)
            track_count(t, PROBLEM_UNKNOWN_PARENT);
    }
    if (own && log->unsure_cwd && own->place->across_logs)
        process_set_cwd(own, 0);
    if (own && told && !own->place->cwd)
        process_set_cwd(own, told);
}

/* Adds a process that no earlier line and no fork result showed. */
static struct process *add_newcomer(struct tracker *t, int32_t pid)
{
    size_t n;
    struct processes *all = &t->all;
    struct process *parent = processes_forking(all, &n);
    if (parent && !t->here->file_pid) {
        struct bytes text = buf_bytes(&parent->pending.text);
        struct process *child = processes_add_child(
            all, parent, pid, text.n ? call_clone_flags(text) : 0, FORK_SAME_LOG);
        if (child) {
            parent->pending.child = pid;
            child->seen = true;
        }
        return child;
    }
    struct process *unseen = n == 0 ? processes_unseen(all) : NULL;
    if (unseen) {
        processes_rename(all, unseen, pid);
        return unseen;
    }
    uint32_t cwd = all->launched && !all->forked ? processes_common_cwd(all) : 0;
    if (!cwd)
        track_count(t, PROBLEM_UNKNOWN_PARENT);
    struct process *process = processes_add_first(all, pid, cwd);
    if (process)
        process->orphan = true;
    return process;
}

static bool is_exec(const struct line *line)
{
    return line->kind != LINE_RESUMED && bytes_equal(line->name, bytes_of("execve"));
}

/* Returns true if the line can only belong to the process whose pid was not known: the line
 * continues its call, or the process is not waiting for a child to start. */
static bool is_nameless(const struct process *process, const struct line *line)
{
    const struct call *call = process->pending.call;
    if (!call)
        return true;
    if (line->kind == LINE_RESUMED)
        return bytes_equal(line->name, bytes_of(call->name));
    return call->effect != CALL_FORK || process->pending.child;
}

/* Notes a line of the process in the current log. */
static void meet(struct tracker *t, struct process *process, uint32_t line)
{
    if (process->met == t->here->log + 1)
        return;
    process->met = t->here->log + 1;
    ARRAY_ROOM(t->here->met, t->here->n_met, t->here->cap_met);
    t->here->met[t->here->n_met++] = (struct track_met){process->number, line};
}

/* Returns the process of the line. NULL: more processes than are tracked. */
static struct process *find_owner(struct tracker *t, const struct line *line, uint32_t number)
{
    struct processes *all = &t->all;
    int32_t pid = t->here->file_pid ? t->here->file_pid : line->pid;
    struct process *process;
    if (t->here->last && pid && t->here->last->pid == pid)
        return t->here->last;
    if (pid && (process = processes_find(all, pid))) {
        /* known */
    } else if (!all->n_pids) {
        process = processes_add_first(all, pid, t->first_cwd);
        all->launched = is_exec(line);
    } else if (!all->n && !t->here->file_pid &&
               is_exec(line)) { /* another traced program in the same log */
        process = processes_add_first(all, pid, t->given_cwd);
    } else if (pid && all->nameless && is_nameless(all->nameless, line)) {
        process = all->nameless;
        processes_rename(all, process, pid);
    } else if (pid) {
        process = add_newcomer(t, pid);
    } else if (!(process = processes_sole(all)) && !(process = all->nameless)) {
        process = processes_add_first(all, 0, 0);
    }
    if (process) {
        process->seen = true;
        meet(t, process, number);
    } else {
        track_count(t, PROBLEM_PROCESSES);
    }
    return t->here->last = process;
}

/* Removes the pending half. seq is the access of its line. */
static void settle(struct tracker *t, struct process *process, uint32_t seq)
{
    if (process->pending.call->effect == CALL_FORK)
        processes_fork_ends(&t->all, process);
    process->pending.call = NULL;
    process->pending.child = 0;
    t->settle(t->with, process->pending.line, seq);
}

/* Settles a half without a second half: an access with an unknown result. */
static void settle_unknown(struct tracker *t, struct process *process)
{
    if (!process->pending.call)
        return;
    struct track_call c = {.call = process->pending.call,
                           .process = process,
                           .rest = buf_bytes(&process->pending.text),
                           .line = process->pending.line};
    line_split(c.rest, &c.parts);
    settle(t, process, track_call(t, &c));
}

/* Returns true if no path of a call is cut. */
static bool has_paths(struct tracker *t, const struct track_call *c)
{
    struct bytes path;
    for (size_t i = 0; i < c->call->n_paths; i++) {
        size_t at = (size_t)c->call->paths[i].path;
        if (at >= c->parts.n_args ||
            line_string(c->parts.args[at], &t->string, &path) != LINE_STRING_WHOLE)
            return false;
    }
    return true;
}

static uint32_t take_whole(struct tracker *t, const struct line *line, const struct call *call,
                           uint32_t number)
{
    struct process *process = find_owner(t, line, number);
    if (!process)
        return 0;
    settle_unknown(t, process);
    struct track_call c = {.call = call, .process = process, .rest = line->rest, .line = number};
    line_split(c.rest, &c.parts);
    if (line->kind == LINE_MOVED) { /* strace sees the changed pid only after a successful execve */
        c.parts.returned = true;
        c.parts.error = 0;
    } else if (!c.parts.closed && t->here->last_cut && has_paths(t, &c)) {
        log_traits_count(&t->here->traits, TRAIT_WAITING, number);
    } else if (!c.parts.closed && !line->detached) {
        track_count(t, PROBLEM_CUT_LINE);
    }
    return track_call(t, &c);
}

static uint32_t take_first_half(struct tracker *t, const struct line *line, const struct call *call,
                                uint32_t number)
{
    struct process *process = find_owner(t, line, number);
    if (!process)
        return 0;
    settle_unknown(t, process);
    if (line->rest.n > PENDING_BYTES_MAX) {
        track_count(t, PROBLEM_CUT_LINE);
        return 0;
    }
    process->pending.call = call;
    process->pending.line = number;
    buf_clear(&process->pending.text);
    buf_add(&process->pending.text, line->rest);
    if (call->effect == CALL_FORK)
        processes_fork_begins(&t->all, process);
    t->here->cut = line->other_pid ? process : NULL;
    if (line->other_pid && !t->here->file_pid && !processes_find(&t->all, line->other_pid))
        add_newcomer(t, line->other_pid);
    return TRACK_PENDING;
}

/* Joins rest to the pending half of the process. */
static uint32_t join(struct tracker *t, struct process *process, struct bytes rest)
{
    struct track_call c = {
        .call = process->pending.call, .process = process, .line = process->pending.line};
    buf_clear(&t->text);
    buf_add(&t->text, buf_bytes(&process->pending.text));
    buf_byte(
        &t->text,
        ' '); /* old versions of strace print the comma in the first half, new ones in the second */
    buf_add(&t->text, rest);
    c.rest = buf_bytes(&t->text);
    line_split(c.rest, &c.parts);
    if (!c.parts.closed)
        track_count(t, PROBLEM_CUT_LINE);
    uint32_t seq = track_call(t, &c);
    settle(t, process, seq);
    return seq;
}

static uint32_t take_second_half(struct tracker *t, const struct line *line,
                                 const struct call *call, uint32_t number)
{
    struct process *process = find_owner(t, line, number);
    if (!process)
        return 0;
    if (process->pending.call == call)
        return join(t, process, line->rest);
    if (call->effect == CALL_EXEC) /* of another thread: its own line had the path */
        process_exec(process);
    else
        track_count(t, PROBLEM_LOST_START);
    return 0;
}

void track_forget(struct tracker *t, struct process *process)
{
    settle_unknown(t, process);
    if (t->here->last == process)
        t->here->last = NULL;
    processes_remove(&t->all, process);
}

/* Handles +++ superseded by execve in pid N +++: thread N continues with the pid of this thread,
 * execve(2). */
static void take_superseded(struct tracker *t, const struct line *line, uint32_t number)
{
    if (t->here->file_pid)
        return;
    struct process *leader = find_owner(t, line, number);
    struct process *thread = processes_find(&t->all, line->other_pid);
    if (!leader || !thread || leader == thread)
        return;
    int32_t pid = leader->pid;
    track_forget(t, leader);
    processes_rename(&t->all, thread, pid);
}

static void take_end(struct tracker *t, const struct line *line)
{
    int32_t pid = line->kind == LINE_DETACHED ? line->other_pid : line->pid;
    if (t->here->file_pid)
        return; /* track_end_log handles this case */
    struct process *process = pid ? processes_find(&t->all, pid) : processes_sole(&t->all);
    if (!process)
        process = t->all.nameless;
    if (process)
        track_forget(t, process);
}

static uint32_t take_call_line(struct tracker *t, const struct line *line, uint32_t number)
{
    const struct call *call = call_find(&t->calls, line->name);
    if (!call) {
        log_traits_other_call(&t->here->traits, line->name, number);
        if (t->here->last_cut && line->kind == LINE_CALL)
            log_traits_count(&t->here->traits, TRAIT_WAITING, number);
        return 0;
    }
    if (line->kind == LINE_UNFINISHED)
        return take_first_half(t, line, call, number);
    if (line->kind == LINE_RESUMED)
        return take_second_half(t, line, call, number);
    return take_whole(t, line, call, number);
}

/* Returns true if the line is the rest of the call that a message of strace split. The arguments
 * printed after the return have no fixed form, e.g. `{st_mode=…}, 0) = 0`. */
static bool is_rest_of_cut(const struct tracker *t, const struct line *line)
{
    struct line_call parts;
    if (line->kind == LINE_CONTINUED)
        return true;
    if (!t->here->is_cut || line->kind != LINE_UNKNOWN)
        return false;
    line_split(line->rest, &parts);
    return parts.closed && parts.answered;
}

static uint32_t take_rest_of_cut(struct tracker *t, const struct line *line)
{
    struct process *process = t->here->cut;
    t->here->is_cut = false;
    t->here->cut = NULL;
    return process && process->pending.call ? join(t, process, line->rest) : 0;
}

/* Joins a split call with its rest. Before the rest, its process has no other line, and another
 * process has a line only after `<unfinished ...>`. Messages and the program's own output may come
 * between. */
static void note_cut(struct tracker *t, const struct line *line)
{
    bool is_front = line->kind == LINE_UNFINISHED && line->other_pid;
    bool is_between = line->kind == LINE_ATTACHED || line->kind == LINE_UNKNOWN ||
                      line->kind == LINE_EMPTY || line->kind == LINE_STACK ||
                      line->kind == LINE_DUMP;
    if (is_front || !is_between) {
        t->here->is_cut = is_front;
        t->here->cut = NULL; /* take_first_half sets the process */
    }
}

/* Parses a line that other programs may have wrapped. */
static void read_wrapped(struct tracker *t, struct bytes text, struct line *line)
{
    int32_t pid = 0;
    if (t->here->wrap.n) {
        const char *was = text.p;
        text = line_unwrap(&t->here->wrap, text, &t->bare, &pid);
        if (text.p != was)
            track_count(t, PROBLEM_WRAPPED);
    }
    line_read(text, line);
    if (!line->pid)
        line->pid = pid;
}

uint32_t track_line(struct tracker *t, struct bytes text, uint32_t number)
{
    struct line line;
    t->here->line = number;
    read_wrapped(t, text, &line);
    if (line.pid && line.pid != t->here->traits.pid)
        log_traits_pid(&t->here->traits, line.pid, number);
    if (is_rest_of_cut(t, &line))
        return take_rest_of_cut(t, &line);
    note_cut(t, &line);
    switch (line.kind) {
    case LINE_CALL:
    case LINE_UNFINISHED:
    case LINE_RESUMED:
    case LINE_MOVED:
        return take_call_line(t, &line, number);
    case LINE_SUPERSEDED:
        take_superseded(t, &line, number);
        return 0;
    case LINE_ENDED:
        log_traits_count(&t->here->traits, TRAIT_END, number);
        take_end(t, &line);
        return 0;
    case LINE_SIGNAL:
        log_traits_signal(&t->here->traits, text, number);
        return 0;
    case LINE_DETACHED:
        take_end(t, &line);
        return 0;
    case LINE_ATTACHED:
        if (!t->here->file_pid && !processes_find(&t->all, line.other_pid)) {
            if (!t->all.n_pids)
                processes_add_first(&t->all, line.other_pid, t->first_cwd);
            else
                add_newcomer(t, line.other_pid);
        }
        return 0;
    case LINE_UNKNOWN:
        track_count(t, PROBLEM_NO_STRACE);
        return 0;
    case LINE_TABLE:
        track_count(t, PROBLEM_TABLE);
        return 0;
    default:
        return 0;
    }
}

void track_end_log(struct tracker *t)
{
    if (t->here->file_pid) {
        struct process *own = processes_find(&t->all, t->here->file_pid);
        if (own)
            track_forget(t, own);
        return;
    }
    for (size_t i = 0; i < t->all.n; i++)
        settle_unknown(t, t->all.live[i]);
}
