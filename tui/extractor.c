/* SPDX-License-Identifier: MIT */
#include "extractor.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "image/spool.h"

struct extractor {
    const struct tree *tree; /* borrowed */
    uint32_t *nodes;         /* owned */
    size_t n;
    char *session, *dir; /* owned */
    int wake;            /* borrowed */
    pthread_t thread;
    struct progress progress;
    struct extract_result result;
    struct err err;
    bool ok;
    atomic_bool over;
};

static void *run(void *with)
{
    struct extractor *e = with;
    struct db *db = NULL;
    struct contents *contents = NULL;
    FD_AUTO int dir = -1;
    e->ok = db_open(e->session, DB_READ, &db, &e->err) &&
            contents_open(db, e->tree, &e->progress, &contents, &e->err) &&
            (dir = extract_directory(e->dir, &e->err)) >= 0 &&
            extract(contents, db, e->tree, e->nodes, e->n, dir, &e->result, &e->err);
    contents_close(contents);
    db_close(db);
    atomic_store(&e->over, true);
    eventfd_write(e->wake, 1);
    return NULL;
}

static void destroy(struct extractor *e)
{
    free(e->nodes);
    free(e->session);
    free(e->dir);
    free(e);
}

bool extractor_start(const char *session, const struct tree *tree, const uint32_t *nodes, size_t n,
                     const char *dir, int wake, struct extractor **out, struct err *err)
{
    struct extractor *e = mem_zero(1, sizeof *e);
    *e = (struct extractor){.tree = tree, .n = n, .wake = wake};
    e->nodes = mem_array(NULL, n, sizeof *e->nodes);
    memcpy(e->nodes, nodes, n * sizeof *e->nodes);
    e->session = mem_dup(bytes_of(session));
    e->dir = mem_dup(bytes_of(dir));
    if (pthread_create(&e->thread, NULL, run, e)) {
        destroy(e);
        return err_set(err, "cannot start a thread");
    }
    *out = e;
    return true;
}

bool extractor_is_over(struct extractor *extractor)
{
    return atomic_load(&extractor->over);
}

struct progress *extractor_progress(struct extractor *extractor)
{
    return &extractor->progress;
}

bool extractor_finish(struct extractor *extractor, struct extract_result *result, struct err *err)
{
    pthread_join(extractor->thread, NULL);
    bool ok = extractor->ok;
    *result = extractor->result;
    if (!ok)
        *err = extractor->err;
    destroy(extractor);
    return ok;
}
