/* SPDX-License-Identifier: MIT */
#include "session/session_private.h"

#include <pthread.h>
#include <stdlib.h>

static void drop_sources(struct session *session)
{
    chain_destroy(session->chain);
    marks_destroy(session->marks);
    notes_destroy(session->notes);
    keep_destroy(session->keep);
    line_paths_destroy(session->line_paths);
    accesses_destroy(session->accesses);
    corpus_reader_destroy(session->reader);
    corpus_destroy(session->corpus);
    tree_destroy(session->subject);
    tree_destroy(session->base);
    image_info_finish(&session->subject_info);
    image_info_finish(&session->base_info);
    *session = (struct session){.db = session->db};
}

/* Reads the logs on a second thread and database connection while the images are read. */
struct evidence {
    struct session *session;
    struct err err;
    bool ok;
};

static void *read_evidence(void *with)
{
    struct evidence *evidence = with;
    struct session *session = evidence->session;
    struct err *err = &evidence->err;
    struct db *db = NULL;
    evidence->ok = db_open(db_path(session->db), DB_READ, &db, err) &&
                   db_cache(db, DB_CACHE_SCAN, err) && corpus_read(db, &session->corpus, err) &&
                   corpus_reader_create(db, session->corpus, &session->reader, err) &&
                   accesses_read(db, session->corpus, &session->accesses, err);
    db_close(db);
    return NULL;
}

static bool read_images(struct session *session, struct err *err)
{
    return image_info_read(session->db, "subject", &session->subject_info, err) != LOOKUP_ERR &&
           image_info_read(session->db, "base", &session->base_info, err) != LOOKUP_ERR &&
           tree_read(session->db, "subject", &session->subject, err) &&
           tree_read(session->db, "base", &session->base, err);
}

static bool read_sources(struct session *session, struct err *err)
{
    struct evidence evidence = {.session = session};
    pthread_t thread;
    if (pthread_create(&thread, NULL, read_evidence, &evidence) != 0)
        return err_set(err, "session: cannot start a thread");
    bool ok = db_cache(session->db, DB_CACHE_SCAN, err) && read_images(session, err) &&
              db_cache(session->db, DB_CACHE_WORK, err);
    pthread_join(thread, NULL);
    if (!ok)
        return false;
    if (!evidence.ok)
        return err_copy(err, &evidence.err);
    session->line_paths = line_paths_create(session->corpus, session->accesses, session->subject);
    return true;
}

bool session_reload(struct session *session, struct err *err)
{
    drop_sources(session);
    return read_sources(session, err) && session_read_decisions(session, err);
}

bool session_open(const char *path, enum db_mode mode, struct session **out, struct err *err)
{
    struct session *session = mem_zero(1, sizeof *session);
    if (!db_open(path, mode, &session->db, err) || !session_reload(session, err)) {
        session_close(session);
        return false;
    }
    *out = session;
    return true;
}

void session_close(struct session *session)
{
    if (!session)
        return;
    drop_sources(session);
    db_close(session->db);
    free(session);
}

static bool name_of(struct session *session, const char *setting, const struct image_info *info,
                    struct buf *out, struct err *err)
{
    BUF_AUTO struct buf name = {0};
    if (!info->id)
        return true;
    enum lookup found = db_setting_get(session->db, setting, &name, err);
    if (found == LOOKUP_ERR)
        return false;
    buf_add(out, found == LOOKUP_FOUND ? buf_bytes(&name) : bytes_of(info->name));
    return true;
}

bool session_names(struct session *session, struct buf *subject, struct buf *base, struct err *err)
{
    return name_of(session, "export.subject-name", &session->subject_info, subject, err) &&
           name_of(session, "export.base-name", &session->base_info, base, err);
}
