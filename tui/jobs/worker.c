/* SPDX-License-Identifier: MIT */
#include "jobs/worker.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct worker {
    const struct session *session; /* borrowed; only its immutable parts are touched */
    int wake;                      /* borrowed */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct job *job;  /* given, not yet over */
    struct job *done; /* over, not yet taken */
    bool quit;
    struct db *db;                /* the thread's own */
    struct corpus_reader *reader; /* likewise */
};

void job_destroy(struct job *job)
{
    if (!job)
        return;
    if (job->kind == JOB_SCAN || job->kind == JOB_PREVIEW)
        scan_finish(&job->scan);
    buf_finish(&job->subject);
    buf_finish(&job->base);
    buf_finish(&job->text);
    if (job->survivors)
        roaring_bitmap_free(job->survivors);
    if (job->hits)
        roaring_bitmap_free(job->hits);
    keep_destroy(job->keep);
    breaks_destroy(job->breaks);
    group_offers_finish(&job->offers);
    layers_destroy(job->layers);
    compare_finish(&job->compare);
    for (size_t i = 0; i < job->n_back; i++)
        if (job->back[i])
            roaring_bitmap_free(job->back[i]);
    free(job->back);
    free(job->logs);
    pivot_finish(&job->pivot);
    uses_finish(&job->uses);
    free(job->hides);
    free(job);
}

/* The immutable parts, with what is this thread's own. */
static struct keep_input input_of(struct worker *worker, struct job *job)
{
    const struct session *session = worker->session;
    return (struct keep_input){
        .subject = session->subject,
        .base = session->base,
        .corpus = session->corpus,
        .accesses = session->accesses,
        .places = session->places,
        .survivors = job->survivors,
        .selecting = job->selecting,
        .reader = worker->reader,
        .config = bytes_of(session->subject_info.config),
        .db = worker->db,
        .cancel = &job->cancel,
    };
}

static bool compute_keep(struct worker *worker, struct job *job)
{
    struct marks *marks;
    if (!marks_read(worker->db, &marks, &job->err))
        return false;
    struct keep_input input = input_of(worker, job);
    input.marks = marks;
    bool ok = keep_compute(&input, &job->keep, &job->err);
    if (ok && !db_is_read_only(worker->db) && !atomic_load(&job->cancel))
        ok = keep_store(job->keep, &input, worker->db, &job->err);
    marks_destroy(marks);
    return ok;
}

static bool write_export(struct worker *worker, struct job *job)
{
    BUF_AUTO struct buf warnings = {0}; /* each is a comment in the text too */
    struct keep_input input = input_of(worker, job);
    struct export_request request = {.form = job->form,
                                     .why = job->why,
                                     .subject_name = buf_bytes(&job->subject),
                                     .base_name = buf_bytes(&job->base)};
    MOVES_AUTO struct map_rules *moves = NULL;
    struct mapped_tree moved = {0};
    bool ok = map_rules_read(worker->db, &moves, &job->err) &&
              mapped_tree_make(&moved, &input, job->of, moves, &job->err) &&
              export_write(&request, &moved, &job->text, &job->form, &warnings, &job->err);
    mapped_tree_finish(&moved);
    return ok;
}

static bool replay(struct worker *worker, struct job *job)
{
    struct keep_input input = input_of(worker, job);
    BUF_AUTO struct buf dir = {0};
    struct err ignored; /* of a directory that cannot be read: the program's own are there */
    file_group_directory(&dir);
    return breaks_compute(&input, job->of, &job->breaks, &job->err) &&
           (group_offers_read(dir.p, &input, job->of, &job->offers, &ignored) ||
            group_offers_read(NULL, &input, job->of, &job->offers, &job->err));
}

static bool find_hidden(struct worker *worker, struct job *job)
{
    struct keep_input input = input_of(worker, job);
    const roaring_bitmap_t **back = mem_array(NULL, job->n_back, sizeof *back);
    for (size_t i = 0; i < job->n_back; i++)
        back[i] = job->back[i];
    job->hides = mem_zero(job->n_back, sizeof *job->hides);
    bool ok = keep_hidden(&input, back, job->n_back, job->hides, &job->err);
    free(back);
    return ok;
}

static bool make_pivot(struct worker *worker, struct job *job)
{
    const struct session *session = worker->session;
    struct pivot_input input = {.corpus = session->corpus,
                                .accesses = session->accesses,
                                .places = session->places,
                                .subject = session->subject,
                                .reader = worker->reader,
                                .db = worker->db,
                                .survivors = job->survivors,
                                .logs = job->logs,
                                .n_logs = job->n_logs,
                                .cancel = &job->cancel};
    bool lines = job->pivot.by == PIVOT_LINES;
    const struct uses *uses = lines || job->uses_of ? job->uses_of : &job->uses;
    if ((!lines && !job->uses_of && !uses_count(&input, &job->uses, &job->err)) ||
        !pivot_make(&input, uses, &job->filter, &job->pivot, &job->err))
        return false;
    if (job->pivot.by == PIVOT_PATHS)
        pivot_sort_paths(&job->pivot, job->sort, session->accesses, session->subject);
    return true;
}

static bool run_job(struct worker *worker, struct job *job)
{
    switch (job->kind) {
    case JOB_KEEP:
        return compute_keep(worker, job);
    case JOB_HIDDEN:
        return find_hidden(worker, job);
    case JOB_BREAKS:
        return replay(worker, job);
    case JOB_EXPORT:
        return write_export(worker, job);
    case JOB_PIVOT:
        return make_pivot(worker, job);
    case JOB_COMPARE:
        compare_trees(worker->session->base, worker->session->subject, &job->compare);
        return true;
    case JOB_LAYERS:
        return layers_read(worker->db, worker->session->subject_info.id, &job->cancel, &job->layers,
                           &job->err);
    default:
        return scan_run(&job->scan, worker->db, &job->cancel, &job->hits, &job->err);
    }
}

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
        job->ok = run_job(worker, job);
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
    *worker = (struct worker){.session = session, .wake = wake};
    enum db_mode mode = db_is_read_only(session->db) ? DB_READ : DB_WRITE;
    if (!db_open(db_path(session->db), mode, &worker->db, err) ||
        !corpus_reader_create(worker->db, session->corpus, &worker->reader, err)) {
        db_close(worker->db);
        free(worker);
        return false;
    }
    pthread_mutex_init(&worker->lock, NULL);
    pthread_cond_init(&worker->changed, NULL);
    if (pthread_create(&worker->thread, NULL, work, worker)) {
        corpus_reader_destroy(worker->reader);
        db_close(worker->db);
        free(worker);
        return err_set(err, "cannot start a thread");
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
    corpus_reader_destroy(worker->reader);
    db_close(worker->db);
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
    return job; /* stays alive: only worker_take hands it out, on this thread */
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
