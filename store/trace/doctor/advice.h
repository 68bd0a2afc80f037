/* SPDX-License-Identifier: MIT
 *
 * The strace command that gets all that xsmall can use: as options for `xsmall trace`, and as text
 * for a shell, of what a log shows of the command that made it.
 *
 *     struct advice_log log = {.name = bytes_of("log"), .style = …, .command = …};
 *     advice_command(&log, &out)   true: out is "strace -f -y … -o again-log -- /bin/sh -c 'a b'"
 */
#ifndef XSMALL_TRACE_DOCTOR_ADVICE_H
#define XSMALL_TRACE_DOCTOR_ADVICE_H

#include "util/bytes.h"

/* With -y the directory and the descriptors of each call are known without following them, so that
 * only calls with paths are wanted, those that make processes, and those that say more of a file:
 * mapped, listed, connected to. */
#define ADVICE_CALLS "trace=%file,%process,fchdir,mmap,connect,bind,getdents64,unshare,setns"

/* strace -ff as the log is, or -f, one file of all processes. */
enum advice_files { ADVICE_AS_IT_WAS, ADVICE_ONE_FILE };

struct advice_log {
    struct bytes name;    /* of the log, to make another one from */
    struct bytes style;   /* its first call's whole line; n 0: not known */
    struct bytes command; /* after "execve(" of the program's start; n 0: not known */
    struct bytes root;    /* where chroot has to go first, and / is then; n 0: nowhere */
    enum advice_files files;
};

/* Appends the command, one line but for newlines in quoted arguments. False where a part of it is
 * not known, and stands there as "PROGRAM ARGS" or as an argument that ends in "...". */
bool advice_command(const struct advice_log *log, struct buf *out);

/* Whether the log is one of strace -ff: one process, its pid at the name's end, not in the lines.
 * *stem is the name without it. */
bool advice_one_process(const struct advice_log *log, struct bytes *stem);

/* A word for a POSIX shell, quoted only where need be. */
void advice_quote(struct bytes word, struct buf *out);

#endif
