/* SPDX-License-Identifier: MIT */
#include "jobs/loader.h"

#include "session/log_watcher.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct loader {
    struct load_request request;
    enum loader_way way;
    atomic_uint n_done;
    struct load_result result;
    struct progress progress;
    struct err err;
    bool ok;
    atomic_bool shown, over;
    int wake; /* borrowed */
    pthread_t thread;
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

static bool follow(struct loader *loader)
{
    struct log_watcher_request live = {
        .load = loader->request, .loaded = note_load, .with = loader};
    return log_watcher_run(&live, &loader->progress, &loader->err);
}

static void *load(void *with)
{
    struct loader *loader = with;
    loader->ok = loader->way == LOADER_FOLLOW ? follow(loader)
                                              : session_load(&loader->request, &loader->progress,
                                                             &loader->result, &loader->err);
    atomic_store(&loader->over, true);
    eventfd_write(loader->wake, 1);
    return NULL;
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
    if (pthread_create(&loader->thread, NULL, load, loader)) {
        free(loader);
        return err_set(err, "cannot start a thread");
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
    return &loader->progress;
}

bool loader_is_over(struct loader *loader)
{
    return atomic_load(&loader->over);
}

const struct load_result *loader_shown(struct loader *loader)
{
    return atomic_load(&loader->shown) ? &loader->result : NULL;
}

bool loader_finish(struct loader *loader, struct load_result *result, struct err *err)
{
    pthread_join(loader->thread, NULL);
    bool ok = loader->ok;
    *result = loader->result;
    if (!ok)
        *err = loader->err;
    free(loader);
    return ok;
}
