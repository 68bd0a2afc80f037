/* SPDX-License-Identifier: MIT */
#include "jobs/opener.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct opener {
    const char *session_path; /* borrowed */
    struct writer_lock *seat; /* borrowed */
    enum opener_way way;
    int wake;                /* borrowed */
    struct session *session; /* owned until opener_finish */
    struct err err;
    atomic_bool over;
    pthread_t thread;
};

/* A session that is made has its seat behind that: two programs may both have made it. */
static struct session *open_seated(const char *session_path, struct writer_lock *seat,
                                   struct err *err)
{
    struct session *session = NULL;
    writer_lock_acquire(seat, session_path);
    if (!seat->is_others && !session_open(session_path, DB_CREATE, &session, err))
        return NULL;
    writer_lock_acquire(seat, session_path);
    if (!seat->is_others)
        return session;
    session_close(session);
    return session_open(session_path, DB_READ, &session, err) ? session : NULL;
}

static void *open_session(void *with)
{
    struct opener *opener = with;
    opener->session = open_seated(opener->session_path, opener->seat, &opener->err);
    struct err ignored = {0}; /* what cannot be settled is said where it is shown */
    if (opener->session && opener->way == OPENER_SETTLE)
        session_settle(opener->session, NULL, &ignored);
    atomic_store(&opener->over, true);
    eventfd_write(opener->wake, 1);
    return NULL;
}

bool opener_start(const char *session_path, struct writer_lock *seat, enum opener_way way, int wake,
                  struct opener **out, struct err *err)
{
    struct opener *opener = mem_zero(1, sizeof *opener);
    opener->session_path = session_path;
    opener->seat = seat;
    opener->way = way;
    opener->wake = wake;
    if (pthread_create(&opener->thread, NULL, open_session, opener)) {
        free(opener);
        return err_set(err, "cannot start a thread");
    }
    *out = opener;
    return true;
}

bool opener_is_over(struct opener *opener)
{
    return atomic_load(&opener->over);
}

struct session *opener_finish(struct opener *opener, struct err *err)
{
    pthread_join(opener->thread, NULL);
    struct session *session = opener->session;
    if (!session)
        *err = opener->err;
    free(opener);
    return session;
}
