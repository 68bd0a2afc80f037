/* SPDX-License-Identifier: MIT
 *
 * A program for tests of the trace: threads and children read files, one drops its rights, one
 * executes itself again. It answers a line on each connection of a port if it gets one.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void look_at(const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/data/%s", name);
    int fd = open(path, O_RDONLY);
    if (fd >= 0)
        close(fd);
}

static void *thread(void *name)
{
    look_at(name);
    return NULL;
}

static void run_threads(void)
{
    static char names[4][16];
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        snprintf(names[i], sizeof names[i], "thread%d", i);
        pthread_create(&threads[i], NULL, thread, names[i]);
    }
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
}

static void run_child(void (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        work();
        _exit(0);
    }
    waitpid(pid, NULL, 0);
}

static void work_in_directory(void)
{
    if (chdir("/data/sub") == 0)
        close(open("../relative", O_RDONLY));
}

static void drop_rights(void)
{
    gid_t group = 1000;
    if (setgroups(1, &group) != 0 || setgid(1000) != 0 || setuid(1000) != 0)
        _exit(1);
    look_at("own");   /* mode 0600, of user 1000 */
    look_at("roots"); /* mode 0600, of root: EACCES */
}

static void execute_again(void)
{
    execl("/worker", "worker", "again", (char *)NULL);
}

/* Until a connection has sent "end". */
static void serve(int port)
{
    int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    char word[32];
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 8) != 0)
        exit(1);
    for (;;) {
        int client = accept(fd, NULL, NULL);
        ssize_t n = client >= 0 ? read(client, word, sizeof word - 1) : 0;
        word[n > 0 ? n : 0] = 0;
        word[strcspn(word, "\r\n")] = 0;
        look_at(word);
        dprintf(client, "answer to %s\n", word);
        close(client);
        if (strcmp(word, "end") == 0)
            return;
    }
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "again") == 0) {
        look_at("again");
        return 0;
    }
    look_at("first");
    look_at("missing");
    run_threads();
    run_child(work_in_directory);
    run_child(execute_again);
    run_child(drop_rights);
    if (argc > 1)
        serve(atoi(argv[1]));
    return 0;
}
