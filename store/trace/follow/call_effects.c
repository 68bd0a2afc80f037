/* SPDX-License-Identifier: MIT
 *
 * Applies the effects of a successful call to its process: directory, descriptors, root, children.
 * Also handles calls that add to an earlier access: a mapped library, a listed directory.
 */
#include "trace/follow/tracker.h"

#include <string.h>

static struct bytes arg_of(const struct track_call *c, size_t i)
{
    return i < c->parts.n_args ? c->parts.args[i] : (struct bytes){0};
}

/* Returns the number of a descriptor argument; -1 if it is not a number. */
static int32_t fd_of(const struct track_call *c, size_t i)
{
    struct line_fd fd;
    return line_fd(arg_of(c, i), &fd) ? fd.fd : -1;
}

/* For short arguments, which are frequent: memmem(3) would first build its tables. */
static bool has(struct bytes arg, const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i + n <= arg.n; i++)
        if (arg.p[i] == name[0] && !memcmp(arg.p + i, name, n))
            return true;
    return false;
}

/* Returns true if an argument has a flag, by name, or by bit if the argument is a number. */
static bool has_flag(struct bytes arg, const char *name, uint64_t bit)
{
    int64_t number;
    return line_number(arg, &number) ? ((uint64_t)number & bit) != 0 : has(arg, name);
}

static void open_done(struct tracker *t, const struct track_call *c,
                      const struct access_rows_path *path, uint32_t seq)
{
    if (c->parts.value < 0 || c->parts.value > INT32_MAX)
        return;
    struct descriptor opened = {.fd = (int32_t)c->parts.value, .log = t->here->log, .row = seq};
    if (path && path_table_item(&t->paths, path->path)->known)
        opened.path = path->path;
    else
        opened.path = track_note_path(t, c->parts.note);
    if (c->call->flags_kind == FLAGS_AT)
        opened.cloexec = has_flag(arg_of(c, 2), "CLOEXEC", 02000000);
    else if (path)
        opened.cloexec = path->cloexec;
    if (opened.path || seq)
        descriptors_put(c->process->fds, opened);
    else
        descriptors_drop(c->process->fds, opened.fd, opened.fd);
}

static void set_cwd(struct tracker *t, const struct track_call *c, uint32_t cwd)
{
    process_set_cwd(c->process, t->here->tied ? 0 : cwd);
    if (c->process->place->across_logs)
        track_count(t, PROBLEM_SHARED_CWD);
}

static void getcwd_done(struct tracker *t, const struct track_call *c)
{
    struct bytes path;
    enum line_string kind = line_string(arg_of(c, 0), &t->string, &path);
    if (kind != LINE_STRING_WHOLE || !path.n || path.p[0] != '/' || path.n > TRACK_PATH_MAX ||
        bytes_index(path, 0) != path.n)
        return;
    process_set_cwd(c->process, path_table_number(&t->paths, path, PATH_KNOWN));
}

/* Returns true if the log of process pid is merged by time with the current log. */
static bool is_merged(const struct tracker *t, int32_t pid)
{
    return map_find(&t->merged, bytes_from((const char *)&pid, sizeof pid)) != NULL;
}

/* Handles the parent: result is the pid of the child. */
static void fork_done(struct tracker *t, const struct track_call *c, int32_t seen)
{
    struct process *parent = c->process;
    int64_t pid = c->parts.value;
    if (pid > 0 && pid <= LINE_PID_MAX)
        log_traits_child(&t->here->traits, (int32_t)pid, c->line);
    if (pid <= 0 || pid > LINE_PID_MAX || seen)
        return;
    uint64_t flags = c->rest.n ? call_clone_flags(c->rest) : 0;
    struct process *child = processes_find(&t->all, (int32_t)pid);
    if (child == parent)
        return;
    if (child && child->orphan) {
        process_set_parent(&t->all, child, parent, flags);
        return;
    }
    if (child) /* the log does not show its end, and its pid was reused */
        track_forget(t, child);
    bool same = !t->here->file_pid || is_merged(t, (int32_t)pid);
    processes_add_child(&t->all, parent, (int32_t)pid, flags,
                        same ? FORK_SAME_LOG : FORK_OTHER_LOG);
    if ((flags & CALL_CLONE_FS) && t->here->unsure_cwd)
        process_set_cwd(parent, 0); /* from now on, a change by the child also moves the parent */
}

static void fcntl_done(const struct track_call *c)
{
    enum { F_DUPFD_ = 0, F_SETFD_ = 2, F_DUPFD_CLOEXEC_ = 1030 };
    struct bytes command = arg_of(c, 1);
    struct descriptors *fds = c->process->fds;
    int32_t fd = fd_of(c, 0);
    int64_t number = -1;
    bool raw = line_number(command, &number);
    if (raw ? number == F_SETFD_ : bytes_starts(command, bytes_of("F_SETFD")))
        descriptors_set_cloexec(fds, fd, fd, has_flag(arg_of(c, 2), "FD_CLOEXEC", 1));
    else if ((raw ? number == F_DUPFD_ || number == F_DUPFD_CLOEXEC_ : has(command, "F_DUPFD")) &&
             c->parts.value >= 0 && c->parts.value <= INT32_MAX)
        descriptors_copy(fds, fd, (int32_t)c->parts.value,
                         raw ? number == F_DUPFD_CLOEXEC_ : has(command, "CLOEXEC"));
}

static void close_range_done(const struct track_call *c)
{
    enum { UNSHARE = 2, CLOEXEC = 4 };
    int64_t first, last;
    if (!line_number(arg_of(c, 0), &first) || first < 0 || first > INT32_MAX)
        return;
    if (!line_number(arg_of(c, 1), &last) || last < 0 || last > INT32_MAX)
        last = INT32_MAX; /* ~0U */
    if (has_flag(arg_of(c, 2), "CLOSE_RANGE_UNSHARE", UNSHARE))
        process_unshare(c->process, CALL_CLONE_FILES);
    if (has_flag(arg_of(c, 2), "CLOSE_RANGE_CLOEXEC", CLOEXEC))
        descriptors_set_cloexec(c->process->fds, (int32_t)first, (int32_t)last, true);
    else
        descriptors_drop(c->process->fds, (int32_t)first, (int32_t)last);
}

/* Raises a plain read of this log to a more specific kind. */
static void upgrade(struct tracker *t, const struct track_call *c, size_t fd_at,
                    enum access_kind kind)
{
    int32_t fd = fd_of(c, fd_at);
    const struct descriptor *known = fd >= 0 ? descriptors_get(c->process->fds, fd) : NULL;
    if (!known || !known->row || known->log != t->here->log)
        return;
    struct new_access *row = access_rows_get(&t->here->rows, known->row);
    if (row && row->kind == ACCESS_READ)
        row->kind = (uint8_t)kind;
}

static void dup_done(const struct track_call *c)
{
    if (c->parts.value < 0 || c->parts.value > INT32_MAX)
        return;
    descriptors_copy(c->process->fds, fd_of(c, 0), (int32_t)c->parts.value,
                     has_flag(arg_of(c, 2), "O_CLOEXEC", 02000000));
}

/* Returns the argument list as printed: argument 1 of execve, 2 of execveat. */
static struct bytes argv_of(const struct track_call *c)
{
    struct bytes argv = arg_of(c, c->call->paths[0].dir >= 0 ? 2 : 1);
    return argv.n && argv.p[0] == '[' ? argv : (struct bytes){0};
}

static void setns_done(const struct track_call *c)
{
    struct bytes type = arg_of(c, 1);
    int64_t number;
    bool any = line_number(type, &number) && number == 0;
    if (any || has_flag(type, "CLONE_NEWNS", CALL_CLONE_NEWNS))
        c->process->place->other_root = true;
}

/* Applies the effect of a successful call. path: the first path of the call, or NULL; seq: its
 * access. */
static void call_done(struct tracker *t, const struct track_call *c,
                      const struct access_rows_path *path, uint32_t seq, int32_t seen_child)
{
    struct process *process = c->process;
    switch (c->call->effect) {
    case CALL_OPEN:
        open_done(t, c, path, seq);
        break;
    case CALL_EXEC:
        if (!strcmp(c->call->name, "execve"))
            log_traits_put(&t->here->traits,
                           process->place->other_root ? TRAIT_INSIDE : TRAIT_COMMAND, c->line,
                           c->rest);
        process_exec(process);
        processes_note_program(&t->all, process, path ? path->path : 0, argv_of(c));
        break;
    case CALL_CHDIR:
        set_cwd(t, c, path && path_table_item(&t->paths, path->path)->known ? path->path : 0);
        break;
    case CALL_FCHDIR:
        set_cwd(t, c, track_fd_path(t, process, arg_of(c, 0)));
        break;
    case CALL_GETCWD:
        getcwd_done(t, c);
        break;
    case CALL_CHROOT:
        process->place->other_root = true;
        break;
    case CALL_SETNS:
        setns_done(c);
        break;
    case CALL_UNSHARE:
        process_unshare(process, call_clone_flags(c->rest));
        break;
    case CALL_FORK:
        fork_done(t, c, seen_child);
        break;
    case CALL_DUP:
        dup_done(c);
        break;
    case CALL_FCNTL:
        fcntl_done(c);
        break;
    case CALL_CLOSE_RANGE:
        close_range_done(c);
        break;
    case CALL_MMAP:
        if (has_flag(arg_of(c, 2), "PROT_EXEC", 4))
            upgrade(t, c, 4, ACCESS_MAPPED);
        break;
    case CALL_GETDENTS:
        upgrade(t, c, 0, ACCESS_LISTED);
        break;
    default:
        break;
    }
}

uint32_t track_call(struct tracker *t, struct track_call *c)
{
    struct access_rows_call what = {.process = c->process->number,
                                    .call = c->call,
                                    .error = c->parts.error,
                                    .other_root = c->process->place->other_root,
                                    .line = c->line};
    uint32_t seq = 0;
    int32_t seen_child = c->process->pending.child;
    c->process->pending.child = 0;
    what.n_paths = track_resolve(t, c, what.paths);
    if (what.n_paths) {
        seq = access_rows_add(&t->here->rows, &what);
        if (what.other_root)
            track_count(t, PROBLEM_OTHER_ROOT);
    }
    if (c->call->effect == CALL_CLOSE &&
        fd_of(c, 0) >= 0) /* closed even if close fails: close(2) */
        descriptors_drop(c->process->fds, fd_of(c, 0), fd_of(c, 0));
    else if (c->parts.returned && c->parts.error == 0)
        call_done(t, c, what.n_paths ? &what.paths[0] : NULL, seq, seen_child);
    if (t->all.descriptors.left_out)
        track_count(t, PROBLEM_DESCRIPTORS);
    t->all.descriptors.left_out = false;
    return seq;
}
