/* SPDX-License-Identifier: MIT
 *
 * The filter allows each system call that it does not list, because the calls that programs need
 * cannot be listed completely. It rejects the calls that docker's default profile rejects in a
 * container without capabilities.
 */
#include "run/syscall_filter.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/spool.h"

/* Calls that fail for all arguments. libseccomp skips a name that the machine lacks. */
static const char *const refused[] = {
    /* mounts, also by the new interface */
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "move_mount",
    "open_tree",
    "mount_setattr",
    "open_tree_attr",
    "statmount",
    "listmount",
    /* other processes */
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "pidfd_getfd",
    "kcmp",
    "setns",
    "unshare",
    /* interfaces of the kernel with a history of faults, or that reach outside */
    "bpf",
    "perf_event_open",
    "userfaultfd",
    "io_uring_setup",
    "io_uring_enter",
    "io_uring_register",
    "keyctl",
    "add_key",
    "request_key",
    "fanotify_init",
    "lookup_dcookie",
    "open_by_handle_at",
    "name_to_handle_at",
    "quotactl",
    "quotactl_fd",
    "syslog",
    "acct",
    "kexec_load",
    "kexec_file_load",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "get_kernel_syms",
    "query_module",
    "nfsservctl",
    "uselib",
    "ustat",
    "_sysctl",
    "sysfs",
    "swapon",
    "swapoff",
    "reboot",
    "vhangup",
    "iopl",
    "ioperm",
    "mbind",
    "migrate_pages",
    "move_pages",
    "set_mempolicy",
    "set_mempolicy_home_node",
    "get_mempolicy",
    "settimeofday",
    "stime",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "vm86",
    "vm86old",
    "modify_ldt",
};

static bool refuse(scmp_filter_ctx filter, int error, const char *name)
{
    int call = seccomp_syscall_resolve_name(name);
    return call == __NR_SCMP_ERROR ||
           seccomp_rule_add(filter, SCMP_ACT_ERRNO((uint32_t)error), call, 0) == 0;
}

static bool add_rules(scmp_filter_ctx filter)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        if (!refuse(filter, EPERM, refused[i]))
            return false;
    /* clone3(2) has its flags in memory, where a filter cannot look: C libraries then use clone */
    if (!refuse(filter, ENOSYS, "clone3"))
        return false;
    static const unsigned flags[] = {CLONE_NEWNS,  CLONE_NEWUTS, CLONE_NEWIPC,   CLONE_NEWUSER,
                                     CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP};
#if defined(__s390__) || defined(__s390x__)
    enum { FLAGS_AT = 1 };
#else
    enum { FLAGS_AT = 0 };
#endif
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                             SCMP_CMP(FLAGS_AT, SCMP_CMP_MASKED_EQ, flags[i], flags[i])) != 0)
            return false;
    /* Characters pushed into a terminal's input are read by the caller's shell. The kernel uses the
     * lower 32 bits of the request only. */
    static const unsigned requests[] = {TIOCSTI, TIOCLINUX};
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++)
        if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(ioctl), 1,
                             SCMP_CMP(1, SCMP_CMP_MASKED_EQ, 0xffffffffu, requests[i])) != 0)
            return false;
    return true;
}

/* Programs of the other word size have another table of calls: the rules hold there too. */
static void add_machines(scmp_filter_ctx filter)
{
#if defined(__x86_64__)
    seccomp_arch_add(filter, SCMP_ARCH_X86);
    seccomp_arch_add(filter, SCMP_ARCH_X32);
#elif defined(__aarch64__)
    seccomp_arch_add(filter, SCMP_ARCH_ARM);
#endif
    (void)filter;
}

int syscall_filter_make(struct err *err)
{
    FD_AUTO int fd = memfd_create("xsmall-seccomp", MFD_CLOEXEC);
    if (fd < 0)
        return err_sys(err, "memfd_create"), -1;
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    bool ok = filter != NULL;
    if (ok) {
        add_machines(filter);
        /* a call of a machine that is not listed kills the program instead of passing */
        ok = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS) == 0 &&
             add_rules(filter) && seccomp_export_bpf(filter, fd) == 0 &&
             lseek(fd, 0, SEEK_SET) == 0;
        seccomp_release(filter);
    }
    if (!ok)
        return err_set(err, "seccomp: the filter of system calls cannot be made"), -1;
    int made = fd;
    fd = -1;
    return made;
}
