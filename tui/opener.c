/* SPDX-License-Identifier: MIT */
#include "opener.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>

struct opener {
    const char *session; /* borrowed */
    enum opener_way way;
    int wake;         /* borrowed */
    struct xsmall *x; /* owned until opener_finish */
    struct err err;
    atomic_bool over;
    pthread_t thread;
};

static void *open_session(void *with)
{
    struct opener *opener = with;
    if (!xsmall_open(opener->session, DB_CREATE, &opener->x, &opener->err))
        opener->x = NULL;
    struct err ignored = {0}; /* what cannot be settled is said where it is shown */
    if (opener->x && opener->way == OPENER_SETTLE)
        xsmall_settle(opener->x, NULL, &ignored);
    atomic_store(&opener->over, true);
    eventfd_write(opener->wake, 1);
    return NULL;
}

bool opener_start(const char *session, enum opener_way way, int wake, struct opener **out,
                  struct err *err)
{
    struct opener *opener = mem_zero(1, sizeof *opener);
    opener->session = session;
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
