/* SPDX-License-Identifier: MIT
 *
 * The seccomp filter of the sandbox: system calls that a contained program does not need and that
 * reach much code of the kernel, or other programs, fail with EPERM (seccomp(2)).
 */
#ifndef XSMALL_RUN_SYSCALL_FILTER_H
#define XSMALL_RUN_SYSCALL_FILTER_H

#include "util/err.h"

/* Returns a descriptor from which bubblewrap's --seccomp reads the filter, at offset 0; the caller
 * closes it. Returns -1 and fills err on failure. */
int syscall_filter_make(struct err *err);

#endif
