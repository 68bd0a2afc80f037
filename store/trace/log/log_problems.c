/* SPDX-License-Identifier: MIT */
#include "trace/log/log_problems.h"

const char *log_problem_text(enum log_problem problem)
{
    static const char *const texts[N_LOG_PROBLEMS] = {
        [PROBLEM_NO_STRACE] = "lines that are no strace output",
        [PROBLEM_TABLE] = "lines of a summary table (strace -c)",
        [PROBLEM_WRAPPED] =
            "lines with a prefix or an encoding of another program (docker, journald, "
            "grep, mail, HTML), read without it",
        [PROBLEM_CUT_LINE] = "calls that end in the middle of their line",
        [PROBLEM_CUT_PATH] = "paths that strace cut short or that cannot be paths",
        [PROBLEM_RAW_PATH] = "paths printed as addresses (strace -e raw)",
        [PROBLEM_UNREADABLE] = "paths that strace could not read (CAP_SYS_PTRACE is missing)",
        [PROBLEM_UNKNOWN_CWD] =
            "relative paths in a directory that is not known (add strace -y, or "
            "--cwd)",
        [PROBLEM_UNKNOWN_FD] = "paths below a descriptor that is not known (add strace -y)",
        [PROBLEM_UNKNOWN_PARENT] =
            "processes whose parent is not known (add strace -e trace=%file,%process)",
        [PROBLEM_LOST_START] = "second halves of calls without a first one",
        [PROBLEM_OTHER_ROOT] = "calls in another root (after chroot, pivot_root, setns or unshare)",
        [PROBLEM_SHARED_CWD] =
            "directory changes that threads in other log files share (add strace -y)",
        [PROBLEM_TIED] =
            "relative paths used at the time at which a thread of another file changed "
            "the directory (strace -ttt has finer times, -y prints the directory)",
        [PROBLEM_CLOCK] = "lines before which the clock was set back, in files merged by time",
        [PROBLEM_PROCESSES] =
            "lines left out, of processes beyond the 65536 that are followed at a time",
        [PROBLEM_DESCRIPTORS] =
            "calls whose descriptors are beyond those followed (4096 of a process, 1048576 of all)",
    };
    return texts[problem];
}

const char *log_problem_name(enum log_problem problem)
{
    static const char *const names[N_LOG_PROBLEMS] = {
        [PROBLEM_NO_STRACE] = "no-strace",
        [PROBLEM_TABLE] = "table",
        [PROBLEM_CUT_LINE] = "cut-line",
        [PROBLEM_CUT_PATH] = "cut-path",
        [PROBLEM_RAW_PATH] = "raw-path",
        [PROBLEM_UNKNOWN_CWD] = "unknown-cwd",
        [PROBLEM_UNKNOWN_FD] = "unknown-fd",
        [PROBLEM_UNKNOWN_PARENT] = "unknown-parent",
        [PROBLEM_LOST_START] = "lost-start",
        [PROBLEM_OTHER_ROOT] = "other-root",
        [PROBLEM_SHARED_CWD] = "shared-cwd",
        [PROBLEM_PROCESSES] = "processes",
        [PROBLEM_DESCRIPTORS] = "descriptors",
        [PROBLEM_TIED] = "tied",
        [PROBLEM_UNREADABLE] = "unreadable",
        [PROBLEM_WRAPPED] = "wrapped",
        [PROBLEM_CLOCK] = "clock",
    };
    return names[problem];
}
