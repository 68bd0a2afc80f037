/* SPDX-License-Identifier: MIT
 *
 * Measures the time from a key to the paint that shows its result, in a pseudo terminal of 120x40:
 *
 *     bench_latency settled|loading SECONDS PROGRAM ARGUMENT...
 *     bench_latency opening TIMES PROGRAM ARGUMENT...
 *
 * opening: prints the milliseconds from the start to the first screen with a list, which shows the
 * row number and the number of rows with a slash between them.
 *
 * settled: begins when the explorer has painted nothing for a second; loading: begins with the
 * first paint. Then sends keys with pauses of 15 to 45 ms: motions, views, searches and typed
 * patterns. Prints one line per key: the milliseconds, 1000 if no result was painted until then.
 *
 * The result of a typed letter is that letter; the letters are ones that occur neither in control
 * sequences nor in the explorer's texts. The result of other keys is the next paint.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int terminal;

static void die(const char *what)
{
    fprintf(stderr, "bench_latency: %s: %s\n", what, strerror(errno));
    exit(2);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Reads until `deadline`, or until `wanted` is read; 0: until any byte is read. Returns false if it
 * was not read. */
static bool read_until(double deadline, char wanted)
{
    static char text[1 << 16];
    for (;;) {
        double left = deadline - now_ms();
        struct pollfd p = {.fd = terminal, .events = POLLIN};
        int n = poll(&p, 1, left > 0 ? (int)left + 1 : 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        ssize_t got = read(terminal, text, sizeof text);
        if (got <= 0)
            die("the program ended");
        if (!wanted || memchr(text, wanted, (size_t)got))
            return true;
    }
}

/* Reads all output in that time. */
static void rest(double ms)
{
    double until = now_ms() + ms;
    while (now_ms() < until)
        read_until(until, 0);
}

/* Reads until there is no output for a second. */
static void settle(void)
{
    while (read_until(now_ms() + 1000, 0)) {
    }
}

/* Each key changes the screen for any image and logs. An escape counts as a key only if no byte
 * follows for a while, and is not timed. */
#define TYPED "/", "Q", "W", "Y", "\033", "v", "Q", "U", "Y", "\033"
static const char *const settled[] = {
    "j",       "j", "j", "k", "\033[6~", "\033[5~", "s", "s",   "s", "s", "s",
    "2",       "j", "j", "k", "\033[6~", "\033[6~", "g", TYPED, "3", "j", "j",
    "\033[6~", "g", "4", "5", "?",       "q",       "1", "G",   "k", "g", NULL,
};
static const char *const loading[] = {"2", TYPED, "3", "4", "5", TYPED, "1", "?", "q", NULL};

static bool is_typed(const char *key)
{
    return strchr("QWYU", *key) && !key[1];
}

static pid_t start(char **command)
{
    struct winsize size = {.ws_row = 40, .ws_col = 120};
    pid_t pid = forkpty(&terminal, NULL, NULL, &size);
    if (pid < 0)
        die("forkpty");
    if (!pid) {
        setenv("TERM", "xterm-256color", 1);
        execvp(command[0], command);
        _exit(127);
    }
    return pid;
}

static void end(pid_t pid)
{
    kill(pid, SIGTERM);
    close(terminal);
    waitpid(pid, NULL, 0);
}

static void opening(int times, char **command)
{
    for (int i = 0; i < times; i++) {
        double begin = now_ms();
        pid_t pid = start(command);
        if (!read_until(begin + 5000, '/'))
            die("no list");
        printf("%.1f\n", now_ms() - begin);
        end(pid);
    }
}

int main(int argc, char **argv)
{
    if (argc < 4)
        die("usage: settled|loading|opening SECONDS|TIMES PROGRAM ARGUMENT...");
    if (!strcmp(argv[1], "opening")) {
        opening(atoi(argv[2]), argv + 3);
        return 0;
    }
    pid_t pid = start(argv + 3);
    srand(1);
    if (!read_until(now_ms() + 5000, 0))
        die("no paint");
    const char *const *script = loading;
    if (!strcmp(argv[1], "settled")) {
        script = settled;
        settle();
    }
    double until = now_ms() + 1e3 * atof(argv[2]);
    for (size_t i = 0; now_ms() < until; i = script[i + 1] ? i + 1 : 0) {
        const char *key = script[i];
        rest(15 + rand() % 31);
        double begin = now_ms();
        if (write(terminal, key, strlen(key)) < 0)
            die("write");
        if (*key == 27 && !key[1]) {
            rest(60);
            continue;
        }
        if (!read_until(begin + 1000, is_typed(key) ? *key : 0) && getenv("BENCH_MISSED"))
            fprintf(stderr, "no answer to key %zu, %s\n", i, key);
        printf("%.1f\n", now_ms() - begin);
    }
    end(pid);
    return 0;
}
