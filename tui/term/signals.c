/* SPDX-License-Identifier: MIT */
#include "term/signals.h"

#include <errno.h>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "util/interrupt.h"

bool signals_init(struct signals *signals, struct err *err)
{
    static const int ends[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (!interrupt_was_ignored(ends[i]))
            sigaddset(&set, ends[i]);
    signals->caught = interrupt_signal(); /* one that came before the explorer began */
    signals->file = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signals->file < 0)
        return err_sys(err, "signalfd");
    sigaddset(&set, SIGWINCH);
    pthread_sigmask(SIG_BLOCK, &set, &signals->before);
    pthread_sigmask(SIG_BLOCK, NULL, &signals->waiting);
    sigdelset(&signals->waiting, SIGWINCH);
    return true;
}

void signals_finish(struct signals *signals)
{
    if (signals->caught)
        signal(signals->caught, SIG_DFL);
    close(signals->file);
    pthread_sigmask(SIG_SETMASK, &signals->before, NULL);
    if (signals->caught)
        raise(signals->caught);
}

static void read_signal(struct signals *signals)
{
    struct signalfd_siginfo info;
    if (read(signals->file, &info, sizeof info) == sizeof info)
        signals->caught = (int)info.ssi_signo;
}

bool signals_wait(struct signals *signals, int wake, int ms, bool *ended, struct err *err)
{
    struct pollfd wait[] = {
        {STDIN_FILENO, POLLIN, 0}, {signals->file, POLLIN, 0}, {wake, POLLIN, 0}};
    struct timespec timeout = {ms / 1000, ms % 1000 * 1000000L};
    *ended = signals->caught != 0;
    if (*ended)
        return true;
    if (ppoll(wait, 3, ms < 0 ? NULL : &timeout, &signals->waiting) < 0)
        return errno == EINTR || err_sys(err, "poll");
    if (wait[1].revents)
        read_signal(signals);
    *ended = signals->caught || (wait[0].revents & (POLLHUP | POLLERR | POLLNVAL));
    return true;
}
