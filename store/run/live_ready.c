/* SPDX-License-Identifier: MIT */
#include "run/live_run.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/in_root.h"
#include "run/namespace_fork.h"
#include "util/clock.h"
#include "util/spool.h"
#include "util/write_all.h"

enum { TURN_MS = 20, HTTP_SECONDS = 5, TCP_LISTEN = 10 /* linux/include/net/tcp_states.h */ };

/* Whether a line of /proc/PID/net/tcp or tcp6 is a socket that listens on the port: "sl:
 * ADDRESS:PORT REMOTE STATE …", in hexadecimal. Connecting instead would be a request that the
 * program sees. */
static bool line_listens(const char *line, uint16_t port)
{
    unsigned local = 0, state = 0;
    return sscanf(line, " %*d: %*[0-9A-Fa-f]:%x %*[0-9A-Fa-f]:%*x %x", &local, &state) == 2 &&
           local == port && state == TCP_LISTEN;
}

static bool port_listens(const struct live_run *live)
{
    static const char *const names[] = {"tcp", "tcp6"};
    char path[64], line[512];
    bool found = false;
    for (size_t i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "/proc/%d/net/%s", (int)live->program, names[i]);
        FILE *file = fopen(path, "re");
        while (file && !found && fgets(line, sizeof line, file))
            found = line_listens(line, live->spec->ready.port);
        if (file)
            fclose(file);
    }
    return found;
}

/* Answers one probe in the network namespace of the sandbox. */
static bool get_is_answered(const struct run_ready *ready)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(ready->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct timeval patience = {HTTP_SECONDS, 0};
    BUF_AUTO struct buf text = {0};
    char answer[16] = "";
    int status = 0;
    FD_AUTO int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        return false;
    buf_printf(&text, "GET %s HTTP/1.0\r\nHost: localhost\r\n\r\n", ready->text);
    if (!write_all(fd, buf_bytes(&text)) ||
        recv(fd, answer, sizeof answer - 1, MSG_WAITALL) < (ssize_t)strlen("HTTP/1.1 200"))
        return false;
    return sscanf(answer, "HTTP/%*d.%*d %d", &status) == 1 && status >= 200 && status < 400;
}

/* Runs a probe in a process in the namespaces of the keeper. */
static bool probe(const struct live_run *live)
{
    int status = -1;
    pid_t pid = fork();
    if (pid == 0) {
        const struct run_ready *ready = &live->spec->ready;
        if (!namespace_join(live->keeper.pid, live_run_part(live), NULL))
            _exit(1);
        if (ready->kind == READY_HTTP)
            _exit(!get_is_answered(ready));
        int root = open(live->result->dir.root.p, O_PATH | O_DIRECTORY | O_CLOEXEC);
        _exit(in_root_open(root, ready->text, O_PATH, 0) < 0);
    }
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status == 0;
}

/* Whether a line of the output matches. The file is read again from its beginning: ready is
 * expected early. */
static bool text_matches(const struct live_run *live, const regex_t *regex)
{
    static const char *const names[] = {"stdout", "stderr"};
    bool found = false;
    for (size_t i = 0; i < 2 && !found; i++) {
        BUF_AUTO struct buf path = {0};
        char *line = NULL;
        size_t cap = 0;
        buf_printf(&path, "%s/%s", live->result->dir.path.p, names[i]);
        FILE *file = fopen(path.p, "re");
        while (file && !found && getline(&line, &cap, file) > 0) {
            line[strcspn(line, "\n")] = 0;
            found = regexec(regex, line, 0, NULL, 0) == 0;
        }
        free(line);
        if (file)
            fclose(file);
    }
    return found;
}

static bool is_ready(const struct live_run *live, const regex_t *regex)
{
    const struct run_ready *ready = &live->spec->ready;
    switch (ready->kind) {
    case READY_DELAY:
        return (double)(clock_ns() - live->began_ns) >= ready->delay_s * 1e9;
    case READY_TCP:
        return port_listens(live);
    case READY_TEXT:
        return text_matches(live, regex);
    case READY_HTTP:
    case READY_FILE:
        return probe(live);
    }
    return false;
}

bool live_ready_wait(struct live_run *live, struct err *err)
{
    const struct run_ready *ready = &live->spec->ready;
    regex_t regex;
    if (ready->kind == READY_TEXT && regcomp(&regex, ready->text, REG_EXTENDED | REG_NOSUB) != 0)
        return err_set(err, "--ready text:%s: not an extended regular expression", ready->text);
    bool over = false;
    while (!is_ready(live, &regex) && !over)
        over = !live_run_turn(live, TURN_MS);
    if (ready->kind == READY_TEXT)
        regfree(&regex);
    live->result->was_ready = !over;
    return true;
}
