/* SPDX-License-Identifier: MIT
 *
 * The files of strace -ff do not name the parent of their process; only the results of fork calls
 * in the parents' files do. Therefore the fork calls are collected first. Then the files are
 * ordered: processes without a parent by pid, each followed by its children.
 */
#include "trace/log/log_family.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "trace/strace/syscalls.h"
#include "trace/log/log_file.h"
#include "trace/strace/line_time.h"
#include "util/map.h"

enum { LOOKERS_MAX = 4 /* number of files read at the same time */ };

/* A fork that a file shows. */
struct birth {
    int32_t pid;
    bool shares_directory; /* CLONE_FS */
};

/* The result of the first pass over a file of a family. */
struct kin {
    struct log_family_member member;
    const char *path;
    struct birth *births; /* owned */
    size_t n_births, cap_births;
    size_t parent;     /* index of the parent's entry; SIZE_MAX: no parent */
    size_t sharer;     /* the entry whose directory it shares (CLONE_FS), or its own index */
    bool executes;     /* true if its first call is a successful execve: a program starts here */
    bool cloning;      /* while reading: true if the last fork that began shares its directory */
    bool shared;       /* true after it created a thread that shares its directory */
    bool moved;        /* true if it changes its directory */
    bool moved_shared; /* true if it changes its directory while another file shares it */
    bool timed;        /* true if each fork and each change of directory has a time */
    size_t cap_moves;
    size_t n_movers;  /* in the root entry of a sharing group: number of files that do so */
    size_t n_sharers; /* in the root entry: number of files of the group */
    bool untimed;     /* in the root entry: a file of the group is not timed */
    bool visited;
};

struct look {
    struct progress *progress;
    struct kin *kin; /* sorted by pid */
    size_t n;
    _Atomic size_t next; /* the next file to read */
    bool forked, moved;  /* true if any file has a fork or a change of directory */
};

static struct bytes pid_key(const int32_t *pid)
{
    return bytes_from((const char *)pid, sizeof *pid);
}

static void read_fork(struct kin *kin, const struct line *line)
{
    struct line_call parts;
    line_split(line->rest, &parts);
    if (!parts.returned || parts.error || parts.value <= 0 || parts.value > LINE_PID_MAX)
        return;
    ARRAY_ROOM(kin->births, kin->n_births, kin->cap_births);
    kin->births[kin->n_births++] = (struct birth){(int32_t)parts.value, kin->cloning};
    kin->shared |= kin->cloning;
}

/* Notes the time of a change of directory. */
static void add_move(struct kin *kin, int64_t ns)
{
    struct log_family_member *member = &kin->member;
    ARRAY_ROOM(member->moves, member->n_moves, kin->cap_moves);
    member->moves[member->n_moves++] = ns;
}

static void read_line(struct call_index *calls, struct kin *kin, struct bytes text)
{
    struct line line;
    int64_t ns;
    line_read(text, &line);
    const struct call *call = line.name.n ? call_find(calls, line.name) : NULL;
    if (!call)
        return;
    bool moves = call->effect == CALL_CHDIR || call->effect == CALL_FCHDIR;
    bool timed = line_time(text, &ns) != LINE_TIME_NONE;
    kin->timed = kin->timed && (timed || !(moves || call->effect == CALL_FORK));
    /* strace prints the flags of clone and clone3 before the call, so they are in the first half.
     */
    if (call->effect == CALL_FORK && line.kind != LINE_RESUMED)
        kin->cloning = line.rest.n && (call_clone_flags(line.rest) & CALL_CLONE_FS);
    if (call->effect == CALL_FORK && line.kind != LINE_UNFINISHED) {
        read_fork(kin, &line);
    } else if (moves) {
        kin->moved = true;
        if (timed)
            add_move(kin, ns);
        kin->moved_shared |= kin->shared;
    }
}

/* Returns false if a line cannot be a call that read_line looks for. Only a time can come before
 * the call. */
static bool is_candidate(struct bytes line)
{
    static const char *const fronts[] = {"clone", "fork", "vfork", "chdir", "fchdir", "<... "};
    size_t n = 0;
    if (line.n && line.p[0] == '[')
        return true; /* the line has bracketed parts: line_read must parse it */
    while (n < line.n && line.p[n] < 'A' && line.p[n] != '<' && line.p[n] != '"')
        n++;
    line = bytes_skip(line, n);
    for (size_t i = 0; line.n && i < sizeof fronts / sizeof *fronts; i++)
        if (line.p[0] == fronts[i][0] && bytes_starts(line, bytes_of(fronts[i])))
            return true;
    return line.n && line.p[0] == '[';
}

static void read_chunk(struct call_index *calls, struct kin *kin, struct bytes chunk)
{
    while (chunk.n) {
        struct bytes line = bytes_split(&chunk, '\n');
        if (is_candidate(line))
            read_line(calls, kin, line);
    }
}

static bool starts_with_exec(struct bytes chunk)
{
    struct line line;
    struct line_call parts;
    line_read(bytes_from(chunk.p, bytes_index(chunk, '\n')), &line);
    if (line.kind != LINE_CALL || !bytes_equal(line.name, bytes_of("execve")))
        return false;
    line_split(line.rest, &parts);
    return parts.returned && parts.error == 0;
}

static bool look_through(struct look *look, struct call_index *calls, struct kin *kin,
                         struct err *err)
{
    struct log_file file = {0};
    struct bytes chunk;
    bool first = true;
    bool ok = log_file_open(&file, kin->path, LOG_NOT_HASHED, err);
    while (ok && (ok = log_file_next(&file, &chunk, err)) && chunk.n) {
        if (first)
            kin->executes = starts_with_exec(chunk);
        first = false;
        read_chunk(calls, kin, chunk);
        if (atomic_load(&look->progress->cancel))
            ok = err_cancelled(err);
    }
    log_file_close(&file);
    return ok;
}

struct looker {
    pthread_t thread;
    struct look *look;
    bool ok;
    struct err err;
};

static void *run_looker(void *with)
{
    struct looker *looker = with;
    struct call_index calls = {0}; /* has a cache, so each thread needs its own */
    size_t i;
    call_index_init(&calls);
    looker->ok = true;
    while (looker->ok && (i = atomic_fetch_add(&looker->look->next, 1)) < looker->look->n)
        looker->ok = look_through(looker->look, &calls, &looker->look->kin[i], &looker->err);
    call_index_finish(&calls);
    return NULL;
}

/* Reads all files, several at the same time. */
static bool look_at_all(struct look *look, struct err *err)
{
    struct looker lookers[LOOKERS_MAX] = {0};
    size_t n = 0;
    bool ok = true;
    while (n < LOOKERS_MAX && n < look->n) {
        lookers[n].look = look;
        if (pthread_create(&lookers[n].thread, NULL, run_looker, &lookers[n]))
            break;
        n++;
    }
    for (size_t i = 0; i < n; i++) {
        pthread_join(lookers[i].thread, NULL);
        if (ok && !lookers[i].ok) {
            err_copy(err, &lookers[i].err);
            ok = false;
        }
    }
    return n ? ok : err_set(err, "logs: cannot start a thread");
}

/* Combines the forks of all files: sets the parent of each child's file. */
static void join_kin(struct look *look)
{
    struct map by_pid = {0};
    for (size_t i = 0; i < look->n; i++)
        *map_at(&by_pid, pid_key(&look->kin[i].member.pid), NULL) = i;
    for (size_t i = 0; i < look->n; i++) {
        const struct kin *kin = &look->kin[i];
        look->forked |= kin->n_births > 0;
        look->moved |= kin->moved;
        for (size_t k = 0; k < kin->n_births; k++) {
            const uint64_t *child = map_find(&by_pid, pid_key(&kin->births[k].pid));
            if (!child || *child == i || look->kin[*child].parent != SIZE_MAX)
                continue;
            look->kin[*child].parent = i;
            if (kin->births[k].shares_directory)
                look->kin[*child].sharer = i;
        }
    }
    map_finish(&by_pid);
}

static void add_member(struct log_family *family, struct log_family_member member)
{
    ARRAY_ROOM(family->members, family->n, family->cap);
    family->members[family->n++] = member;
}

/* Appends entry `self` and its descendants, parents first. The children of an entry are in linked
 * lists (`next`). There is no recursion, because a log can describe a chain of any length. */
static void add_tree(struct kin *kin, size_t n, const size_t *first_child, const size_t *sibling,
                     size_t self, struct log_family *out)
{
    size_t *stack = mem_array(NULL, n, sizeof *stack);
    size_t depth = 0;
    stack[depth++] = self;
    kin[self].visited = true;
    while (depth) {
        size_t at = stack[--depth];
        add_member(out, kin[at].member);
        for (size_t c = first_child[at]; c != SIZE_MAX; c = sibling[c]) {
            if (kin[c].visited)
                continue;
            kin[c].visited = true;
            stack[depth++] = c;
        }
    }
    free(stack);
}

static int by_time(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* If threads share a directory, the changes of it are in different files. When one thread changes
 * the directory while it is shared, the directory is uncertain for the other threads. The thread
 * that began the sharing is the root of the group. */
static void mark_unsure(const struct look *look)
{
    struct kin *kin = look->kin;
    for (size_t i = 0; i < look->n; i++) {
        size_t root = i;
        for (size_t hops = 0; kin[root].sharer != root && hops < look->n; hops++)
            root = kin[root].sharer;
        for (size_t at = i, next; at != root; at = next) { /* path compression for later entries */
            next = kin[at].sharer;
            kin[at].sharer = root;
        }
        kin[i].moved_shared |= root != i && kin[i].moved;
        kin[root].n_movers += kin[i].moved_shared;
        kin[root].n_sharers++;
        kin[root].untimed |= !kin[i].timed;
    }
    for (size_t i = 0; i < look->n; i++) {
        const struct kin *root = &kin[kin[i].sharer];
        bool merged = root->n_movers && !root->untimed && root->n_sharers > 1 &&
                      root->n_sharers <= LOG_FAMILY_MERGED_MAX;
        kin[i].member.group = merged ? kin[i].sharer + 1 : 0;
        kin[i].member.unsure_cwd = !merged && root->n_movers > kin[i].moved_shared;
        if (!merged) {
            free(kin[i].member.moves);
            kin[i].member.moves = NULL;
            kin[i].member.n_moves = 0;
        }
        if (kin[i].member.n_moves)
            qsort(kin[i].member.moves, kin[i].member.n_moves, sizeof *kin[i].member.moves, by_time);
    }
}

/* Moves the members of each group after its first member, which is their parent. */
static void gather_groups(struct log_family *family)
{
    struct log_family ordered = {0};
    MEM_AUTO bool *done = mem_zero(family->n, sizeof *done);
    for (size_t i = 0; i < family->n; i++) {
        size_t group = family->members[i].group;
        for (size_t k = i; k < (group ? family->n : i + 1); k++) {
            if (done[k] || family->members[k].group != group)
                continue;
            done[k] = true;
            add_member(&ordered, family->members[k]);
        }
    }
    free(family->members);
    *family = ordered;
}

/* Orders the entries, which are sorted by pid, into out. */
static void order(const struct look *look, struct log_family *out)
{
    size_t n = look->n;
    struct kin *kin = look->kin;
    MEM_AUTO size_t *first_child = mem_array(NULL, n, sizeof *first_child);
    MEM_AUTO size_t *sibling = mem_array(NULL, n, sizeof *sibling);
    memset(first_child, 0xff, n * sizeof *first_child);
    memset(sibling, 0xff, n * sizeof *sibling);
    for (size_t i = 0; i < n; i++) {
        size_t parent = kin[i].parent;
        if (parent == SIZE_MAX)
            continue;
        sibling[i] = first_child[parent];
        first_child[parent] = i;
    }
    mark_unsure(look);
    bool launched = n && kin[0].executes;
    for (size_t i = 0; i < n; i++) {
        if (kin[i].parent != SIZE_MAX)
            continue;
        /* If the logs show no fork, no parent is known. If no process changes its directory, all of
         * them start in the directory of the first process. */
        kin[i].member.first_place =
            i == 0 || (look->forked ? kin[i].executes : launched && !look->moved);
        add_tree(kin, n, first_child, sibling, i, out);
    }
    for (size_t i = 0; i < n; i++) /* reused pids formed a cycle */
        if (!kin[i].visited)
            add_tree(kin, n, first_child, sibling, i, out);
    gather_groups(out);
}

static int by_pid(const void *a, const void *b)
{
    const struct kin *x = a, *y = b;
    return (x->member.pid > y->member.pid) - (x->member.pid < y->member.pid);
}

/* Reads the files of a family to find their order. */
static bool order_family(const struct log_sources *sources, struct log_family *family,
                         struct progress *progress, struct err *err)
{
    struct log_family ordered = {0};
    struct look look = {
        .progress = progress, .kin = mem_zero(family->n, sizeof *look.kin), .n = family->n};
    for (size_t i = 0; i < family->n; i++) {
        look.kin[i].member = family->members[i];
        look.kin[i].path = sources->items[family->members[i].source].path;
        look.kin[i].parent = SIZE_MAX;
        look.kin[i].timed = true;
    }
    qsort(look.kin, look.n, sizeof *look.kin, by_pid);
    for (size_t i = 0; i < look.n; i++)
        look.kin[i].sharer = i;
    bool ok = look_at_all(&look, err);
    if (ok) {
        join_kin(&look);
        order(&look, &ordered);
        free(family->members);
        *family = ordered;
    }
    for (size_t i = 0; i < look.n; i++) {
        free(look.kin[i].births);
        if (!ok)
            free(look.kin[i].member.moves);
    }
    free(look.kin);
    return ok;
}

/* Returns the absolute name without its pid. */
static struct bytes family_name(const struct log_source *source)
{
    struct bytes name = bytes_of(source->source);
    name.n = source->file_pid ? bytes_rindex(name, '.') : name.n;
    return name;
}

static void group(const struct log_sources *sources, struct log_families *out)
{
    struct map names = {0};
    for (size_t i = 0; i < sources->n; i++) {
        const struct log_source *source = &sources->items[i];
        bool is_new = true;
        size_t at = out->n;
        if (source->file_pid) {
            uint64_t *known = map_at(&names, family_name(source), &is_new);
            if (is_new)
                *known = out->n;
            at = *known;
        }
        if (is_new) {
            ARRAY_ROOM(out->items, out->n, out->cap);
            out->items[out->n++] = (struct log_family){0};
        }
        add_member(&out->items[at],
                   (struct log_family_member){i, source->file_pid, true, false, 0, NULL, 0});
    }
    map_finish(&names);
}

static bool is_all_same(const struct log_sources *sources, const struct log_family *family)
{
    for (size_t i = 0; i < family->n; i++)
        if (sources->items[family->members[i].source].state != SOURCE_SAME)
            return false;
    return true;
}

bool log_families_read(const struct log_sources *sources, struct progress *progress,
                       struct log_families *out, struct err *err)
{
    size_t n = 0;
    group(sources, out);
    for (size_t i = 0; i < out->n; i++) {
        if (is_all_same(sources, &out->items[i]))
            free(out->items[i].members);
        else
            out->items[n++] = out->items[i];
    }
    out->n = n;
    for (size_t i = 0; i < out->n; i++)
        if (out->items[i].n > 1 && !order_family(sources, &out->items[i], progress, err))
            return false;
    return true;
}

void log_families_finish(struct log_families *families)
{
    for (size_t i = 0; i < families->n; i++) {
        for (size_t k = 0; k < families->items[i].n; k++)
            free(families->items[i].members[k].moves);
        free(families->items[i].members);
    }
    free(families->items);
    *families = (struct log_families){0};
}
