/* SPDX-License-Identifier: MIT
 *
 * What the keeper's process does; for keeper.c only.
 */
#ifndef XSMALL_RUN_KEEPER_PROCESS_H
#define XSMALL_RUN_KEEPER_PROCESS_H

#include "run/keeper.h"
#include "run/namespace_fork.h"

/* The keeper's ends of the pipes to xsmall. */
struct keeper_ends {
    int socket, tar, info, go, filter;
};

/* Sent once by the keeper, after unpacking. */
struct keeper_report {
    bool ok;
    struct unpack_result unpacked;
    struct err err; /* if not ok */
};

_Noreturn void keeper_process(const struct sandbox *sandbox, const struct keeper_ends *ends);

#endif
