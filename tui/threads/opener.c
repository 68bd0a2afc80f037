/* SPDX-License-Identifier: MIT */
#include "threads/opener.h"

#include <stdlib.h>

#include "threads/task.h"

struct opener {
    struct task *task;        /* owned */
    const char *session_path; /* borrowed */
    struct writer_lock *seat; /* borrowed */
    enum opener_way way;
    struct session *session; /* owned until opener_finish */
};

/* Opens the session, and creates it if it does not exist. Acquires the writer lock again after the
 * session was created, because another program may have created it at the same time. */
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

static bool open_session(void *with, struct progress *progress, struct err *err)
{
    struct opener *opener = with;
    (void)progress;
    opener->session = open_seated(opener->session_path, opener->seat, err);
    struct err ignored = {0}; /* the job that needs the result reports the error later */
    if (opener->session && opener->way == OPENER_SETTLE)
        session_settle(opener->session, NULL, &ignored);
    return opener->session;
}

bool opener_start(const char *session_path, struct writer_lock *seat, enum opener_way way, int wake,
                  struct opener **out, struct err *err)
{
    struct opener *opener = mem_zero(1, sizeof *opener);
    opener->session_path = session_path;
    opener->seat = seat;
    opener->way = way;
    if (!task_start(open_session, opener, wake, &opener->task, err)) {
        free(opener);
        return false;
    }
    *out = opener;
    return true;
}

bool opener_is_over(struct opener *opener)
{
    return task_is_over(opener->task);
}

struct session *opener_finish(struct opener *opener, struct err *err)
{
    struct session *session = task_finish(opener->task, err) ? opener->session : NULL;
    free(opener);
    return session;
}
