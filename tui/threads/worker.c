/* SPDX-License-Identifier: MIT */
#include "threads/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct worker {
    struct job_tools tools; /* session is borrowed; db and reader are owned */
    int wake;               /* borrowed */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *job;  /* owned; started, not yet ended */
    struct job *done; /* owned; ended, not yet taken */
    bool quit;
};

static void *work(void *with)
{
    struct worker *worker = with;
    pthread_mutex_lock(&worker->lock);
    for (;;) {
        while (!worker->quit && (!worker->job || worker->done))
            pthread_cond_wait(&worker->changed, &worker->lock);
        if (worker->quit)
            break;
        struct job *job = worker->job;
        pthread_mutex_unlock(&worker->lock);
        job->ok = job->type->run(&worker->tools, job);
        pthread_mutex_lock(&worker->lock);
        worker->job = NULL;
        worker->done = job;
        eventfd_write(worker->wake, 1);
    }
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

bool worker_start(const struct session *session, int wake, struct worker **out, struct err *err)
{
    struct worker *worker = mem_zero(1, sizeof *worker);
    *worker = (struct worker){.tools.session = session, .wake = wake};
    enum db_mode mode = db_is_read_only(session->db) ? DB_READ : DB_WRITE;
    if (!db_open(db_path(session->db), mode, &worker->tools.db, err) ||
        !corpus_reader_create(worker->tools.db, session->corpus, &worker->tools.reader, err)) {
        db_close(worker->tools.db);
        free(worker);
        return false;
    }
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    if (pthread_create(&worker->thread, NULL, work, worker)) {
        corpus_reader_destroy(worker->tools.reader);
        db_close(worker->tools.db);
        free(worker);
        return err_set(err, "thread: cannot be started; check the limits on processes and memory");
    }
    *out = worker;
    return true;
}

void worker_stop(struct worker *worker)
{
    if (!worker)
        return;
    pthread_mutex_lock(&worker->lock);
    worker->quit = true;
    if (worker->job)
        atomic_store(&worker->job->cancel, true);
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
    pthread_join(worker->thread, NULL);
    job_destroy(worker->job);
    job_destroy(worker->done);
    corpus_reader_destroy(worker->tools.reader);
    db_close(worker->tools.db);
    pthread_cond_destroy(&worker->changed);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

bool worker_is_idle(const struct worker *worker)
{
    struct worker *w = (struct worker *)worker;
    pthread_mutex_lock(&w->lock);
    bool idle = !w->job && !w->done;
    pthread_mutex_unlock(&w->lock);
    return idle;
}

struct job *worker_running(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    struct job *job = worker->job;
    pthread_mutex_unlock(&worker->lock);
    return job; /* not freed before worker_take, which this thread calls */
}

void worker_give(struct worker *worker, struct job *job)
{
    pthread_mutex_lock(&worker->lock);
    worker->job = job;
    pthread_cond_signal(&worker->changed);
    pthread_mutex_unlock(&worker->lock);
}

struct job *worker_take(struct worker *worker)
{
    pthread_mutex_lock(&worker->lock);
    struct job *job = worker->done;
    worker->done = NULL;
    pthread_mutex_unlock(&worker->lock);
    return job;
}
