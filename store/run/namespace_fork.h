/* SPDX-License-Identifier: MIT
 *
 * fork(2) into user namespaces.
 *
 *   - outer: for a caller that is not root, a namespace in which the caller's ids and the sandbox's
 *     ids are mapped to themselves. The process there has all capabilities over these ids: it can
 *     give files to the sandbox and remove them. For root: the caller's own namespace.
 *   - inner: a child of the outer one, in which the sandbox's ids begin with 0. It knows no other.
 *
 * Each returns the child's pid in the parent, 0 in the child, and -1 with err on failure. The child
 * runs on after its ids are mapped; on failure it is gone.
 */
#ifndef XSMALL_RUN_NAMESPACE_FORK_H
#define XSMALL_RUN_NAMESPACE_FORK_H

#include "run/id_map.h"

pid_t namespace_fork_outer(const struct id_map *map, struct err *err);
/* For a process in the outer namespace. The child has uid and gid 0 of the inner one. */
pid_t namespace_fork_inner(const struct id_map *map, struct err *err);

/* Lets programs that this process executes read, write and remove files of all ids of the outer
 * namespace (capabilities(7), ambient set). Does nothing for root, who may. */
void namespace_keep_rights(void);

/* Moves this process into the outer user namespace of the keeper, and into its network namespace.
 * Call it after fork: it fails in a process with threads. */
enum namespace_part { NAMESPACE_USER, NAMESPACE_USER_AND_NETWORK };
bool namespace_join(pid_t keeper, enum namespace_part part, struct err *err);

#endif
