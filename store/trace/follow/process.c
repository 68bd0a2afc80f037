/* SPDX-License-Identifier: MIT */
#include "trace/follow/process.h"

#include <stdlib.h>
#include <string.h>

static struct bytes pid_key(const int32_t *pid)
{
    return bytes_from((const char *)pid, sizeof *pid);
}

struct process *processes_find(const struct processes *all, int32_t pid)
{
    const uint64_t *at = pid ? map_find(&all->by_pid, pid_key(&pid)) : NULL;
    return at ? (struct process *)(uintptr_t)*at : NULL;
}

static struct place *create_place(uint32_t cwd, bool other_root)
{
    struct place *place = mem_alloc(sizeof *place);
    *place = (struct place){.refs = 1, .cwd = cwd, .other_root = other_root};
    return place;
}

static void release_place(struct place *place)
{
    if (--place->refs == 0)
        free(place);
}

/* Creates a process without a place and descriptors. */
static struct process *add(struct processes *all, int32_t pid)
{
    struct process *old = processes_find(all, pid);
    if (old)
        processes_remove(all, old);
    if (all->n >= PROCESSES_MAX || all->n_pids >= UINT32_MAX)
        return NULL;
    struct process *process = mem_zero(1, sizeof *process);
    process->number = (uint32_t)all->n_pids;
    ARRAY_ROOM(all->pids, all->n_pids, all->cap_pids);
    ARRAY_ROOM(all->past, all->n_pids, all->cap_past);
    all->past[all->n_pids] = (struct past){0};
    all->pids[all->n_pids++] = 0;
    process->at = all->n;
    ARRAY_ROOM(all->live, all->n, all->cap);
    all->live[all->n++] = process;
    processes_rename(all, process, pid);
    return process;
}

struct process *processes_add_first(struct processes *all, int32_t pid, uint32_t cwd)
{
    struct process *process = add(all, pid);
    if (!process)
        return NULL;
    process->seen = true;
    process->place = create_place(cwd, false);
    process->fds = descriptors_create(&all->descriptors);
    return process;
}

/* Creates the child's place and descriptors from those of the parent. */
static void inherit(struct process *child, struct process *parent, uint64_t flags,
                    enum fork_log log)
{
    bool shares = flags & CALL_CLONE_FS;
    if (flags & CALL_CLONE_THREAD)
        child->leader = parent->leader ? parent->leader : parent->pid;
    if (shares && log == FORK_SAME_LOG) {
        child->place = parent->place;
        child->place->refs++;
    } else {
        child->place = create_place(parent->place->cwd, parent->place->other_root);
        if (shares)
            child->place->across_logs = parent->place->across_logs = true;
    }
    if (flags & CALL_CLONE_NEWNS)
        child->place->other_root = true;
    child->fds = (flags & CALL_CLONE_FILES) && log == FORK_SAME_LOG ? descriptors_share(parent->fds)
                                                                    : descriptors_fork(parent->fds);
}

struct process *processes_add_child(struct processes *all, struct process *parent, int32_t pid,
                                    uint64_t flags, enum fork_log log)
{
    if (pid == parent->pid)
        return NULL; /* a process cannot be its own parent */
    struct process *child = add(all, pid);
    if (!child)
        return NULL;
    inherit(child, parent, flags, log);
    all->past[child->number].parent = parent->number + 1;
    all->forked = true;
    return child;
}

void processes_remove(struct processes *all, struct process *process)
{
    processes_fork_ends(all, process);
    if (all->nameless == process)
        all->nameless = NULL;
    all->live[process->at] = all->live[--all->n];
    all->live[process->at]->at = process->at;
    if (process->pid)
        *map_at(&all->by_pid, pid_key(&process->pid), NULL) = 0;
    release_place(process->place);
    descriptors_release(process->fds);
    buf_finish(&process->pending.text);
    free(process);
}

void processes_rename(struct processes *all, struct process *process, int32_t pid)
{
    if (process->pid)
        *map_at(&all->by_pid, pid_key(&process->pid), NULL) = 0;
    if (all->nameless == process)
        all->nameless = NULL;
    process->pid = pid;
    all->pids[process->number] = pid;
    if (pid)
        *map_at(&all->by_pid, pid_key(&pid), NULL) = (uint64_t)(uintptr_t)process;
    else
        all->nameless = process;
}

struct process *processes_unseen(const struct processes *all)
{
    struct process *found = NULL;
    if (all->n > PROCESSES_LOOK)
        return NULL;
    for (size_t i = 0; i < all->n; i++) {
        if (all->live[i]->seen)
            continue;
        if (found)
            return NULL;
        found = all->live[i];
    }
    return found;
}

struct process *processes_forking(const struct processes *all, size_t *n)
{
    struct process *found = NULL;
    *n = 0;
    for (size_t i = 0; i < all->n_forking; i++) {
        if (all->forking[i]->pending.child)
            continue;
        found = all->forking[i];
        ++*n;
    }
    return *n == 1 ? found : NULL;
}

void processes_fork_begins(struct processes *all, struct process *process)
{
    all->forked = true;
    if (all->n_forking >= PROCESSES_LOOK)
        return;
    ARRAY_ROOM(all->forking, all->n_forking, all->cap_forking);
    all->forking[all->n_forking++] = process;
}

void processes_fork_ends(struct processes *all, struct process *process)
{
    for (size_t i = 0; i < all->n_forking; i++)
        if (all->forking[i] == process)
            all->forking[i--] = all->forking[--all->n_forking];
}

struct process *processes_sole(const struct processes *all)
{
    return all->n == 1 ? all->live[0] : NULL;
}

uint32_t processes_common_cwd(const struct processes *all)
{
    uint32_t cwd = all->n && all->n <= PROCESSES_LOOK ? all->live[0]->place->cwd : 0;
    for (size_t i = 1; cwd && i < all->n; i++)
        if (all->live[i]->place->cwd != cwd)
            return 0;
    return cwd;
}

void processes_finish(struct processes *all)
{
    while (all->n)
        processes_remove(all, all->live[all->n - 1]);
    free(all->live);
    free(all->forking);
    free(all->pids);
    free(all->past);
    buf_finish(&all->argvs);
    map_finish(&all->by_pid);
    *all = (struct processes){0};
}

void process_set_cwd(struct process *process, uint32_t cwd)
{
    process->place->cwd = cwd;
}

void process_unshare(struct process *process, uint64_t flags)
{
    /* A new mount namespace needs its own root and directory: unshare(2). */
    if (flags & (CALL_CLONE_FS | CALL_CLONE_NEWNS)) {
        struct place *old = process->place;
        process->place = create_place(old->cwd, old->other_root || (flags & CALL_CLONE_NEWNS));
        release_place(old);
    }
    if (flags & CALL_CLONE_FILES) {
        struct descriptors *old = process->fds;
        process->fds = descriptors_fork(old);
        descriptors_release(old);
    }
}

void process_exec(struct process *process)
{
    process_unshare(process, CALL_CLONE_FILES); /* execve(2) unshares the table */
    descriptors_exec(process->fds);
}

void processes_note_program(struct processes *all, const struct process *process, uint32_t program,
                            struct bytes argv)
{
    struct past *past = &all->past[process->number];
    past->program = program;
    past->argv = all->argvs.n;
    past->n_argv = argv.n > PROCESSES_ARGV_MAX ? PROCESSES_ARGV_MAX : (uint32_t)argv.n;
    buf_add(&all->argvs, bytes_from(argv.p, past->n_argv));
}

void process_set_parent(struct processes *all, struct process *child, struct process *parent,
                        uint64_t flags)
{
    child->orphan = false;
    if (child != parent)
        all->past[child->number].parent = parent->number + 1;
    if (child->place->cwd || child == parent)
        return;
    release_place(child->place);
    descriptors_release(child->fds);
    inherit(child, parent, flags, FORK_SAME_LOG);
}
