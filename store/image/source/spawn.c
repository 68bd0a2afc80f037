/* SPDX-License-Identifier: MIT
 *
 * Both pipes are read as they fill, so that a program that writes much to stderr does not block.
 */
#include "image/source/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/interrupt.h"
#include "util/spool.h"

enum {
    CHUNK = 256 * 1024,
    TAIL = 800, /* bytes of the end of stderr for the error message */
    LOOK_MS = 100,
    PATIENCE_MS = 3000
};

struct child {
    const char *const *argv;
    pid_t pid; /* 0: reaped */
    int out, errors;
    int status;
    struct buf said; /* the end of the program's stderr */
};

/* Runs the program; called in the new process. */
__attribute__((noreturn)) static void become(const char *const *argv, pid_t parent, int out,
                                             int errors)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    interrupt_restore();
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    int null = open("/dev/null", O_RDONLY);
    if (getppid() != parent || null < 0 || dup2(null, STDIN_FILENO) < 0 ||
        dup2(out, STDOUT_FILENO) < 0 || dup2(errors, STDERR_FILENO) < 0)
        _exit(127);
    execvp(argv[0], (char *const *)argv);
    const char *why = strerror(errno);
    ssize_t n = write(STDERR_FILENO, why, strlen(why));
    _exit(n < 0 ? 126 : 127);
}

static bool start(struct child *child, struct err *err)
{
    int out[2], errors[2];
    if (pipe2(out, O_CLOEXEC) != 0)
        return err_sys(err, "pipe");
    if (pipe2(errors, O_CLOEXEC) != 0) {
        close(out[0]);
        close(out[1]);
        return err_sys(err, "pipe");
    }
    pid_t parent = getpid();
    child->pid = fork();
    if (child->pid == 0)
        become(child->argv, parent, out[1], errors[1]);
    int code = errno;
    close(out[1]);
    close(errors[1]);
    child->out = out[0];
    child->errors = errors[0];
    if (child->pid > 0)
        return true;
    child->pid = 0;
    errno = code;
    return err_sys(err, "%s: fork", child->argv[0]);
}

/* Returns true if the program has ended; stores its status. */
static bool reap(struct child *child, int flags)
{
    if (!child->pid)
        return true;
    pid_t got;
    while ((got = waitpid(child->pid, &child->status, flags)) < 0 && errno == EINTR)
        ;
    if (got == 0)
        return false;
    child->pid = 0;
    return true;
}

/* Ends the program if it still runs: first with SIGTERM, then with SIGKILL. */
static void child_finish(struct child *child)
{
    spool_close_at(&child->out);
    spool_close_at(&child->errors);
    if (!reap(child, WNOHANG))
        kill(child->pid, SIGTERM);
    for (int ms = 0; ms < PATIENCE_MS && !reap(child, WNOHANG); ms += 10)
        poll(NULL, 0, 10);
    if (child->pid) {
        kill(child->pid, SIGKILL);
        reap(child, 0);
    }
    buf_finish(&child->said);
}

static void keep_said(struct child *child, struct bytes chunk)
{
    struct bytes end = bytes_skip(chunk, chunk.n > TAIL ? chunk.n - TAIL : 0);
    BUF_AUTO struct buf all = {0};
    buf_add(&all, buf_bytes(&child->said));
    buf_add(&all, end);
    buf_clear(&child->said);
    buf_add(&child->said, bytes_skip(buf_bytes(&all), all.n > TAIL ? all.n - TAIL : 0));
}

/* Reads the available bytes of a pipe; closes the pipe at its end. */
static bool read_pipe(int *fd, char *buffer, struct bytes *out, const char *name, struct err *err)
{
    ssize_t n = read(*fd, buffer, CHUNK);
    *out = bytes_from(buffer, n > 0 ? (size_t)n : 0);
    if (n < 0 && errno != EINTR)
        return err_sys(err, "%s", name);
    if (n == 0)
        spool_close_at(fd);
    return true;
}

static bool is_cancelled(struct progress *progress)
{
    return interrupt_is_on() || (progress && atomic_load(&progress->cancel));
}

/* Reads the pipes until stdout is closed and the program has ended. Does not wait for a child of
 * the program that keeps stderr open. */
static bool follow(struct child *child, bool (*take)(void *, struct bytes, struct err *),
                   void *with, struct progress *progress, struct err *err)
{
    MEM_AUTO char *buffer = mem_alloc(CHUNK);
    for (;;) {
        struct pollfd wait[] = {{child->out, POLLIN, 0}, {child->errors, POLLIN, 0}};
        struct bytes chunk;
        bool closed = child->out < 0 && child->errors < 0;
        if (poll(wait, 2, closed ? LOOK_MS / 10 : LOOK_MS) < 0 && errno != EINTR)
            return err_sys(err, "poll");
        if (is_cancelled(progress))
            return err_cancelled(err);
        if (wait[1].revents) {
            if (!read_pipe(&child->errors, buffer, &chunk, child->argv[0], err))
                return false;
            keep_said(child, chunk);
        } else if (child->out < 0 && reap(child, WNOHANG)) {
            return true;
        }
        if (wait[0].revents && (!read_pipe(&child->out, buffer, &chunk, child->argv[0], err) ||
                                (chunk.n && !take(with, chunk, err))))
            return false;
    }
}

/* Reduces the program's stderr to one line. */
static void make_line(struct buf *said)
{
    while (said->n && (said->p[said->n - 1] == '\n' || said->p[said->n - 1] == '\r'))
        said->p[--said->n] = 0;
    for (size_t i = 0; i < said->n; i++)
        if (said->p[i] == '\n' || said->p[i] == '\r' || said->p[i] == '\t' || !said->p[i])
            said->p[i] = ' ';
}

static bool fail(struct child *child, struct err *err)
{
    BUF_AUTO struct buf command = {0};
    for (const char *const *word = child->argv; *word; word++)
        buf_printf(&command, "%s%s", word == child->argv ? "" : " ", *word);
    make_line(&child->said);
    if (WIFSIGNALED(child->status))
        buf_printf(&command, ": killed by signal %d", WTERMSIG(child->status));
    else
        buf_printf(&command, ": exit %d", WEXITSTATUS(child->status));
    if (child->said.n)
        buf_printf(&command, ": %s", child->said.p);
    return err_set(err, "%s", command.p);
}

bool spawn_read(const char *const *argv,
                bool (*take)(void *with, struct bytes chunk, struct err *err), void *with,
                struct progress *progress, struct err *err)
{
    struct child child = {.argv = argv, .out = -1, .errors = -1};
    bool ok = start(&child, err) && follow(&child, take, with, progress, err) &&
              (child.status == 0 || fail(&child, err));
    child_finish(&child);
    return ok;
}
