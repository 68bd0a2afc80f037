/* SPDX-License-Identifier: MIT
 *
 * Resolves the paths of a call: its string, made absolute with the directory that the log shows or
 * that is known for the process (semantics.md, Paths of accesses).
 */
#include "trace/follow/tracker.h"

#include <string.h>

#include "util/path.h"

uint32_t track_note_path(struct tracker *t, struct bytes note)
{
    if (!line_note_is_path(note))
        return 0;
    note.n = bytes_index(note, '<'); /* /dev/null<char 1:3> */
    if (bytes_ends(note, bytes_of(" (deleted)")))
        note.n -= strlen(" (deleted)");
    line_unescape(note, &t->dir);
    if (t->dir.n > TRACK_PATH_MAX || bytes_index(buf_bytes(&t->dir), 0) != t->dir.n)
        return 0;
    path_absolute(bytes_from(NULL, 0), buf_bytes(&t->dir), &t->path);
    return path_table_number(&t->paths, buf_bytes(&t->path), PATH_KNOWN);
}

uint32_t track_fd_path(struct tracker *t, struct process *process, struct bytes arg)
{
    struct line_fd fd;
    if (!line_fd(arg, &fd))
        return 0;
    uint32_t path = fd.path.n ? track_note_path(t, fd.path) : 0;
    if (fd.is_cwd) {
        if (path && path != process->place->cwd)
            process_set_cwd(process, path); /* the directory as the kernel reported it */
        return process->place->cwd;
    }
    if (path || fd.fd < 0)
        return path;
    const struct descriptor *known = descriptors_get(process->fds, fd.fd);
    return known ? known->path : 0;
}

static bool is_null(struct bytes arg)
{
    int64_t number;
    return bytes_starts(arg, bytes_of("NULL")) || (line_number(arg, &number) && number == 0);
}

/* Returns true if all arguments are printed as strace -e raw does: in hex, or 0. */
static bool is_raw(const struct line_call *parts)
{
    for (size_t i = 0; i < parts->n_args; i++)
        if (!bytes_starts(parts->args[i], bytes_of("0x")) &&
            !bytes_equal(parts->args[i], bytes_of("0")))
            return false;
    return true;
}

/* Counts the problem if a path argument is not a string, unless the process passed a bad address.
 * If the other arguments are decoded, strace could not read the memory of the process: that needs
 * CAP_SYS_PTRACE after the process changed its user (ptrace(2), access mode checks). */
static void count_no_string(struct tracker *t, const struct track_call *c, struct bytes arg)
{
    int64_t number;
    if (!line_number(arg, &number) ||
        (c->parts.returned && c->parts.error == line_errno(bytes_of("EFAULT"))))
        return;
    bool decoded =
        !is_raw(&c->parts) || (c->parts.n_args == 1 && t->here->problems[PROBLEM_UNREADABLE]);
    track_count(t, decoded ? PROBLEM_UNREADABLE : PROBLEM_RAW_PATH);
}

/* Returns true if an empty or NULL path means the descriptor itself: AT_EMPTY_PATH, futimens,
 * readlinkat. Without that flag the kernel returns ENOENT for an empty path. */
static bool means_itself(const struct track_call *c)
{
    return !c->parts.returned || c->parts.error != line_errno(bytes_of("ENOENT"));
}

/* Resolves the path argument `at` with the directory argument `dir_at`. way has the flags. */
static uint32_t resolve_string(struct tracker *t, const struct track_call *c, int dir_at, size_t at,
                               struct track_way *way)
{
    const struct line_call *parts = &c->parts;
    bool by_fd = false;
    uint32_t dir = c->process->place->cwd;
    way->by_cwd = true;
    if (dir_at >= 0 && (size_t)dir_at < parts->n_args) {
        struct line_fd fd;
        by_fd = !line_fd(parts->args[dir_at], &fd) || !fd.is_cwd;
        way->by_cwd = fd.is_cwd && !fd.path.n;
        dir = track_fd_path(t, c->process, parts->args[dir_at]);
    }
    if (at >= parts->n_args)
        return 0;
    struct bytes string;
    enum line_string kind = line_string(parts->args[at], &t->string, &string);
    if (kind == LINE_STRING_NONE && is_null(parts->args[at]))
        return by_fd && means_itself(c) ? dir : 0;
    if (kind == LINE_STRING_NONE) {
        count_no_string(t, c, parts->args[at]);
        return 0;
    }
    if (kind == LINE_STRING_CUT || string.n > TRACK_PATH_MAX ||
        bytes_index(string, 0) != string.n) {
        track_count(t, PROBLEM_CUT_PATH);
        return 0;
    }
    if (!string.n)
        return dir_at >= 0 && means_itself(c) ? dir : 0;
    way->dir = dir;
    way->unknown_fd = by_fd;
    return track_number_string(t, c, string, way);
}

/* Reads sun_path="…" in the address of connect, bind or sendto; abstract addresses are not paths.
 */
static size_t resolve_address(struct tracker *t, const struct track_call *c,
                              struct access_rows_path *out)
{
    static const char name[] = "sun_path=";
    size_t at = !strcmp(c->call->name, "sendto") ? 4 : 1;
    struct bytes arg = at < c->parts.n_args ? c->parts.args[at] : (struct bytes){0};
    const char *sun = arg.n && arg.p[0] == '{' ? memmem(arg.p, arg.n, name, strlen(name)) : NULL;
    if (!sun)
        return 0;
    arg = bytes_skip(arg, (size_t)(sun - arg.p) + strlen(name));
    struct bytes string;
    if (line_string(arg, &t->string, &string) != LINE_STRING_WHOLE || !string.n ||
        string.n > TRACK_PATH_MAX || bytes_index(string, 0) != string.n)
        return 0;
    out->path = track_number_string(
        t, c, string, &(struct track_way){.dir = c->process->place->cwd, .by_cwd = true});
    out->kind = strcmp(c->call->name, "bind") ? ACCESS_OTHER : ACCESS_CREATED;
    return out->path != 0;
}

/* Returns true if the path argument of such a call really is a path. */
static bool is_path(const struct track_call *c, size_t i)
{
    const struct line_call *parts = &c->parts;
    int64_t number;
    if (c->call->effect == CALL_MOUNT && i == 0) {
        enum { BIND_OR_MOVE = 0x3000 }; /* MS_BIND | MS_MOVE */
        static const struct line_flag names[] = {LINE_FLAG("MS_BIND", 0x1000),
                                                 LINE_FLAG("MS_MOVE", 0x2000)};
        if (parts->n_args > 3 && (line_flags(parts->args[3], names, 2) & BIND_OR_MOVE))
            return true;
        return parts->n_args && bytes_starts(parts->args[0], bytes_of("\"/"));
    }
    if (c->call->effect == CALL_FSCONFIG) {
        struct bytes command = parts->n_args > 1 ? parts->args[1] : (struct bytes){0};
        if (line_number(command, &number))
            return number == 3 || number == 4; /* FSCONFIG_SET_PATH, FSCONFIG_SET_PATH_EMPTY */
        return bytes_starts(command, bytes_of("FSCONFIG_SET_PATH"));
    }
    return true;
}

/* Applies the flags argument to the first path: kind and nofollow. */
static void apply_flags(const struct track_call *c, struct access_rows_path *path)
{
    const struct call *call = c->call;
    struct bytes arg = {0};
    if (call->flags_kind == FLAGS_NONE)
        return;
    if ((size_t)call->flags < c->parts.n_args)
        arg = c->parts.args[call->flags];
    if (call->flags_kind == FLAGS_OPEN || call->flags_kind == FLAGS_HOW) {
        struct call_open open = call_open_flags(arg);
        path->kind = (uint8_t)open.kind;
        path->nofollow = open.nofollow;
        path->cloexec = open.cloexec;
        path->rooted = open.rooted;
    } else {
        path->nofollow = call_at_nofollow(call, arg);
    }
}

size_t track_resolve(struct tracker *t, const struct track_call *c,
                     struct access_rows_path paths[2])
{
    const struct call *call = c->call;
    size_t n = 0;
    if (call->effect == CALL_ADDRESS)
        return resolve_address(t, c, paths);
    for (size_t i = 0; i < call->n_paths; i++) {
        if (!is_path(c, i))
            continue;
        const struct call_path *where = &call->paths[i];
        struct access_rows_path path = {.kind = where->kind, .nofollow = where->nofollow};
        if (i == 0)
            apply_flags(c, &path);
        struct track_way way = {.nofollow = path.nofollow, .rooted = path.rooted};
        path.path = resolve_string(t, c, where->dir, (size_t)where->path, &way);
        if (path.path)
            paths[n++] = path;
    }
    return n;
}
