/* SPDX-License-Identifier: MIT */
#include "run/id_map.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util/spool.h"
#include "util/write_all.h"

/* Above the ranges that systemd and shadow give to users and containers (systemd's UIDS-GIDS.md:
 * 0x80000 to 0x6FFFFFFF), below the ids that are negative as signed numbers. */
enum { RANGE_FIRST = 0x70000000, RANGE_LAST = 0x7fff0000 };

/* A line "NAME:FIRST:COUNT" of /etc/subuid or /etc/subgid (subuid(5)). */
struct subordinate_line {
    char name[256];
    uint32_t first, count;
};

static bool next_line(FILE *file, struct subordinate_line *out)
{
    char text[512];
    while (fgets(text, sizeof text, file))
        if (sscanf(text, "%255[^:]:%" SCNu32 ":%" SCNu32, out->name, &out->first, &out->count) == 3)
            return true;
    return false;
}

/* Returns the user's first range of at least two ids; count is 0 if the user has no such range. */
static struct subordinate_line find_range(const char *path, const char *user, uint32_t uid)
{
    struct subordinate_line line, found = {0};
    char number[16];
    snprintf(number, sizeof number, "%" PRIu32, uid);
    FILE *file = fopen(path, "re");
    while (file && !found.count && next_line(file, &line))
        if ((strcmp(line.name, user) == 0 || strcmp(line.name, number) == 0) && line.count > 1)
            found = line;
    if (file)
        fclose(file);
    return found;
}

static bool range_is_listed(const char *path, uint32_t first)
{
    struct subordinate_line line;
    bool listed = false;
    FILE *file = fopen(path, "re");
    while (file && !listed && next_line(file, &line))
        listed = line.first < first + ID_MAP_COUNT && first < (uint64_t)line.first + line.count;
    if (file)
        fclose(file);
    return listed;
}

/* Whether an id of the range belongs to a user or group of the host, or to a subordinate range. */
static bool range_is_used(uint32_t first)
{
    bool used = range_is_listed("/etc/subuid", first) || range_is_listed("/etc/subgid", first);
    setpwent();
    for (struct passwd *user; !used && (user = getpwent());)
        used = user->pw_uid - first < ID_MAP_COUNT || user->pw_gid - first < ID_MAP_COUNT;
    endpwent();
    return used;
}

/* Two runs at one time get different ranges where possible, so that one cannot signal the other. */
static bool choose_range(struct id_map *map, struct err *err)
{
    uint32_t n = (RANGE_LAST - RANGE_FIRST) / ID_MAP_COUNT, at = (uint32_t)getpid() % n;
    for (uint32_t i = 0; i < n; i++, at = (at + 1) % n) {
        uint32_t first = RANGE_FIRST + at * ID_MAP_COUNT;
        if (range_is_used(first))
            continue;
        *map = (struct id_map){ID_MAP_RANGE, first, first, ID_MAP_COUNT};
        return true;
    }
    return err_set(err, "user ids: no unused range of %d ids above %d", ID_MAP_COUNT, RANGE_FIRST);
}

static bool namespaces_are_on(struct err *err)
{
    char text[32] = "";
    FD_AUTO int fd = open("/proc/sys/kernel/unprivileged_userns_clone", O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && geteuid() && read(fd, text, sizeof text - 1) > 0 && text[0] == '0')
        return err_set(err, "user namespaces: disabled for users other than root; run sysctl "
                            "kernel.unprivileged_userns_clone=1 as root");
    FD_AUTO int limit = open("/proc/sys/user/max_user_namespaces", O_RDONLY | O_CLOEXEC);
    if (limit >= 0 && read(limit, text, sizeof text - 1) > 0 && strcmp(text, "0\n") == 0)
        return err_set(err, "user namespaces: disabled; run sysctl "
                            "user.max_user_namespaces=10000 as root");
    return true;
}

bool id_map_choose(struct id_map *map, struct err *err)
{
    if (!namespaces_are_on(err))
        return false;
    if (geteuid() == 0)
        return choose_range(map, err);
    const struct passwd *user = getpwuid(geteuid());
    const char *name = user ? user->pw_name : "";
    struct subordinate_line uids = find_range("/etc/subuid", name, geteuid());
    struct subordinate_line gids = find_range("/etc/subgid", name, geteuid());
    bool can_map =
        access("/usr/bin/newuidmap", X_OK) == 0 && access("/usr/bin/newgidmap", X_OK) == 0;
    uint32_t count = uids.count < gids.count ? uids.count : gids.count;
    if (count > ID_MAP_COUNT)
        count = ID_MAP_COUNT;
    *map = count && can_map ? (struct id_map){ID_MAP_SUBORDINATE, uids.first, gids.first, count}
                            : (struct id_map){ID_MAP_SINGLE, geteuid(), getegid(), 1};
    return true;
}

static bool write_file(pid_t pid, const char *name, const char *text, struct err *err)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    FD_AUTO int fd = open(path, O_WRONLY | O_CLOEXEC);
    return (fd >= 0 && write_all(fd, bytes_of(text))) || err_sys(err, "%s", path);
}

static bool write_maps(pid_t pid, const char *uids, const char *gids, struct err *err)
{
    return write_file(pid, "uid_map", uids, err) && write_file(pid, "gid_map", gids, err);
}

bool id_map_write(const struct id_map *map, pid_t pid, struct err *err)
{
    char uids[64], gids[64];
    snprintf(uids, sizeof uids, "0 %" PRIu32 " %" PRIu32 "\n", map->first_uid, map->count);
    snprintf(gids, sizeof gids, "0 %" PRIu32 " %" PRIu32 "\n", map->first_gid, map->count);
    /* user_namespaces(7): a process that maps its single group must give up setgroups(2) */
    return (map->kind != ID_MAP_SINGLE || write_file(pid, "setgroups", "deny", err)) &&
           write_maps(pid, uids, gids, err);
}

static bool run_map_program(const char *program, pid_t pid, uint32_t own, uint32_t first,
                            uint32_t count, struct err *err)
{
    char words[4][16];
    snprintf(words[0], sizeof words[0], "%d", (int)pid);
    snprintf(words[1], sizeof words[1], "%" PRIu32, own);
    snprintf(words[2], sizeof words[2], "%" PRIu32, first);
    snprintf(words[3], sizeof words[3], "%" PRIu32, count);
    char *argv[] = {(char *)program, words[0], words[1], words[1], "1",
                    words[2],        words[2], words[3], NULL};
    pid_t child = fork();
    if (child == 0) {
        execv(program, argv);
        _exit(127);
    }
    int status = -1;
    if (child < 0 || waitpid(child, &status, 0) != child)
        return err_sys(err, "%s", program);
    return status == 0 || err_set(err,
                                  "%s: cannot map ids %" PRIu32 " to %" PRIu32
                                  "; check /etc/subuid and /etc/subgid",
                                  program, first, first + count - 1);
}

bool id_map_write_outer(const struct id_map *map, pid_t pid, struct err *err)
{
    char uids[64], gids[64];
    if (map->kind == ID_MAP_SUBORDINATE)
        return run_map_program("/usr/bin/newuidmap", pid, geteuid(), map->first_uid, map->count,
                               err) &&
               run_map_program("/usr/bin/newgidmap", pid, getegid(), map->first_gid, map->count,
                               err);
    snprintf(uids, sizeof uids, "%u %u 1\n", geteuid(), geteuid());
    snprintf(gids, sizeof gids, "%u %u 1\n", getegid(), getegid());
    return write_file(pid, "setgroups", "deny", err) && write_maps(pid, uids, gids, err);
}
