/* SPDX-License-Identifier: MIT */
#include "threads/loader.h"

#include "session/log_watcher.h"

#include <stdlib.h>
#include <sys/eventfd.h>

#include "threads/task.h"

struct loader {
    struct task *task; /* owned */
    struct load_request request;
    enum loader_way way;
    atomic_uint n_done;
    struct load_result result;
    atomic_bool shown;
    int wake; /* borrowed */
};

static bool note_load(void *with, const struct load_result *result, struct err *err)
{
    struct loader *loader = with;
    (void)result, (void)err;
    atomic_fetch_add(&loader->n_done, 1);
    eventfd_write(loader->wake, 1);
    return true;
}

static void note_shown(void *with)
{
    struct loader *loader = with;
    atomic_store(&loader->shown, true);
    eventfd_write(loader->wake, 1);
}

static bool load(void *with, struct progress *progress, struct err *err)
{
    struct loader *loader = with;
    struct log_watcher_request live = {
        .load = loader->request, .loaded = note_load, .with = loader};
    return loader->way == LOADER_FOLLOW
               ? log_watcher_run(&live, progress, err)
               : session_load(&loader->request, progress, &loader->result, err);
}

bool loader_start(const struct load_request *request, enum loader_way way, int wake,
                  struct loader **out, struct err *err)
{
    struct loader *loader = mem_zero(1, sizeof *loader);
    loader->request = *request;
    if (way == LOADER_ONCE) {
        loader->request.shown = note_shown;
        loader->request.with = loader;
    }
    loader->way = way;
    loader->wake = wake;
    if (!task_start(load, loader, wake, &loader->task, err)) {
        free(loader);
        return false;
    }
    *out = loader;
    return true;
}

bool loader_is_following(const struct loader *loader)
{
    return loader->way == LOADER_FOLLOW;
}

unsigned loader_n_done(struct loader *loader)
{
    return atomic_load(&loader->n_done);
}

struct progress *loader_progress(struct loader *loader)
{
    return task_progress(loader->task);
}

bool loader_is_over(struct loader *loader)
{
    return task_is_over(loader->task);
}

const struct load_result *loader_shown(struct loader *loader)
{
    return atomic_load(&loader->shown) ? &loader->result : NULL;
}

bool loader_finish(struct loader *loader, struct load_result *result, struct err *err)
{
    bool ok = task_finish(loader->task, err);
    *result = loader->result;
    free(loader);
    return ok;
}
