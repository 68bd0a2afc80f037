/* SPDX-License-Identifier: MIT */
#include "jobs/opener.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct opener {
    const char *session; /* borrowed */
    struct seat *seat;   /* borrowed */
    enum opener_way way;
    int wake;         /* borrowed */
    struct xsmall *x; /* owned until opener_finish */
    struct err err;
    atomic_bool over;
    pthread_t thread;
};

/* A session that is made has its seat behind that: two programs may both have made it. */
static struct xsmall *open_seated(const char *session, struct seat *seat, struct err *err)
{
    struct xsmall *x = NULL;
    seat_take(seat, session);
    if (!seat->is_others && !xsmall_open(session, DB_CREATE, &x, err))
        return NULL;
    seat_take(seat, session);
    if (!seat->is_others)
        return x;
    xsmall_close(x);
    return xsmall_open(session, DB_READ, &x, err) ? x : NULL;
}

static void *open_session(void *with)
{
    struct opener *opener = with;
    opener->x = open_seated(opener->session, opener->seat, &opener->err);
    struct err ignored = {0}; /* what cannot be settled is said where it is shown */
    if (opener->x && opener->way == OPENER_SETTLE)
        xsmall_settle(opener->x, NULL, &ignored);
    atomic_store(&opener->over, true);
    eventfd_write(opener->wake, 1);
    return NULL;
}

bool opener_start(const char *session, struct seat *seat, enum opener_way way, int wake,
                  struct opener **out, struct err *err)
{
    struct opener *opener = mem_zero(1, sizeof *opener);
    opener->session = session;
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

struct xsmall *opener_finish(struct opener *opener, struct err *err)
{
    pthread_join(opener->thread, NULL);
    struct xsmall *x = opener->x;
    if (!x)
        *err = opener->err;
    free(opener);
    return x;
}
