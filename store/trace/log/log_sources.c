/* SPDX-License-Identifier: MIT */
#include "trace/log/log_sources.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/loading.h"
#include "trace/strace/syscalls.h"
#include "trace/strace/line.h"
#include "trace/strace/line_wrap.h"
#include "trace/log/log_file.h"
#include "trace/log/log_foreign.h"
#include "util/map.h"

/* The number of bytes that are read to decide whether a file is a log. */
enum { LOOK_BYTES = 64 * 1024, LOOK_LINES = 200 };

struct look {
    bool is_log;
    bool has_pids;                       /* true if a pid comes before its first call */
    char reason[LOG_SOURCES_REASON_MAX]; /* why it is not a log, and what to do */
};

/* Returns true if a line is of a log. A call must have its result, because source code also
 * contains calls. A call that is truncated at the end of the read bytes must have a known name. */
static bool is_log_line(struct call_index *calls, struct bytes text, bool whole,
                        const struct line *line)
{
    if (line_is_strace(text))
        return true;
    if (line->kind == LINE_CALL && !whole) {
        struct line_call parts;
        line_split(line->rest, &parts);
        return !parts.closed && call_find(calls, line->name);
    }
    return line->kind == LINE_ATTACHED && bytes_starts(text, bytes_of("strace: "));
}

static void look_at(struct bytes text, struct look *look)
{
    struct call_index calls = {0};
    BUF_AUTO struct buf plain = {0};
    BUF_AUTO struct buf bare = {0};
    struct line_wrap wrap;
    *look = (struct look){.is_log = text.n == 0};
    if (log_foreign_find(text, look->reason, sizeof look->reason))
        return;
    call_index_init(&calls);
    line_wrap_find(text, &wrap);
    for (size_t n = 0; text.n && n < LOOK_LINES && !look->is_log; n++) {
        struct line line;
        int32_t pid;
        struct bytes one = bytes_from(text.p, bytes_index(text, '\n'));
        bool whole = one.n < text.n;
        text = bytes_skip(text, one.n + 1);
        one = line_unwrap(&wrap, line_plain(one, &plain), &bare, &pid);
        line_read(one, &line);
        look->is_log = is_log_line(&calls, one, whole, &line);
        look->has_pids = line.pid != 0 || pid != 0;
    }
    call_index_finish(&calls);
}

/* Reads the beginning of a file. Sets *regular to false if it is not a regular file. */
static bool look_into(const char *path, struct look *look, bool *regular, struct err *err)
{
    struct stat st;
    MEM_AUTO char *text = mem_alloc(LOOK_BYTES);
    size_t n = 0;
    *look = (struct look){0};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_sys(err, "open %s", path);
    *regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    ssize_t got = 1;
    while (*regular && n < LOOK_BYTES && got > 0) {
        got = read(fd, text + n, LOOK_BYTES - n);
        if (got < 0 && errno != EINTR) {
            err_sys(err, "read %s", path);
            close(fd);
            return false;
        }
        n += got > 0 ? (size_t)got : 0;
        got = got < 0 ? 1 : got;
    }
    close(fd);
    if (*regular)
        look_at(bytes_from(text, n), look);
    return true;
}

bool log_sources_is_log(const char *path, bool *is_log, struct err *err)
{
    char reason[LOG_SOURCES_REASON_MAX];
    return log_sources_reason(path, is_log, reason, err);
}

bool log_sources_reason(const char *path, bool *is_log, char reason[LOG_SOURCES_REASON_MAX],
                        struct err *err)
{
    struct look look = {0};
    bool regular = false;
    if (!look_into(path, &look, &regular, err))
        return false;
    *is_log = regular && look.is_log;
    memcpy(reason, look.reason, sizeof look.reason);
    return true;
}

/* Returns the pid that strace -ff appends to the log's name; 0 if there is no pid. */
static int32_t pid_suffix(struct bytes name)
{
    struct bytes suffix = bytes_skip(name, bytes_rindex(name, '.') + 1);
    int64_t pid = 0;
    for (size_t i = 0; i < suffix.n && pid <= LINE_PID_MAX; i++) {
        if (suffix.p[i] < '0' || suffix.p[i] > '9' || (i == 0 && suffix.p[i] == '0'))
            return 0;
        pid = pid * 10 + (suffix.p[i] - '0');
    }
    return suffix.n && pid <= LINE_PID_MAX ? (int32_t)pid : 0;
}

/* Returns the realpath of the directory plus the unchanged file name, so that a link to a log is a
 * log of its own. */
static bool absolute_name(const char *path, struct buf *out, struct err *err)
{
    const char *slash = strrchr(path, '/');
    MEM_AUTO char *dir = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    MEM_AUTO char *real = dir ? realpath(dir, NULL) : NULL;
    if (!real)
        return err_sys(err, "%s", path);
    buf_clear(out);
    buf_add(out, bytes_of(strcmp(real, "/") ? real : ""));
    buf_byte(out, '/');
    buf_add(out, bytes_of(slash ? slash + 1 : path));
    return true;
}

static bool add_source(struct log_sources *sources, const char *path, const char *name,
                       bool has_pids, struct map *seen, struct err *err)
{
    BUF_AUTO struct buf source = {0};
    struct stat st;
    bool is_new;
    if (stat(path, &st) != 0)
        return err_sys(err, "%s", path);
    if (!absolute_name(path, &source, err))
        return false;
    map_at(seen, buf_bytes(&source), &is_new);
    if (!is_new)
        return true; /* the same file was named twice */
    ARRAY_ROOM(sources->items, sources->n, sources->cap);
    sources->items[sources->n++] =
        (struct log_source){.path = arena_copy(&sources->arena, bytes_of(path)).p,
                            .name = arena_copy(&sources->arena, bytes_of(name)).p,
                            .source = arena_copy(&sources->arena, buf_bytes(&source)).p,
                            .size = st.st_size,
                            .file_pid = has_pids ? 0 : pid_suffix(bytes_of(name))};
    return true;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_no_dot(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
}

/* A directory operand while its entries are read. */
struct directory {
    struct db *db;
    int64_t load;
    struct log_sources *sources;
    struct map *seen;
    struct bytes path; /* without trailing slashes */
    struct bytes name; /* before the names of its logs; the same if the caller gave no other */
    size_t n_logs;
};

static bool add_entry(struct directory *in, const char *name, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    struct stat st;
    struct look look = {0};
    bool regular = false;
    struct err why = {0};
    buf_add(&path, in->path);
    buf_byte(&path, '/');
    buf_add(&path, bytes_of(name));
    if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode))
        return true;
    if (!look_into(path.p, &look, &regular, &why))
        return loading_problem(in->db, in->load, buf_bytes(&path), "skipped: cannot be read", err);
    if (!regular || !look.is_log) {
        char what[LOG_SOURCES_REASON_MAX + 32];
        snprintf(what, sizeof what, "skipped: not a strace log%s%s",
                 regular && look.reason[0] ? "; " : "", regular ? look.reason : "");
        return loading_problem(in->db, in->load, buf_bytes(&path), what, err);
    }
    in->n_logs++;
    BUF_AUTO struct buf shown = {0};
    buf_add(&shown, in->name);
    buf_byte(&shown, '/');
    buf_add(&shown, bytes_of(name));
    return add_source(in->sources, path.p, shown.p, look.has_pids, in->seen, err);
}

static bool add_directory(struct db *db, int64_t load, struct log_sources *sources,
                          const char *operand, struct map *seen, struct err *err)
{
    struct directory in = {
        .db = db, .load = load, .sources = sources, .seen = seen, .path = bytes_of(operand)};
    struct dirent **entries;
    while (in.path.n && in.path.p[in.path.n - 1] == '/')
        in.path.n--;
    in.name = sources->directory_name ? bytes_of(sources->directory_name) : in.path;
    int n = scandir(operand, &entries, is_no_dot, by_bytes);
    if (n < 0)
        return err_sys(err, "read directory %s", operand);
    bool ok = db_begin(db, err);
    for (int i = 0; i < n; i++) {
        ok = ok && add_entry(&in, entries[i]->d_name, err) && db_slice(db, err);
        free(entries[i]);
    }
    free(entries);
    if (!ok) {
        db_rollback(db);
        return false;
    }
    if (!db_commit(db, err))
        return false;
    if (!in.n_logs)
        return err_set(err, "%s: no strace logs in this directory", operand);
    return true;
}

static const char KNOWN[] =
    "SELECT run, position, size, hash, "
    "CASE WHEN run IN (SELECT id FROM run WHERE role = 'evidence') THEN n_lines ELSE 0 END "
    "FROM log WHERE source = :source AND complete = 1";

static bool compare(struct db *db, struct log_source *source, struct err *err)
{
    struct stmt *q = db_query(db, KNOWN, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":source", bytes_of(source->source));
    enum step step = stmt_step(q, err);
    if (step != STEP_ROW)
        return step == STEP_DONE;
    uint8_t hash[LOG_HASH_BYTES] = {0};
    struct bytes stored = stmt_bytes(q, 3);
    uint64_t size = (uint64_t)stmt_int(q, 2);
    enum log_change change;
    source->old_run = stmt_int(q, 0);
    source->position = stmt_int(q, 1);
    source->old_lines = stmt_int(q, 4);
    memcpy(hash, stored.p ? stored.p : "", stored.n < sizeof hash ? stored.n : sizeof hash);
    stmt_reset(q);
    if (!log_file_compare(source->path, size, bytes_from((const char *)hash, sizeof hash), &change,
                          err))
        return false;
    source->state = change == LOG_SAME    ? SOURCE_SAME
                    : change == LOG_GROWN ? SOURCE_GROWN
                                          : SOURCE_CHANGED;
    return true;
}

static bool add_operand(struct db *db, int64_t load, struct log_sources *sources,
                        const char *operand, struct map *seen, struct err *err)
{
    struct stat st;
    struct look look = {0};
    bool regular = false;
    if (stat(operand, &st) != 0)
        return err_sys(err, "%s", operand);
    if (S_ISDIR(st.st_mode))
        return add_directory(db, load, sources, operand, seen, err);
    if (!look_into(operand, &look, &regular, err))
        return false;
    if (!regular || !look.is_log)
        return err_set(err, "%s: not a strace log%s%s", operand, look.reason[0] ? "; " : "",
                       look.reason);
    return add_source(sources, operand, operand, look.has_pids, seen, err);
}

bool log_sources_read(struct db *db, int64_t load, const char *const *operands, size_t n_operands,
                      struct log_sources *out, struct err *err)
{
    struct map seen = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < n_operands; i++)
        ok = add_operand(db, load, out, operands[i], &seen, err);
    map_finish(&seen);
    for (size_t i = 0; ok && i < out->n; i++)
        ok = compare(db, &out->items[i], err);
    return ok;
}

void log_sources_finish(struct log_sources *sources)
{
    free(sources->items);
    arena_finish(&sources->arena);
    *sources = (struct log_sources){0};
}
