/* SPDX-License-Identifier: MIT
 *
 * Builds the strace command that records everything xsmall can use: as options for `xsmall trace`,
 * and as shell text derived from a log of an earlier command.
 *
 *     struct advice_log log = {.name = bytes_of("log"), .style = …, .command = …};
 *     advice_command(&log, &out)   true: out is "strace -f -y … -o again-log -- /bin/sh -c 'a b'"
 */
#ifndef XSMALL_TRACE_DOCTOR_ADVICE_H
#define XSMALL_TRACE_DOCTOR_ADVICE_H

#include "util/bytes.h"

/* With -y, strace prints the directory and the descriptors of each call. Therefore only these calls
 * are needed: calls with paths, calls that create processes, and calls that show how a file is used
 * (mapped, listed, connected to). */
#define ADVICE_CALLS "trace=%file,%process,fchdir,mmap,connect,bind,getdents64,unshare,setns"

/* Use strace -ff if the log was made with it, or -f, one file for all processes. */
enum advice_files { ADVICE_AS_IT_WAS, ADVICE_ONE_FILE };

struct advice_log {
    struct bytes name;    /* name of the log, from which the new name is made */
    struct bytes style;   /* its first call's whole line; n 0: not known */
    struct bytes command; /* after "execve(" of the program's start; n 0: not known */
    struct bytes root;    /* directory for chroot, which is / for the command; n 0: no chroot */
    enum advice_files files;
};

/* Appends the command. It is one line, except for newlines in quoted arguments. Returns false if a
 * part is not known; that part is "PROGRAM ARGS" or an argument that ends in "...". */
bool advice_command(const struct advice_log *log, struct buf *out);

/* Returns true if the log is from strace -ff: one process, whose pid is at the end of the name and
 * not in the lines. Sets *stem to the name without the pid. */
bool advice_one_process(const struct advice_log *log, struct bytes *stem);

/* Appends a word for a POSIX shell, quoted only if necessary. */
void advice_quote(struct bytes word, struct buf *out);

#endif
