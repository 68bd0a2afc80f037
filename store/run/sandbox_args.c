/* SPDX-License-Identifier: MIT */
#include "run/sandbox_args.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "trace/doctor/advice.h"

/* What docker gives a container, without the rights to make devices, to write audit records and to
 * send raw packets. */
static const char *const capabilities[] = {
    "CAP_CHOWN",  "CAP_DAC_OVERRIDE",     "CAP_FOWNER",     "CAP_FSETID",
    "CAP_SETUID", "CAP_SETGID",           "CAP_SETPCAP",    "CAP_SETFCAP",
    "CAP_KILL",   "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT",
};

/* Paths of /proc that a program can use to change or read the host. */
static const char *const read_only[] = {"/proc/sys", "/proc/irq", "/proc/bus",
                                        "/proc/sysrq-trigger", "/proc/fs"};
static const char *const masked[] = {"/proc/kcore",       "/proc/keys",
                                     "/proc/kmsg",        "/proc/timer_list",
                                     "/proc/sched_debug", "/proc/latency_stats"};
static const char *const hidden[] = {"/proc/acpi", "/proc/scsi", "/proc/asound"};

/* Appends words up to NULL. */
static void add(struct words *out, ...)
{
    va_list list;
    va_start(list, out);
    for (const char *word; (word = va_arg(list, const char *));)
        words_add(out, bytes_of(word));
    va_end(list);
}

static void add_number(struct words *out, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, number);
    words_add(out, bytes_of(text));
}

static void add_proc(struct words *out)
{
    add(out, "--proc", "/proc", NULL);
    for (size_t i = 0; i < sizeof read_only / sizeof *read_only; i++)
        if (access(read_only[i], F_OK) == 0)
            add(out, "--ro-bind", read_only[i], read_only[i], NULL);
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++)
        if (access(masked[i], F_OK) == 0)
            add(out, "--ro-bind", "/dev/null", masked[i], NULL);
    for (size_t i = 0; i < sizeof hidden / sizeof *hidden; i++)
        if (access(hidden[i], F_OK) == 0)
            add(out, "--tmpfs", hidden[i], "--remount-ro", hidden[i], NULL);
}

static void add_temporary(const struct run_spec *spec, const struct sandbox_places *places,
                          struct words *out)
{
    /* A full tmpfs is memory: each may take a quarter of the limit. */
    add(out, "--dev", "/dev", "--perms", "1777", "--size", NULL);
    add_number(out, (uint64_t)64 << 20);
    add(out, "--tmpfs", "/dev/shm", "--remount-ro", "/dev", NULL);
    if (!places->has_tmp)
        return;
    add(out, "--perms", "1777", "--size", NULL);
    add_number(out, spec->limits.memory / 4 + 1);
    add(out, "--tmpfs", "/tmp", NULL);
    if (strncmp(spec->working_directory, "/tmp/", 5) == 0)
        add(out, "--dir", spec->working_directory, NULL);
}

/* With a single id, the program is user 0, for any user in the image config. */
static void add_program(const struct run_spec *spec, const struct id_map *map, struct words *out)
{
    add(out, "--", "/" SANDBOX_INSIDE, NULL);
    add_number(out, SANDBOX_GO);
    add_number(out, map->count > 1 ? spec->uid : 0);
    add_number(out, map->count > 1 ? spec->gid : 0);
    add(out, buf_str(&spec->groups), spec->working_directory, NULL);
    for (size_t i = 0; i < spec->command.n; i++)
        words_add(out, bytes_of(spec->command.items[i]));
}

void sandbox_args(const struct run_spec *spec, const struct run_dir *dir, const struct id_map *map,
                  const struct sandbox_places *places, struct words *out)
{
    add(out, "bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-ipc",
        "--unshare-uts", "--unshare-cgroup-try", "--hostname", spec->hostname, "--bind",
        dir->root.p, "/", NULL);
    add_proc(out);
    add_temporary(spec, places, out);
    for (size_t i = 0; i < spec->n_mounts; i++)
        add(out, spec->mounts[i].is_writable ? "--bind" : "--ro-bind", spec->mounts[i].source,
            places->targets.items[i], NULL);
    add(out, "--ro-bind", dir->inside.p, "/" SANDBOX_INSIDE, "--cap-drop", "ALL", NULL);
    for (size_t i = 0; i < sizeof capabilities / sizeof *capabilities; i++)
        add(out, "--cap-add", capabilities[i], NULL);
    add(out, "--clearenv", NULL);
    for (size_t i = 0; i < spec->environment.n; i++) {
        struct bytes value = bytes_of(spec->environment.items[i]);
        BUF_AUTO struct buf name = {0};
        buf_add(&name, bytes_split(&value, '='));
        add(out, "--setenv", buf_str(&name), value.n ? value.p : "", NULL);
    }
    add(out, "--chdir", "/", "--seccomp", NULL);
    add_number(out, SANDBOX_FILTER);
    add(out, "--info-fd", NULL);
    add_number(out, SANDBOX_INFO);
    add_program(spec, map, out);
}

void tracer_args(const struct run_dir *dir, pid_t pid, struct words *out)
{
    add(out, "strace", "-ff", "-q", "-y", "-s", "4096", "-e", ADVICE_CALLS, "-o", dir->log.p, "-p",
        NULL);
    add_number(out, (uint64_t)pid);
}
