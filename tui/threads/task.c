/* SPDX-License-Identifier: MIT */
#include "threads/task.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "util/bytes.h"

struct task {
    task_run *run;
    void *with;
    int wake;
    pthread_t thread;
    struct progress progress;
    struct err err;
    bool ok;
    atomic_bool over;
};

static void *run(void *with)
{
    struct task *task = with;
    task->ok = task->run(task->with, &task->progress, &task->err);
    atomic_store(&task->over, true);
    eventfd_write(task->wake, 1);
    return NULL;
}

bool task_start(task_run *work, void *with, int wake, struct task **out, struct err *err)
{
    struct task *task = mem_zero(1, sizeof *task);
    task->run = work;
    task->with = with;
    task->wake = wake;
    if (pthread_create(&task->thread, NULL, run, task)) {
        free(task);
        err_set(err, "thread: cannot be started; check the limits on processes and memory");
        return false;
    }
    *out = task;
    return true;
}

struct progress *task_progress(struct task *task)
{
    return &task->progress;
}

bool task_is_over(struct task *task)
{
    return atomic_load(&task->over);
}

bool task_finish(struct task *task, struct err *err)
{
    pthread_join(task->thread, NULL);
    bool ok = task->ok;
    if (!ok)
        err_copy(err, &task->err);
    free(task);
    return ok;
}
