/* SPDX-License-Identifier: MIT
 *
 * xsmall trace: runs a command under the installed strace with the options that record most, with
 * one log for each process. strace is the parent of the command and ignores signals. A signal that
 * is sent only to xsmall (by kill, or when a container is stopped) is passed to the command.
 */
#include "cli/command.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/output.h"
#include "trace/doctor/advice.h"
#include "util/path.h"
#include "util/program_path.h"
#include "util/interrupt.h"

enum { TRIES_MAX = 1000 /* prefixes of log names that are tried */ };

/* Returns whether name is base, or base with a dot and a number after it. */
static bool is_log_of(const char *name, struct bytes base)
{
    struct bytes rest = bytes_of(name);
    if (!bytes_starts(rest, base))
        return false;
    rest = bytes_skip(rest, base.n);
    return !rest.n ||
           (rest.n > 1 && rest.p[0] == '.' && strspn(rest.p + 1, "0123456789") == rest.n - 1);
}

/* Counts the files whose names are those of logs with this prefix. */
static bool count_logs(const char *prefix, size_t *n, struct err *err)
{
    struct bytes path = bytes_of(prefix), base = path_base(path);
    BUF_AUTO struct buf name = {0};
    buf_add(&name, base.n < path.n ? bytes_from(prefix, path.n - base.n) : bytes_of("."));
    DIR *dir = opendir(name.p);
    *n = 0;
    if (!base.n)
        err_set(err, "-o %s: is a directory; expected a prefix of file names, such as %slog",
                prefix, prefix);
    else if (!dir)
        err_sys(err, "%s", name.p);
    for (struct dirent *entry; base.n && dir && (entry = readdir(dir));)
        *n += is_log_of(entry->d_name, base);
    bool ok = base.n && dir;
    if (dir)
        closedir(dir);
    return ok;
}

/* Chooses the prefix of the logs: the one of -o, or the first unused one made from the name of the
 * command. */
static bool choose_prefix(const struct args *args, struct buf *out, struct err *err)
{
    size_t n;
    if (args->output) {
        buf_add(out, bytes_of(args->output));
        return count_logs(args->output, &n, err) &&
               (!n || err_set(err, "-o %s: logs with this prefix exist already; choose another one",
                              args->output));
    }
    for (int i = 1; i <= TRIES_MAX; i++) {
        buf_clear(out);
        buf_add(out, path_base(bytes_of(args->operands[0])));
        buf_add(out, bytes_of(".trace"));
        if (i > 1)
            buf_printf(out, "-%d", i);
        if (!count_logs(out->p, &n, err))
            return false;
        if (!n)
            return true;
    }
    return err_set(err, "%s: logs with all such prefixes exist already; choose one with -o",
                   out->p);
}

/* Makes the arguments of strace. Its strings are borrowed. */
static char **make_argv(const struct args *args, const char *prefix)
{
    const char *const front[] = {"strace", "-ff",        "-q", "-y",   "-s", "4096",
                                 "-e",     ADVICE_CALLS, "-o", prefix, "--"};
    size_t n_front = sizeof front / sizeof *front;
    char **argv = mem_zero(n_front + args->n_operands + 1, sizeof *argv);
    memcpy(argv, front, sizeof front);
    memcpy(argv + n_front, args->operands, args->n_operands * sizeof *argv);
    return argv;
}

static int32_t parent_of(const char *pid)
{
    char path[NAME_MAX + 16], text[1024], *at;
    int parent = 0;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    size_t n = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[n] = 0;
    at = strrchr(text, ')'); /* proc_pid_stat(5): the name in parentheses can contain any byte */
    return at && sscanf(at + 1, " %*c %d", &parent) == 1 ? parent : 0;
}

/* Sends a signal to the children of strace, which are the command. */
static void pass_signal(pid_t strace, int number)
{
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        if (entry->d_name[0] > '0' && entry->d_name[0] <= '9' && parent_of(entry->d_name) == strace)
            kill((pid_t)strtol(entry->d_name, NULL, 10), number);
    if (dir)
        closedir(dir);
}

/* Waits until strace has ended, and passes signals to the command. Signals of the terminal
 * (SI_KERNEL) reach the command directly. */
static int wait_for(pid_t strace, const sigset_t *signals)
{
    int status = 0;
    for (;;) {
        siginfo_t info;
        int number = sigwaitinfo(signals, &info);
        if (number == SIGCHLD || number < 0) {
            if (waitpid(strace, &status, WNOHANG) == strace)
                return status;
        } else if (info.si_code != SI_KERNEL) {
            pass_signal(strace, number);
        }
    }
}

/* Starts a process that kills the command, and so strace, if xsmall is killed with SIGKILL and
 * cannot pass signals. *line is the end of a pipe that xsmall holds; the guard notices when it
 * closes. */
static pid_t start_guard(pid_t strace, int *line)
{
    int ends[2];
    char byte;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid_t guard = fork();
    if (guard == 0) {
        close(ends[1]);
        while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
            ;
        pass_signal(strace, SIGKILL);
        _exit(0);
    }
    close(ends[0]);
    *line = ends[1];
    return guard;
}

static void end_guard(pid_t guard, int line)
{
    if (guard > 0) {
        kill(guard, SIGKILL);
        waitpid(guard, NULL, 0);
    }
    if (line >= 0)
        close(line);
}

static bool run(const char *strace, char **argv, int *status, struct err *err)
{
    static const int numbers[] = {SIGCHLD, SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2};
    sigset_t signals, before;
    sigemptyset(&signals);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (numbers[i] == SIGCHLD || !interrupt_was_ignored(numbers[i]))
            sigaddset(&signals, numbers[i]);
    sigprocmask(SIG_BLOCK, &signals, &before);
    if (interrupt_is_on()) {
        sigprocmask(SIG_SETMASK, &before, NULL);
        return err_cancelled(err);
    }
    pid_t pid = fork();
    if (pid == 0) {
        interrupt_restore();
        sigprocmask(SIG_SETMASK, &before, NULL);
        execv(strace, argv);
        _exit(EXIT_FAILED);
    }
    if (pid < 0) {
        err_sys(err, "fork");
    } else {
        int line = -1;
        pid_t guard = start_guard(pid, &line);
        *status = wait_for(pid, &signals);
        end_guard(guard, line);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return pid > 0;
}

static void print_summary(const char *prefix, size_t n)
{
    BUF_AUTO struct buf word = {0};
    advice_quote(bytes_of(prefix), &word);
    fprintf(stderr, "xsmall: logs written: %zu; to load them: xsmall load ", n);
    output_word(stderr, buf_bytes(&word));
    fputs(".*\n", stderr);
}

static int run_trace(const struct args *args, struct err *err)
{
    BUF_AUTO struct buf strace = {0}, program = {0}, prefix = {0};
    size_t n;
    int status = 0;
    if (!args->n_operands)
        return err_set(err, "trace: expected a command; see xsmall trace --help"), EXIT_FAILED;
    if (!program_path_find("strace", &strace))
        return err_set(err, "strace: not installed; run apt install strace, apk add strace or "
                            "dnf install strace"),
               EXIT_FAILED;
    if (!program_path_find(args->operands[0], &program))
        return err_set(err, "%s: no such program in PATH", args->operands[0]), EXIT_FAILED;
    if (!choose_prefix(args, &prefix, err))
        return EXIT_FAILED;
    if (strchr("|!", prefix.p[0])) { /* strace would run such a name as a program */
        BUF_AUTO struct buf plain = {0};
        buf_add(&plain, bytes_of("./"));
        buf_add(&plain, buf_bytes(&prefix));
        buf_clear(&prefix);
        buf_add(&prefix, buf_bytes(&plain));
    }
    char **argv = make_argv(args, prefix.p);
    bool ok = run(strace.p, argv, &status, err);
    free(argv);
    if (!ok || !count_logs(prefix.p, &n, err))
        return EXIT_FAILED;
    if (!n)
        return err_set(err,
                       "strace: wrote no log; check that this user is allowed to trace (ptrace)"),
               EXIT_FAILED;
    if (!args->quiet)
        print_summary(prefix.p, n);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static const struct option_text texts[] = {
    {"output", "PREFIX", "prefix of the log files (default: COMMAND.trace)"},
    {NULL, NULL, NULL},
};

static const struct command_example examples[] = {
    {"xsmall trace -o log -- ./app --serve", "Write log.PID for each process"},
    {"xsmall load --base base.tar image.tar log.*", "Load the logs"},
    {NULL, NULL},
};

const struct command command_trace = {
    .name = "trace",
    .synopsis = "[-o PREFIX] -- COMMAND ARGS...",
    .help = "Run a command under strace with the options that record most",
    .about = "One log is written for each process. strace must be installed where the command "
             "runs: to trace a program of an image, run strace inside a container (xsmall help "
             "recipes).",
    .options = " output ",
    .texts = texts,
    .examples = examples,
    .exit_status = "COMMAND's own exit status, or 128 plus the number of the signal that ended it; "
                   "2 if COMMAND was not started.",
    .no_session = true,
    .run = run_trace,
};
