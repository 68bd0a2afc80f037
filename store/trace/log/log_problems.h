/* SPDX-License-Identifier: MIT
 *
 * The problems that lines of a log can have. The loader counts each kind; the trace doctor reports
 * the counts.
 *
 *     log_problem_name(PROBLEM_CUT_PATH)     "cut-path", as stored
 */
#ifndef XSMALL_TRACE_LOG_LOG_PROBLEMS_H
#define XSMALL_TRACE_LOG_LOG_PROBLEMS_H

enum log_problem {
    PROBLEM_NO_STRACE,
    PROBLEM_TABLE,
    PROBLEM_WRAPPED,
    PROBLEM_CUT_LINE,
    PROBLEM_CUT_PATH,
    PROBLEM_RAW_PATH,
    PROBLEM_UNREADABLE,
    PROBLEM_UNKNOWN_CWD,
    PROBLEM_UNKNOWN_FD,
    PROBLEM_UNKNOWN_PARENT,
    PROBLEM_LOST_START,
    PROBLEM_OTHER_ROOT,
    PROBLEM_SHARED_CWD,
    PROBLEM_TIED,
    PROBLEM_CLOCK,
    PROBLEM_PROCESSES,
    PROBLEM_DESCRIPTORS,
    N_LOG_PROBLEMS
};
/* Returns a description for the user: "paths printed as addresses (strace -e raw)". */
const char *log_problem_text(enum log_problem problem);
const char *log_problem_name(enum log_problem problem); /* in table clue: "cut-line", … */

#endif
