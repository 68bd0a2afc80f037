/* SPDX-License-Identifier: MIT
 *
 * The first program in the sandbox, static so that it runs in every image: changes to the image's
 * user, waits until it is traced, and executes the image's program in its place.
 *
 *     .xsmall-inside GO UID GID GROUPS WORKDIR PROGRAM ARGUMENTS…
 *
 * GO: descriptor that is readable when the program may begin. GROUPS: "10,20" or "". PROGRAM: found
 * in PATH if it has no slash. Exits with 126 or 127, as a shell does, if the program cannot be
 * executed, and prints the reason.
 *
 * Until GO is readable it looks up WAITING again and again: strace has attached completely when
 * such a call is in its log. Everything in the log up to the execve of PROGRAM belongs to this
 * program, and is no evidence.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define WAITING "/.xsmall-inside/waiting"

enum { CANNOT_EXECUTE = 126, NOT_FOUND = 127, MAX_GROUPS = 65536 };

static int fail(int status, const char *object)
{
    fprintf(stderr, "xsmall: %s: %s\n", object, strerror(errno));
    return status;
}

static int set_groups(char *text)
{
    static gid_t groups[MAX_GROUPS];
    size_t n = 0;
    for (char *word = strtok(text, ","); word && n < MAX_GROUPS; word = strtok(NULL, ","))
        groups[n++] = (gid_t)strtoul(word, NULL, 10);
    /* EPERM: a user namespace with a single group has no setgroups(2) */
    return setgroups(n, groups) == 0 || errno == EPERM;
}

static int is_program(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return 0;
    errno = S_ISREG(st.st_mode) ? EACCES : EISDIR;
    return S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

/* Finds the program before it is traced: the failed look-ups are not the program's. */
static const char *find_program(const char *name)
{
    static char path[4096];
    const char *list = getenv("PATH");
    if (strchr(name, '/'))
        return is_program(name) ? name : NULL;
    int error = ENOENT;
    for (const char *at = list ? list : "/bin:/usr/bin"; at;
         at = strchr(at, ':') ? strchr(at, ':') + 1 : NULL) {
        int n = (int)strcspn(at, ":");
        if (snprintf(path, sizeof path, "%.*s%s%s", n, at, n ? "/" : "./", name) >=
            (int)sizeof path)
            continue;
        if (is_program(path))
            return path;
        if (errno != ENOENT && errno != ENOTDIR)
            error = errno;
    }
    errno = error;
    return NULL;
}

/* Returns 0 if xsmall has ended meanwhile: the program must not run then. */
static int wait_until_traced(int go)
{
    struct pollfd event = {go, POLLIN, 0};
    char byte;
    while (poll(&event, 1, 1) == 0)
        if (access(WAITING, F_OK) == 0)
            break;
    return read(go, &byte, 1) == 1;
}

int main(int argc, char **argv)
{
    if (argc < 7)
        return CANNOT_EXECUTE;
    int go = atoi(argv[1]);
    if (!set_groups(argv[4]) || setgid((gid_t)strtoul(argv[3], NULL, 10)) != 0 ||
        setuid((uid_t)strtoul(argv[2], NULL, 10)) != 0)
        return fail(CANNOT_EXECUTE, "the user");
    unsetenv("PWD"); /* bubblewrap's; engines set none */
    if (chdir(argv[5]) != 0)
        return fail(CANNOT_EXECUTE, argv[5]);
    const char *program = find_program(argv[6]);
    if (!program)
        return fail(errno == ENOENT ? NOT_FOUND : CANNOT_EXECUTE, argv[6]);
    if (!wait_until_traced(go))
        return CANNOT_EXECUTE;
    syscall(SYS_close_range, 3, ~0u, 0);
    execv(program, argv + 6);
    return fail(errno == ENOENT ? NOT_FOUND : CANNOT_EXECUTE, program);
}
