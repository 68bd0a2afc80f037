/* SPDX-License-Identifier: MIT
 *
 * A hostile program in the sandbox: tries one way out after the other, and prints a line for each
 * that worked. "tried N" comes last. The argument is a path of the host that the sandbox must not
 * have, or what to exhaust: memory, print, disk, fork, sleep; fault.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/mount.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/klog.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int tried;

static void attempt(const char *name, int worked)
{
    tried++;
    if (worked)
        printf("WORKED: %s\n", name);
}

static int can_open(const char *path, int flags)
{
    int fd = open(path, flags);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

static int can_write(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);
    int worked = fd >= 0 && write(fd, text, strlen(text)) > 0;
    if (fd >= 0)
        close(fd);
    return worked;
}

static void mounts(void)
{
    mkdir("/made", 0755);
    attempt("mount tmpfs", mount("none", "/made", "tmpfs", 0, NULL) == 0);
    attempt("mount proc", mount("proc", "/made", "proc", 0, NULL) == 0);
    attempt("bind mount", mount("/", "/made", NULL, MS_BIND, NULL) == 0);
    attempt("remount", mount(NULL, "/proc/sys", NULL, MS_REMOUNT | MS_BIND, NULL) == 0);
    attempt("umount /proc/sys", umount2("/proc/sys", MNT_DETACH) == 0);
    attempt("umount /proc/kcore", umount2("/proc/kcore", MNT_DETACH) == 0);
    attempt("pivot_root", syscall(SYS_pivot_root, ".", ".") == 0);
    attempt("fsopen", syscall(SYS_fsopen, "tmpfs", 0) >= 0);
    attempt("open_tree", syscall(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLONE) >= 0);
    struct mount_attr attr = {.attr_clr = MOUNT_ATTR_RDONLY};
    attempt("mount_setattr",
            syscall(SYS_mount_setattr, AT_FDCWD, "/proc/sys", 0, &attr, sizeof attr) == 0);
    attempt("move_mount", syscall(SYS_move_mount, AT_FDCWD, "/proc", AT_FDCWD, "/made", 0) == 0);
}

static void devices(void)
{
    attempt("mknod of a disk",
            mknod("/disk", S_IFBLK | 0600, makedev(8, 0)) == 0 && can_open("/disk", O_RDONLY));
    attempt("mknod of memory",
            mknod("/mem", S_IFCHR | 0600, makedev(1, 1)) == 0 && can_open("/mem", O_RDONLY));
    attempt("mknod of null",
            mknod("/null", S_IFCHR | 0600, makedev(1, 3)) == 0 && can_open("/null", O_RDONLY));
    attempt("/dev/mem", can_open("/dev/mem", O_RDONLY));
    attempt("/dev/kmsg", can_open("/dev/kmsg", O_RDONLY));
    attempt("file in /dev", open("/dev/file", O_CREAT | O_WRONLY, 0600) >= 0);
}

static void kernel(void)
{
    char text[64];
    struct perf_event_attr perf = {.type = PERF_TYPE_SOFTWARE, .size = sizeof perf};
    union bpf_attr bpf = {
        .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 4, .max_entries = 1};
    attempt("core_pattern", can_write("/proc/sys/kernel/core_pattern", "|/made/x"));
    attempt("open core_pattern", can_open("/proc/sys/kernel/core_pattern", O_WRONLY));
    attempt("hostname by /proc/sys", can_write("/proc/sys/kernel/hostname", "x"));
    attempt("port range", can_open("/proc/sys/net/ipv4/ip_local_port_range", O_WRONLY));
    attempt("sysrq-trigger", can_open("/proc/sysrq-trigger", O_WRONLY));
    attempt("kcore",
            can_open("/proc/kcore", O_RDONLY) && read(open("/proc/kcore", O_RDONLY), text, 1) > 0);
    attempt("dmesg", klogctl(3, text, sizeof text) >= 0);
    attempt("kmsg", read(open("/proc/kmsg", O_RDONLY | O_NONBLOCK), text, 1) > 0);
    attempt("keyctl", syscall(SYS_keyctl, 0, -4, 0, 0, 0) >= 0);
    attempt("add_key", syscall(SYS_add_key, "user", "x", "y", 1, -4) >= 0);
    attempt("bpf", syscall(SYS_bpf, BPF_MAP_CREATE, &bpf, sizeof bpf) >= 0);
    attempt("perf_event_open", syscall(SYS_perf_event_open, &perf, 0, -1, -1, 0) >= 0);
    attempt("userfaultfd", syscall(SYS_userfaultfd, 0) >= 0);
    attempt("io_uring_setup", syscall(SYS_io_uring_setup, 1, text) >= 0 || errno != EPERM);
    attempt("init_module", syscall(SYS_init_module, text, 1, "") == 0 || errno != EPERM);
    attempt("kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0) == 0 || errno != EPERM);
    attempt("reboot", syscall(SYS_reboot, 0, 0, 0, NULL) == 0 || errno != EPERM);
    attempt("settimeofday", syscall(SYS_settimeofday, NULL, NULL) == 0);
    attempt("sethostname", sethostname("x", 1) == 0);
    attempt("/sys", can_open("/sys/kernel", O_RDONLY));
    attempt("cgroups", can_open("/sys/fs/cgroup", O_RDONLY));
}

static void namespaces(void)
{
    static const struct {
        const char *name;
        int flag;
    } kinds[] = {{"user", CLONE_NEWUSER}, {"mnt", CLONE_NEWNS},  {"net", CLONE_NEWNET},
                 {"pid", CLONE_NEWPID},   {"ipc", CLONE_NEWIPC}, {"uts", CLONE_NEWUTS}};
    char name[64];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        snprintf(name, sizeof name, "unshare %s", kinds[i].name);
        attempt(name, unshare(kinds[i].flag) == 0);
        snprintf(name, sizeof name, "clone with a new %s namespace", kinds[i].name);
        pid_t pid = (pid_t)syscall(SYS_clone, kinds[i].flag | SIGCHLD, 0, 0, 0, 0);
        if (pid == 0)
            _exit(0);
        attempt(name, pid > 0);
        snprintf(name, sizeof name, "/proc/1/ns/%s", kinds[i].name);
        int fd = open(name, O_RDONLY);
        attempt(name, fd >= 0 && setns(fd, 0) == 0);
    }
    struct {
        uint64_t flags, words[10];
    } clone3 = {.flags = CLONE_NEWUSER, .words = {[3] = SIGCHLD}};
    long pid = syscall(SYS_clone3, &clone3, sizeof clone3);
    if (pid == 0)
        _exit(0);
    attempt("clone3 with a new user namespace", pid > 0);
}

static void processes(void)
{
    attempt("ptrace of process 1", ptrace(PTRACE_SEIZE, 1, 0, 0) == 0);
    attempt("signal to the host's init", kill(1, 0) == 0 && getppid() != 1);
    pid_t child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    attempt("ptrace of a child", ptrace(PTRACE_SEIZE, child, 0, 0) == 0);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    attempt("environment of process 1", can_open("/proc/1/environ", O_RDONLY) && getuid() != 0);
    attempt("setuid is not tied", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1);
    int n_big = 0;
    DIR *dir = opendir("/proc");
    for (struct dirent *entry; dir && (entry = readdir(dir));)
        n_big += atoi(entry->d_name) > 100;
    attempt("processes of the host in /proc", n_big > 0);
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    unsigned long long effective = 0;
    while (status && fgets(line, sizeof line, status))
        sscanf(line, "CapEff: %llx", &effective);
    /* CAP_SYS_ADMIN 21, CAP_SYS_PTRACE 19, CAP_SYS_MODULE 16, CAP_NET_ADMIN 12, CAP_NET_RAW 13,
     * CAP_MKNOD 27, CAP_SYS_RAWIO 17, CAP_DAC_READ_SEARCH 2 */
    attempt("capabilities", (effective & (1ull << 21 | 1ull << 19 | 1ull << 16 | 1ull << 12 |
                                          1ull << 13 | 1ull << 27 | 1ull << 17 | 1ull << 2)) != 0);
}

static void descriptors(const char *secret)
{
    char name[64];
    for (int fd = 3; fd < 1024; fd++) {
        snprintf(name, sizeof name, "inherited descriptor %d", fd);
        if (fcntl(fd, F_GETFD) >= 0)
            attempt(name, 1);
    }
    attempt("a file of the host", can_open(secret, O_RDONLY));
    char path[4096];
    snprintf(path, sizeof path, "/proc/1/root%s", secret);
    attempt("a file of the host by /proc/1/root", can_open(path, O_RDONLY));
    snprintf(path, sizeof path, "/../../../../../..%s", secret);
    attempt("a file of the host by ..", can_open(path, O_RDONLY));
    attempt("variable of the caller", getenv("XSMALL_SECRET") != NULL);
    attempt("terminal of the caller", can_open("/dev/tty", O_RDWR));
    for (int fd = 0; fd < 3; fd++) {
        snprintf(name, sizeof name, "TIOCSTI on %d", fd);
        attempt(name, ioctl(fd, TIOCSTI, "x") == 0 || errno != EPERM);
        snprintf(name, sizeof name, "TIOCSTI with upper bits on %d", fd);
        attempt(name,
                syscall(SYS_ioctl, fd, 0xffffffff00000000ul | TIOCSTI, "x") == 0 || errno != EPERM);
    }
    struct sockaddr_un abstract = {AF_UNIX, "\0xsmall-escape"};
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    attempt("abstract socket of the host",
            connect(fd, (struct sockaddr *)&abstract, sizeof(sa_family_t) + 14) == 0);
    attempt("raw socket", socket(AF_INET, SOCK_RAW, 1) >= 0);
    attempt("packet socket", socket(AF_PACKET, SOCK_RAW, 0) >= 0);
}

static void exhaust(const char *what)
{
    static char block[1 << 20];
    memset(block, 'x', sizeof block);
    if (strcmp(what, "memory") == 0)
        for (;;)
            memset(malloc(sizeof block), 1, sizeof block);
    if (strcmp(what, "print") == 0)
        for (;;)
            write(1, block, sizeof block);
    if (strcmp(what, "fork") == 0)
        for (;;)
            fork();
    if (strcmp(what, "fault") == 0)
        raise(SIGSEGV);
    int fd = strcmp(what, "disk") == 0 ? open("/big", O_CREAT | O_WRONLY, 0600) : -1;
    while (fd >= 0)
        write(fd, block, sizeof block);
    while (strcmp(what, "sleep") == 0)
        pause();
}

int main(int argc, char **argv)
{
    if (argc > 1 && argv[1][0] != '/')
        exhaust(argv[1]);
    descriptors(argc > 1 ? argv[1] : "/etc/shadow");
    mounts();
    devices();
    kernel();
    namespaces();
    processes();
    /* left for xsmall to deal with */
    int fd = open("/setuid", O_CREAT | O_WRONLY, 0755);
    fchmod(fd, 06755);
    symlink("/etc/passwd", "/link");
    printf("tried %d\n", tried);
    return 0;
}
