/* SPDX-License-Identifier: MIT */
#include "util/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

static const int asking[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE};
enum { N_ASKING = sizeof asking / sizeof *asking };

static atomic_int first_signal; /* 0: none */
static atomic_bool released;
static atomic_bool flag;
static struct sigaction xfsz_before; /* SIGXFSZ when the program began */
static struct sigaction before[N_ASKING];

/* Returns true if standard output or standard error is a pipe that no process reads. */
static bool is_output_closed(void)
{
    struct pollfd outputs[] = {{.fd = STDOUT_FILENO}, {.fd = STDERR_FILENO}};
    return poll(outputs, 2, 0) > 0 && ((outputs[0].revents | outputs[1].revents) & POLLERR);
}

static void note_signal(int number)
{
    int none = 0, code = errno;
    bool is_ours = number != SIGPIPE || is_output_closed();
    errno = code;
    if (!is_ours)
        return;
    atomic_compare_exchange_strong(&first_signal, &none, number);
    atomic_store(&flag, !atomic_load(&released));
}

void interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = note_signal}; /* no SA_RESTART: reads return */
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < N_ASKING; i++) {
        sigaction(asking[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction(asking[i], &action, NULL);
    }
    sigaction(SIGXFSZ, &ignore, &xfsz_before);
}

bool interrupt_is_on(void)
{
    return atomic_load_explicit(&flag, memory_order_relaxed) && !atomic_load(&released);
}

const atomic_bool *interrupt_flag(void)
{
    return &flag;
}

int interrupt_signal(void)
{
    return atomic_load(&first_signal);
}

void interrupt_release(void)
{
    atomic_store(&released, true);
    atomic_store(&flag, false);
}

bool interrupt_was_ignored(int number)
{
    for (size_t i = 0; i < N_ASKING; i++)
        if (asking[i] == number)
            return before[i].sa_handler == SIG_IGN;
    struct sigaction now;
    return sigaction(number, NULL, &now) == 0 && now.sa_handler == SIG_IGN;
}

void interrupt_restore(void)
{
    for (size_t i = 0; i < N_ASKING; i++)
        sigaction(asking[i], &before[i], NULL);
    sigaction(SIGXFSZ, &xfsz_before, NULL);
}
