/* SPDX-License-Identifier: MIT
 *
 * Files of strace -ff say nowhere whose child their process is; only the results of the parents'
 * forks do. So these are looked for first, and the files then ordered: roots by pid, each followed
 * by its children.
 */
#include "trace/family.h"

#include <stdlib.h>
#include <string.h>

#include "trace/calls.h"
#include "trace/log_file.h"
#include "util/map.h"

/* What a first look at a file of a family tells. */
struct kin {
    struct member member;
    size_t parent;    /* index of its kin, SIZE_MAX: none */
    bool executes;    /* its first call is an execve that worked: a process starts here */
    bool visited;
};

struct look {
    const struct call_index *calls;
    struct map *by_pid; /* pid → index of kin */
    struct kin *kin;
    size_t n;
    bool forked, moved; /* any fork, any change of directory was seen */
};

static struct bytes pid_key(const int32_t *pid)
{
    return bytes_from((const char *)pid, sizeof *pid);
}

/* A line with a fork in it: the child's file gets its parent. */
static void read_fork(struct look *look, size_t self, const struct line *line)
{
    struct line_call parts;
    line_split(line->rest, &parts);
    if (!parts.returned || parts.error || parts.value <= 0 || parts.value > LINE_PID_MAX)
        return;
    int32_t pid = (int32_t)parts.value;
    const uint64_t *child = map_find(look->by_pid, pid_key(&pid));
    look->forked = true;
    if (child && *child != self && look->kin[*child].parent == SIZE_MAX)
        look->kin[*child].parent = self;
}

static void read_line(struct look *look, size_t self, struct bytes text)
{
    struct line line;
    line_read(text, &line);
    const struct call *call = line.name.n ? call_find(look->calls, line.name) : NULL;
    if (!call || (line.kind != LINE_CALL && line.kind != LINE_RESUMED))
        return;
    if (call->effect == CALL_FORK)
        read_fork(look, self, &line);
    else if (call->effect == CALL_CHDIR || call->effect == CALL_FCHDIR)
        look->moved = true;
}

/* Whether a line can be of a call that read_line looks for; in front of it stands at most a time. */
static bool is_candidate(struct bytes line)
{
    static const char *const fronts[] = {"clone", "fork", "vfork", "chdir", "fchdir", "<... "};
    size_t n = 0;
    if (line.n && line.p[0] == '[')
        return true; /* options with brackets: left to the grammar */
    while (n < line.n && line.p[n] < 'A' && line.p[n] != '<' && line.p[n] != '"')
        n++;
    line = bytes_skip(line, n);
    for (size_t i = 0; line.n && i < sizeof fronts / sizeof *fronts; i++)
        if (line.p[0] == fronts[i][0] && bytes_starts(line, bytes_of(fronts[i])))
            return true;
    return line.n && line.p[0] == '[';
}

static void read_chunk(struct look *look, size_t self, struct bytes chunk)
{
    while (chunk.n) {
        struct bytes line = bytes_from(chunk.p, bytes_index(chunk, '\n'));
        if (is_candidate(line))
            read_line(look, self, line);
        chunk = bytes_skip(chunk, line.n + 1);
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

static bool look_through(struct look *look, size_t self, const char *path,
                         struct progress *progress, struct err *err)
{
    struct log_file file = {0};
    struct bytes chunk;
    bool first = true;
    bool ok = log_file_open(&file, path, err);
    while (ok && (ok = log_file_next(&file, &chunk, err)) && chunk.n) {
        if (first)
            look->kin[self].executes = starts_with_exec(chunk);
        first = false;
        read_chunk(look, self, chunk);
        if (atomic_load(&progress->cancel))
            ok = err_cancelled(err);
    }
    log_file_close(&file);
    return ok;
}

static void add_member(struct family *family, struct member member)
{
    ARRAY_ROOM(family->members, family->n, family->cap);
    family->members[family->n++] = member;
}

/* Appends kin `self` and what descends from it, parents first. Children are behind their parent's
 * index in `next` lists; no recursion, for a log can name a chain as long as it likes. */
static void add_tree(struct kin *kin, size_t n, const size_t *first_child, const size_t *sibling,
                     size_t self, struct family *out)
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

/* Orders kin, sorted by pid, into out. */
static void order(const struct look *look, struct family *out)
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
    bool launched = n && kin[0].executes;
    for (size_t i = 0; i < n; i++) {
        if (kin[i].parent != SIZE_MAX)
            continue;
        /* Without forks in the logs nobody is known to be anyone's child; all are where the first
         * one started as long as nobody moves. */
        kin[i].member.first_place =
            i == 0 || (look->forked ? kin[i].executes : launched && !look->moved);
        add_tree(kin, n, first_child, sibling, i, out);
    }
    for (size_t i = 0; i < n; i++) /* pids that came again made a circle */
        if (!kin[i].visited)
            add_tree(kin, n, first_child, sibling, i, out);
}

static int by_pid(const void *a, const void *b)
{
    const struct kin *x = a, *y = b;
    return (x->member.pid > y->member.pid) - (x->member.pid < y->member.pid);
}

/* Reads the files of a family for its order. */
static bool order_family(const struct sources *sources, struct family *family,
                         struct progress *progress, struct err *err)
{
    struct call_index calls = {0};
    struct map pids = {0};
    struct family ordered = {0};
    struct look look = {&calls, &pids, mem_zero(family->n, sizeof *look.kin), family->n, false,
                        false};
    bool ok = true;
    call_index_init(&calls);
    for (size_t i = 0; i < family->n; i++)
        look.kin[i] = (struct kin){.member = family->members[i], .parent = SIZE_MAX};
    qsort(look.kin, look.n, sizeof *look.kin, by_pid);
    for (size_t i = 0; i < look.n; i++)
        *map_at(&pids, pid_key(&look.kin[i].member.pid), NULL) = i;
    for (size_t i = 0; ok && i < look.n; i++)
        ok = look_through(&look, i, sources->items[look.kin[i].member.source].path, progress, err);
    if (ok) {
        order(&look, &ordered);
        free(family->members);
        *family = ordered;
    }
    free(look.kin);
    map_finish(&pids);
    call_index_finish(&calls);
    return ok;
}

/* The absolute name without its pid. */
static struct bytes family_name(const struct source *source)
{
    struct bytes name = bytes_of(source->source);
    name.n = source->file_pid ? bytes_rindex(name, '.') : name.n;
    return name;
}

static void group(const struct sources *sources, struct families *out)
{
    struct map names = {0};
    for (size_t i = 0; i < sources->n; i++) {
        const struct source *source = &sources->items[i];
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
            out->items[out->n++] = (struct family){0};
        }
        add_member(&out->items[at], (struct member){i, source->file_pid, true});
    }
    map_finish(&names);
}

static bool is_all_same(const struct sources *sources, const struct family *family)
{
    for (size_t i = 0; i < family->n; i++)
        if (sources->items[family->members[i].source].state != SOURCE_SAME)
            return false;
    return true;
}

bool families_read(const struct sources *sources, struct progress *progress, struct families *out,
                   struct err *err)
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

void families_finish(struct families *families)
{
    for (size_t i = 0; i < families->n; i++)
        free(families->items[i].members);
    free(families->items);
    *families = (struct families){0};
}
