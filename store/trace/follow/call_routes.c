/* SPDX-License-Identifier: MIT
 *
 * Makes the string of a call an absolute path, and its route: the way as the kernel walks it, where
 * that can differ (share/schema.sql, asked). The logs do not show symlinks, so a ".." stays in the
 * route until the image's tree is known. The links of /proc and /dev that lead to a file of a
 * process are replaced here, because only the log shows their file (proc(5)).
 *
 *     cwd /w, "../a/./b"              path /a/b               route /w/../a/b
 *     fd 3 is /etc, "/proc/self/fd/3/passwd"
 *                                     path as passed          route /etc/passwd
 *     openat2(3</jail>, "/../x", {resolve=RESOLVE_IN_ROOT})
 *                                     path /jail/x            route /jail//../x
 */
#include "trace/follow/tracker.h"

#include <string.h>

#include "util/path.h"

/* The maximum number of ".." in the route of a directory to which further paths are relative. Each
 * chdir("..") adds one; without a limit, a program that enters and leaves directories would make a
 * new route each time. Beyond it, ".." is removed textually. */
enum { UPS_MAX = 16, MAGIC_MAX = 8 /* links of /proc that lead to links of /proc */ };

/* Returns true if path_absolute would return an absolute path unchanged. */
static bool is_clean(struct bytes path)
{
    if (path.p[0] != '/' || (path.n > 1 && path.p[path.n - 1] == '/'))
        return false;
    for (size_t i = 0; i + 1 < path.n; i++)
        if (path.p[i] == '/' && (path.p[i + 1] == '/' || path.p[i + 1] == '.'))
            return false;
    return true;
}

/* Returns the number of ".." components. */
static size_t count_ups(struct bytes path)
{
    size_t n = 0;
    for (struct bytes part; (part = path_next(&path)).n;)
        n += bytes_equal(part, bytes_of(".."));
    return n;
}

/* Returns true if a path can begin with a link that magic_target knows. */
static bool may_be_magic(struct bytes path)
{
    return path.n > 7 && (!memcmp(path.p, "/proc/", 6) || !memcmp(path.p, "/dev/", 5));
}

/* Removes a leading component with this name. */
static bool take_part(struct bytes *rest, const char *name)
{
    struct bytes after = *rest;
    if (!bytes_equal(path_next(&after), bytes_of(name)))
        return false;
    *rest = after;
    return true;
}

/* Removes a leading component that is a number. */
static bool take_number(struct bytes *rest, int32_t *out)
{
    int64_t number = 0;
    struct bytes after = *rest, part = path_next(&after);
    for (size_t i = 0; i < part.n; i++) {
        if (part.p[i] < '0' || part.p[i] > '9' || number > INT32_MAX / 10 - 1)
            return false;
        number = number * 10 + (part.p[i] - '0');
    }
    if (!part.n)
        return false;
    *out = (int32_t)number;
    *rest = after;
    return true;
}

/* The process and the file of it that a link means. */
struct magic {
    const struct process *process; /* NULL: not known */
    enum { MAGIC_CWD, MAGIC_ROOT, MAGIC_EXE, MAGIC_FD } kind;
    int32_t fd;
    struct bytes rest; /* the path after the link */
};

static bool read_proc_link(const struct tracker *t, const struct process *self, struct bytes rest,
                           struct magic *out)
{
    int32_t pid;
    /* /proc/self is the directory of the thread group: of its leader. */
    *out = (struct magic){0};
    out->process = self->leader ? processes_find(&t->all, self->leader) : self;
    if (take_number(&rest, &pid))
        out->process = pid == self->pid ? self : processes_find(&t->all, pid);
    else if (take_part(&rest, "thread-self"))
        out->process = self;
    else if (!take_part(&rest, "self"))
        return false;
    if (take_part(&rest, "task")) {
        if (!take_number(&rest, &pid))
            return false;
        out->process = pid == self->pid ? self : processes_find(&t->all, pid);
    }
    if (take_part(&rest, "cwd"))
        out->kind = MAGIC_CWD;
    else if (take_part(&rest, "root"))
        out->kind = MAGIC_ROOT;
    else if (take_part(&rest, "exe"))
        out->kind = MAGIC_EXE;
    else if (take_part(&rest, "fd") && take_number(&rest, &out->fd))
        out->kind = MAGIC_FD;
    else
        return false;
    out->rest = rest;
    return true;
}

/* /dev/fd is a symlink to /proc/self/fd, /dev/stdin to /proc/self/fd/0, and so on (fd(4)). */
static bool read_dev_link(const struct tracker *t, const struct process *self, struct bytes rest,
                          struct magic *out)
{
    static const char *const names[] = {"stdin", "stdout", "stderr"};
    *out = (struct magic){.kind = MAGIC_FD};
    out->process = self->leader ? processes_find(&t->all, self->leader) : self;
    bool found = take_part(&rest, "fd") && take_number(&rest, &out->fd);
    for (int32_t i = 0; !found && i < 3; i++) {
        found = take_part(&rest, names[i]);
        out->fd = i;
    }
    out->rest = rest;
    return found;
}

/* Returns true if a path begins with a link to a file of a process. */
static bool read_magic(const struct tracker *t, const struct process *self, struct bytes path,
                       struct magic *out)
{
    if (!may_be_magic(path))
        return false;
    return take_part(&path, "proc") ? read_proc_link(t, self, path, out)
                                    : take_part(&path, "dev") && read_dev_link(t, self, path, out);
}

/* Returns the path number of the file that a link leads to; 0: the log does not show it. */
static uint32_t magic_target(struct tracker *t, const struct process *self,
                             const struct magic *magic)
{
    const struct process *process = magic->process;
    if (!process || process->place->other_root != self->place->other_root)
        return 0;
    switch (magic->kind) {
    case MAGIC_CWD:
        return t->here->tied ? 0 : process->place->cwd;
    case MAGIC_ROOT:
        return path_table_number(&t->paths, bytes_of("/"), PATH_KNOWN);
    case MAGIC_EXE:
        return t->all.past[process->number].program;
    case MAGIC_FD: {
        const struct descriptor *known = descriptors_get(process->fds, magic->fd);
        return known ? known->path : 0;
    }
    }
    return 0;
}

/* Appends a path to a route without "." and "//". */
static void add_parts(struct buf *route, struct bytes path)
{
    for (struct bytes part; (part = path_next(&path)).n;) {
        if (bytes_equal(part, bytes_of(".")))
            continue;
        buf_byte(route, '/');
        buf_add(route, part);
    }
}

/* Appends the route of a directory, ready for a part after it. */
static void add_directory(const struct tracker *t, struct buf *route, uint32_t number)
{
    struct bytes dir = path_table_route(&t->paths, number);
    if (count_ups(dir) >= UPS_MAX || dir.n > TRACK_ALL_MAX)
        dir = path_table_bytes(&t->paths, number);
    if (dir.n == 1) /* the root */
        return;
    buf_add(route, dir);
    if (dir.n && memmem(dir.p, dir.n, "//", 2)) /* its root does not hold for the part after it */
        buf_add(route, bytes_of("/."));
}

/* Replaces the link to a file of a process at the beginning of t->route, also if its file is again
 * such a link. */
static void replace_magic(struct tracker *t, const struct track_call *c, bool nofollow)
{
    BUF_AUTO struct buf rest = {0};
    struct magic magic;
    for (int i = 0; i < MAGIC_MAX; i++) {
        if (!read_magic(t, c->process, buf_bytes(&t->route), &magic) || (nofollow && !magic.rest.n))
            return;
        uint32_t target = magic_target(t, c->process, &magic);
        bool noted = !target && c->call->effect == CALL_OPEN && c->parts.error == 0;
        if (noted) { /* -y shows where the whole path led */
            struct buf path = t->path;
            t->path = (struct buf){0}; /* track_note_path overwrites it */
            target = track_note_path(t, c->parts.note);
            buf_finish(&t->path);
            t->path = path;
            magic.rest.n = 0;
        }
        if (!target || !path_table_item(&t->paths, target)->known)
            return;
        buf_clear(&rest);
        buf_add(&rest, magic.rest);
        buf_clear(&t->route);
        if (rest.n)
            add_directory(t, &t->route, target);
        else
            buf_add(&t->route, path_table_route(&t->paths, target));
        add_parts(&t->route, buf_bytes(&rest));
        if (noted)
            return;
    }
}

/* Makes t->path and t->route for a string below a directory that is its root. */
static void make_rooted(struct tracker *t, struct bytes string, uint32_t dir)
{
    struct bytes above = path_table_bytes(&t->paths, dir);
    path_absolute(bytes_of("/"), string, &t->path); /* clamps ".." */
    add_directory(t, &t->route, dir);
    buf_byte(&t->route, '/');
    add_parts(&t->route, string);
    buf_clear(&t->dir);
    if (above.n > 1)
        buf_add(&t->dir, above);
    if (t->path.n > 1 || !t->dir.n)
        buf_add(&t->dir, buf_bytes(&t->path));
    buf_clear(&t->path);
    buf_add(&t->path, buf_bytes(&t->dir));
}

/* Makes t->path and t->route for any other string. */
static void make_route(struct tracker *t, const struct track_call *c, struct bytes string,
                       const struct track_way *way)
{
    bool relative = string.p[0] != '/';
    struct bytes dir = path_table_bytes(&t->paths, relative ? way->dir : 0);
    path_absolute(dir, string, &t->path);
    if (path_table_route(&t->paths, relative ? way->dir : 0).p == dir.p && !count_ups(string) &&
        !may_be_magic(buf_bytes(&t->path)))
        return; /* the usual case */
    if (relative)
        add_directory(t, &t->route, way->dir);
    add_parts(&t->route, string);
    replace_magic(t, c, way->nofollow && string.p[string.n - 1] != '/');
    if (!t->route.n)
        buf_byte(&t->route, '/');
}

uint32_t track_number_string(struct tracker *t, const struct track_call *c, struct bytes string,
                             const struct track_way *way)
{
    bool clean = is_clean(string), relative = string.p[0] != '/';
    if (clean && !way->rooted && !may_be_magic(string))
        return path_table_number(&t->paths, string, PATH_KNOWN);
    bool tied = way->by_cwd && t->here->tied;
    if ((relative || way->rooted) && (!way->dir || tied)) {
        track_count(t, tied              ? PROBLEM_TIED
                       : way->unknown_fd ? PROBLEM_UNKNOWN_FD
                                         : PROBLEM_UNKNOWN_CWD);
        return path_table_number(&t->paths, string, PATH_UNKNOWN);
    }
    buf_clear(&t->route);
    if (way->rooted)
        make_rooted(t, string, way->dir);
    else
        make_route(t, c, string, way);
    if (t->path.n > TRACK_ALL_MAX) {
        track_count(t, PROBLEM_CUT_PATH);
        return 0;
    }
    return path_table_routed(&t->paths, buf_bytes(&t->path), buf_bytes(&t->route));
}
