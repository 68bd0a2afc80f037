/* SPDX-License-Identifier: MIT
 *
 * Polls the logs. Each poll checks the files, loads them if they grew, and checks whether the
 * processes have ended. Every poll makes the same load request as the first: the loader recognises
 * a log by its path and its loaded bytes, and loads only what was appended.
 */
#include "session/log_watcher.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "session/log_watch_end.h"
#include "trace/doctor/advice.h"
#include "trace/log/log_sources.h"
#include "trace/trace.h"
#include "util/clock.h"
#include "util/path.h"

struct live_log {
    char *path; /* owned */
    struct log_watch_end end;
    int64_t size; /* at the last check */
};

struct live {
    const struct log_watcher_request *request;
    struct progress *progress;
    struct err *err;
    struct live_log *logs; /* owned */
    size_t n_logs, cap_logs;
    struct map seen;       /* paths that were checked */
    const char **operands; /* operands of the next load, without the image; owned */
    size_t n_operands, cap_operands;
    struct buf run;    /* run of new logs; n 0: not known yet */
    int64_t since_ns;  /* when the traces began, in ns since the epoch */
    bool changed;      /* a log changed after the last load */
    int n_quiet_looks; /* consecutive checks without a change */
};

static void add_log(struct live *l, const char *path)
{
    ARRAY_ROOM(l->logs, l->n_logs, l->cap_logs);
    l->logs[l->n_logs++] = (struct live_log){.path = mem_dup(bytes_of(path))};
}

enum { SEEN_LOG = 1, SEEN_OTHER = 2 /* plus the file size: not a log */ };

/* Returns true for a newly discovered log. Files that are not logs are checked again when their
 * size changes, because the first line may not have been written yet. */
static bool discover(struct live *l, const char *path)
{
    struct stat st;
    bool is_log = false;
    uint64_t *seen = map_at(&l->seen, bytes_of(path), NULL);
    if (*seen == SEEN_LOG || stat(path, &st) != 0 || *seen == SEEN_OTHER + (uint64_t)st.st_size)
        return false;
    *seen = SEEN_OTHER + (uint64_t)st.st_size;
    if (!log_sources_is_log(path, &is_log, NULL) || !is_log)
        return false;
    *seen = SEEN_LOG;
    add_log(l, path);
    return true;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool is_recent(const struct live *l, const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 &&
           st.st_mtim.tv_sec * INT64_C(1000000000) + st.st_mtim.tv_nsec >= l->since_ns;
}

/* Returns true if name is STEM.NUMBER: a log of strace -ff -o STEM. */
static bool is_numbered(struct bytes name, struct bytes stem)
{
    if (!bytes_starts(name, stem) || name.n < stem.n + 2 || name.p[stem.n] != '.')
        return false;
    struct bytes number = bytes_skip(name, stem.n + 1);
    return strspn(number.p, "0123456789") == number.n;
}

static void add_operand(struct live *l, const char *path)
{
    ARRAY_ROOM(l->operands, l->n_operands, l->cap_operands);
    l->operands[l->n_operands++] = path;
}

/* Discovers the log if it belongs to the trace; dir is "" or ends with a slash. If stem is empty,
 * every file of the directory belongs to the trace. Otherwise only numbered files that were written
 * after the trace began belong to it; they become operands, because no operand names their
 * directory. */
static void look_at_entry(struct live *l, struct bytes dir, struct bytes stem, const char *name)
{
    BUF_AUTO struct buf path = {0};
    buf_add(&path, dir);
    buf_add(&path, bytes_of(name));
    if (!stem.n)
        discover(l, path.p);
    else if (is_numbered(bytes_of(name), stem) && is_recent(l, path.p) && discover(l, path.p))
        add_operand(l, l->logs[l->n_logs - 1].path);
}

/* Checks the entries of a directory in the order of their names; "" is the current directory. */
static void look_through(struct live *l, struct bytes dir, struct bytes stem)
{
    BUF_AUTO struct buf prefix = {0};
    struct dirent **entries;
    buf_add(&prefix, dir.n ? dir : bytes_of("."));
    int n = scandir(prefix.p, &entries, NULL, by_name);
    if (!dir.n)
        buf_clear(&prefix);
    else if (dir.p[dir.n - 1] != '/')
        buf_byte(&prefix, '/');
    for (int i = 0; i < n; i++) {
        look_at_entry(l, buf_bytes(&prefix), stem, entries[i]->d_name);
        free(entries[i]);
    }
    if (n >= 0)
        free(entries);
}

/* Splits the path of a strace -ff log into its directory and its name without the pid. Returns
 * false for other logs. */
static bool has_siblings(const char *path, struct bytes *dir, struct bytes *stem)
{
    struct advice_log log = {.name = bytes_of(path)};
    if (!advice_one_process(&log, stem))
        return false;
    struct bytes base = path_base(*stem);
    *dir = bytes_from(stem->p, stem->n - base.n);
    *stem = base;
    return base.n > 0;
}

/* Returns when the traces began: the earliest creation time of their logs. If the file system does
 * not record creation times, returns a time shortly before now. */
static int64_t began_ns(const struct live *l)
{
    enum { MOMENT_S = 2 };
    int64_t since = (int64_t)(time(NULL) - MOMENT_S) * 1000000000;
    for (size_t i = 0; i < l->n_logs; i++) {
        struct statx st;
        if (statx(AT_FDCWD, l->logs[i].path, 0, STATX_BTIME, &st) != 0 ||
            !(st.stx_mask & STATX_BTIME))
            continue;
        int64_t made = st.stx_btime.tv_sec * 1000000000 + st.stx_btime.tv_nsec;
        since = made < since ? made : since;
    }
    return since;
}

static bool begin_operand(struct live *l, const char *path)
{
    enum operand kind;
    if (!image_operand(path, &kind, l->err))
        return false;
    if (kind == OPERAND_IMAGE)
        return true;
    add_operand(l, path);
    if (kind == OPERAND_LOGS_DIR)
        look_through(l, bytes_of(path), (struct bytes){0});
    else
        discover(l, path);
    return true;
}

static bool begin(struct live *l)
{
    const struct load_request *load = &l->request->load;
    for (size_t i = 0; i < load->n_operands; i++)
        if (!begin_operand(l, load->operands[i]))
            return false;
    if (!l->n_operands)
        return err_set(l->err, "--follow: no log given; name a log or a directory of logs");
    l->since_ns = began_ns(l);
    return true;
}

/* Discovers new logs and reads the bytes that were added to known logs. */
static void look(struct live *l)
{
    size_t n_logs = l->n_logs, n_operands = l->n_operands;
    for (size_t i = 0; i < n_operands; i++) {
        struct bytes dir, stem;
        struct stat st;
        if (stat(l->operands[i], &st) == 0 && S_ISDIR(st.st_mode))
            look_through(l, bytes_of(l->operands[i]), (struct bytes){0});
        else if (has_siblings(l->operands[i], &dir, &stem))
            look_through(l, dir, stem);
    }
    bool changed = l->n_logs != n_logs;
    for (size_t i = 0; i < l->n_logs; i++) {
        struct live_log *log = &l->logs[i];
        struct stat st;
        if (stat(log->path, &st) != 0 || st.st_size == log->size)
            continue;
        log->size = st.st_size;
        changed = true;
        log->end.path = log->path;
        log_watch_end_read(&log->end);
    }
    l->n_quiet_looks = changed ? 0 : l->n_quiet_looks + 1;
    l->changed = l->changed || changed;
}

/* Counts checks, not time: after a slow load or on a busy machine, the last check may be old, and
 * the logs may have grown since. */
static bool is_finished(const struct live *l)
{
    for (size_t i = 0; i < l->n_logs; i++)
        if (!log_watch_end_is_over(&l->logs[i].end))
            return false;
    return l->n_logs && !l->changed && l->n_quiet_looks >= LIVE_QUIET_LOOKS;
}

static const char RUN_OF[] = "SELECT r.name FROM log l JOIN run r ON r.id = l.run "
                             "WHERE l.source = :source AND l.complete = 1";

/* Finds the run of the first log of the trace; new logs of the trace get the same run. */
static bool find_run(struct live *l)
{
    MEM_AUTO char *real = realpath(l->logs[0].path, NULL);
    struct db *db = NULL;
    if (!real || !db_open(l->request->load.session_path, DB_READ, &db, l->err))
        return !real;
    struct stmt *q = db_query(db, RUN_OF, l->err);
    enum step step = STEP_ERR;
    if (q) {
        stmt_bind_text(q, ":source", bytes_of(real));
        step = stmt_step(q, l->err);
        if (step == STEP_ROW)
            buf_add(&l->run, stmt_bytes(q, 0));
        stmt_reset(q);
    }
    db_close(db);
    return step != STEP_ERR;
}

static bool load(struct live *l, bool first)
{
    struct load_request request = l->request->load;
    struct load_result result = {0};
    if (!first) {
        request.operands = l->operands;
        request.n_operands = l->n_operands;
        request.base = NULL;
        request.run = l->run.n ? l->run.p : request.run;
        request.keep_runs = true;
    }
    l->changed = false;
    return session_load(&request, l->progress, &result, l->err) &&
           (!l->request->loaded || l->request->loaded(l->request->with, &result, l->err)) &&
           (!first || !l->n_logs || find_run(l));
}

/* Waits for ns nanoseconds, or until cancelled. */
static void rest(const struct live *l, uint64_t ns)
{
    uint64_t until = clock_ns() + ns;
    do {
        poll(NULL, 0, LIVE_POLL_MS / 4);
    } while (!atomic_load(&l->progress->cancel) && clock_ns() < until);
}

static bool follow(struct live *l)
{
    size_t n_given = l->n_operands;
    uint64_t pause = 0;
    bool first = true;
    while (first || !is_finished(l)) {
        look(l);
        if (first || l->changed) {
            uint64_t began = clock_ns();
            if (!load(l, first))
                return atomic_load(&l->progress->cancel);
            pause = clock_ns() - began;
            l->changed =
                first && l->n_operands > n_given; /* other logs with the same prefix were found */
            first = false;
        }
        uint64_t poll_ns = LIVE_POLL_MS * UINT64_C(1000000);
        rest(l, pause > poll_ns ? pause : poll_ns);
        pause = 0;
        if (atomic_load(&l->progress->cancel))
            return true;
    }
    return true;
}

bool log_watcher_run(const struct log_watcher_request *request, struct progress *progress,
                     struct err *err)
{
    struct live l = {.request = request, .progress = progress, .err = err};
    bool ok = begin(&l) && follow(&l);
    for (size_t i = 0; i < l.n_logs; i++) {
        log_watch_end_finish(&l.logs[i].end);
        free(l.logs[i].path);
    }
    free(l.logs);
    free(l.operands);
    map_finish(&l.seen);
    buf_finish(&l.run);
    return ok;
}
