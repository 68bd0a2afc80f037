/* SPDX-License-Identifier: MIT
 *
 * Follows several files of strace -ff at once, line by line in the order of their times. They
 * belong to threads that share a working directory, which one of them changes.
 *
 * strace writes the lines of all files, so the times of a file never decrease, except where the
 * clock was set back, or at midnight with -t and -tt. Lines are ordered by the number of such steps
 * in their file, then by time. A thread's file begins with the number of steps in the file of the
 * thread that created it.
 *
 *     key of a line:   (n_back, ns)
 *     file 10          (0, 12:00:01)  (0, 12:00:02) clone = 11   (0, 12:00:05)
 *     file 11                                                    (0, 12:00:04) …
 */
#include "trace/follow/log_follower.h"

#include <stdlib.h>
#include <string.h>

#include "trace/strace/line_time.h"

struct merged {
    struct follower *f;
    const struct log_family_member *members; /* borrowed; the first one created the others */
    size_t n;
    struct followed **logs; /* by member; owned; NULL: not begun, or ended */
    bool *begun;            /* by member; owned */
};

/* Reads the time of the next line of a log. A line without a time gets the time of the line before
 * it. */
static void read_time(struct follower *f, struct followed *log)
{
    enum { HALF_DAY = 12 * 60 * 60 };
    int64_t ns;
    struct bytes text = bytes_from(log->rest.p, bytes_index(log->rest, '\n'));
    if (log->coloured)
        text = line_plain(text, &f->tracker.plain);
    enum line_time kind = line_time(text, &ns);
    if (kind == LINE_TIME_NONE)
        return;
    if (ns < log->ns) {
        log->n_back++;
        if (kind == LINE_TIME_EPOCH || log->ns - ns < HALF_DAY * INT64_C(1000000000)) {
            f->tracker.here->line = log->n_lines + 1;
            track_count(&f->tracker, PROBLEM_CLOCK);
        }
    }
    log->ns = ns;
}

/* Ends the log of a member. */
static void end(struct merged *m, size_t i, bool ok)
{
    struct followed *log = mem_steal(&m->logs[i]);
    struct track_here *here = log->here;
    track_switch(&m->f->tracker, here, false);
    follower_end_log(m->f, log, ok);
    track_switch(&m->f->tracker, &m->f->tracker.own, false);
    track_here_finish(here);
    free(here);
    free(log);
}

/* Begins the log of a member; parent is the log of the thread that created it, or NULL. */
static bool begin(struct merged *m, size_t i, const struct followed *parent)
{
    struct follower *f = m->f;
    struct track_here *here = mem_zero(1, sizeof *here);
    struct followed *log = m->logs[i] = mem_zero(1, sizeof *log);
    m->begun[i] = true;
    log->here = here; /* also if it fails before it begins */
    if (!follower_begin_log(f, &m->members[i], log, here))
        return false;
    log->ns = parent ? parent->ns : INT64_MIN;
    log->n_back = parent ? parent->n_back : 0;
    if (!log->ended)
        read_time(f, log);
    else
        end(m, i, true);
    return true;
}

static bool is_before(const struct followed *a, const struct followed *b)
{
    return a->n_back != b->n_back ? a->n_back < b->n_back : a->ns < b->ns;
}

/* Returns the member whose next line comes first; n if no log is open. */
static size_t find_next(const struct merged *m)
{
    size_t best = m->n;
    for (size_t i = 0; i < m->n; i++)
        if (m->logs[i] && (best == m->n || is_before(m->logs[i], m->logs[best])))
            best = i;
    return best;
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Returns true if another member changes its directory at that time. */
static bool is_tied(const struct merged *m, size_t self, int64_t ns)
{
    for (size_t i = 0; i < m->n; i++)
        if (i != self && m->members[i].n_moves &&
            bsearch(&ns, m->members[i].moves, m->members[i].n_moves, sizeof ns, by_time))
            return true;
    return false;
}

/* Begins the logs of the threads that the last line of a log created. */
static bool begin_children(struct merged *m, size_t parent)
{
    for (size_t i = 0; i < m->n; i++)
        if (!m->begun[i] && processes_find(&m->f->tracker.all, m->members[i].pid) &&
            !begin(m, i, m->logs[parent]))
            return false;
    return true;
}

/* Follows the next line of a member. */
static bool follow_line(struct merged *m, size_t i)
{
    struct followed *log = m->logs[i];
    struct follower *f = m->f;
    size_t n_processes = f->tracker.all.n_pids;
    f->at = log;
    track_switch(&f->tracker, log->here, is_tied(m, i, log->ns));
    if (!follower_line(f))
        return false;
    if (f->tracker.all.n_pids != n_processes && !begin_children(m, i))
        return false;
    f->at = log;
    track_switch(&f->tracker, log->here, false);
    if (!log->ended)
        read_time(f, log);
    else
        end(m, i, true);
    return true;
}

/* Follows all members; one whose creation the files do not show begins when no other is open. */
static bool follow_members(struct merged *m)
{
    for (size_t i = 0; i < m->n; i++) {
        if (m->begun[i])
            continue;
        if (!begin(m, i, NULL))
            return false;
        for (size_t next; (next = find_next(m)) < m->n;)
            if (!follow_line(m, next))
                return false;
    }
    return true;
}

bool follower_merge(struct follower *f, const struct log_family_member *members, size_t n)
{
    MEM_AUTO int32_t *pids = mem_array(NULL, n, sizeof *pids);
    struct merged m = {.f = f,
                       .members = members,
                       .n = n,
                       .logs = mem_zero(n, sizeof *m.logs),
                       .begun = mem_zero(n, sizeof *m.begun)};
    for (size_t i = 0; i < n; i++)
        pids[i] = members[i].pid;
    track_merge(&f->tracker, pids, n);
    bool ok = follow_members(&m);
    for (size_t i = 0; i < n; i++)
        if (m.logs[i])
            end(&m, i, false);
    track_merge(&f->tracker, NULL, 0);
    free(m.logs);
    free(m.begun);
    return ok;
}
