/* SPDX-License-Identifier: MIT */
#include "run/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/namespace_fork.h"
#include "run/sandbox_args.h"
#include "util/spool.h"
#include "util/write_all.h"

enum { TAIL_BYTES = 256, MESSAGE_BYTES = 512 };

/* In the outer user namespace: there it may read the descriptors of the sandbox's users. */
static _Noreturn void become_strace(const struct run_dir *dir, pid_t keeper, pid_t program,
                                    int error)
{
    struct words words = {0};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setsid(); /* keys of the terminal are for xsmall */
    tracer_args(dir, program, &words);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(error, STDERR_FILENO);
    if (!namespace_join(keeper, NAMESPACE_USER, NULL))
        _exit(127);
    namespace_keep_rights();
    execvp("strace", words.items);
    dprintf(STDERR_FILENO, "strace: %s\n", strerror(errno));
    _exit(127);
}

static void log_path(const struct run_dir *dir, pid_t program, struct buf *out)
{
    buf_printf(out, "%s.%d", dir->log.p, (int)program);
}

/* Fails with the first line that strace printed. */
static bool fail(const struct tracer *tracer, struct err *err)
{
    char text[MESSAGE_BYTES];
    ssize_t n = pread(tracer->error, text, sizeof text - 1, 0);
    text[n > 0 ? n : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    return err_set(err, "strace: %s", text[0] ? text : "it ended before the program began");
}

/* strace has attached completely when it has written a call of the waiting program. */
static bool wait_for_log(struct tracer *tracer, const char *path, struct err *err)
{
    struct stat st;
    while (stat(path, &st) != 0 || st.st_size == 0) {
        if (waitpid(tracer->pid, NULL, WNOHANG) == tracer->pid) {
            tracer->pid = 0;
            return fail(tracer, err);
        }
        poll(NULL, 0, 1);
    }
    return true;
}

bool tracer_start(struct tracer *tracer, const struct run_dir *dir, pid_t keeper, pid_t program,
                  struct err *err)
{
    BUF_AUTO struct buf path = {0};
    log_path(dir, program, &path);
    *tracer = (struct tracer){0, spool_open(err)};
    if (tracer->error < 0)
        return false;
    tracer->pid = fork();
    if (tracer->pid == 0)
        become_strace(dir, keeper, program, tracer->error);
    if (tracer->pid < 0) {
        tracer->pid = 0;
        return err_sys(err, "fork");
    }
    return wait_for_log(tracer, path.p, err);
}

void tracer_finish(struct tracer *tracer)
{
    while (tracer->pid > 0 && waitpid(tracer->pid, NULL, 0) < 0 && errno == EINTR)
        ;
    spool_close_at(&tracer->error);
    tracer->pid = 0;
}

/* Returns the offset of the line in which the first program executes the image's program, or -1.
 * strace may have attached before bubblewrap executed the first program. */
static long find_execve(FILE *file)
{
    char *line = NULL;
    size_t cap = 0;
    long at = 0, found = -1;
    for (ssize_t n; found < 0 && (n = getline(&line, &cap, file)) > 0; at += n) {
        struct bytes text = bytes_from(line, (size_t)n);
        if (bytes_starts(text, bytes_of("execve(")) &&
            !bytes_starts(text, bytes_of("execve(\"/" SANDBOX_INSIDE "\"")))
            found = at;
    }
    free(line);
    return found;
}

/* Moves the rest of the file to its beginning. */
static bool drop_front(int fd, off_t from)
{
    char bytes[1 << 16];
    off_t to = 0;
    for (ssize_t n; (n = pread(fd, bytes, sizeof bytes, from + to)) > 0; to += n)
        if (!write_all_at(fd, bytes_from(bytes, (size_t)n), (uint64_t)to))
            return false;
    return ftruncate(fd, to) == 0;
}

bool tracer_trim_logs(const struct run_dir *dir, pid_t program, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    log_path(dir, program, &path);
    FILE *file = fopen(path.p, "r+e");
    if (!file)
        return err_sys(err, "%s", path.p);
    long at = find_execve(file);
    bool ok = at >= 0 ? drop_front(fileno(file), at) || err_sys(err, "%s", path.p)
                      : err_set(err, "sandbox: the program was not started");
    fclose(file);
    return ok;
}

int tracer_status(const struct run_dir *dir, pid_t program)
{
    BUF_AUTO struct buf path = {0};
    char text[TAIL_BYTES + 1];
    log_path(dir, program, &path);
    FD_AUTO int fd = open(path.p, O_RDONLY | O_CLOEXEC);
    off_t size = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
    off_t from = size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    ssize_t n = size > 0 ? pread(fd, text, TAIL_BYTES, from) : 0;
    text[n > 0 ? n : 0] = 0;
    const char *end = strstr(text, "+++ exited with ");
    if (end)
        return W_EXITCODE(atoi(end + strlen("+++ exited with ")), 0);
    end = strstr(text, "+++ killed by SIG");
    if (!end)
        return -1;
    BUF_AUTO struct buf name = {0};
    end += strlen("+++ killed by SIG");
    buf_add(&name, bytes_from(end, strspn(end, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")));
    for (int number = 1; number < NSIG; number++)
        if (sigabbrev_np(number) && strcmp(sigabbrev_np(number), buf_str(&name)) == 0)
            return W_EXITCODE(0, number);
    return -1;
}
