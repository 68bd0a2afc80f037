/* SPDX-License-Identifier: MIT
 *
 * Another program run for what it prints: no shell between, no standard input, gone when we are.
 * It has our environment as it is: engines are told by it where their daemon, proxy and credentials
 * are (DOCKER_HOST, HTTPS_PROXY, …), and nothing of an image or a log gets into it.
 *
 *     const char *const argv[] = {"docker", "save", "--", "alpine", NULL};
 *     if (!spawn_read(argv, take, with, progress, err)) return false;
 */
#ifndef XSMALL_IMAGE_SOURCE_SPAWN_H
#define XSMALL_IMAGE_SOURCE_SPAWN_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/progress.h"

/* Hands what the program writes on stdout to take(), until that returns false with err. Fails where
 * the program cannot be run, is cancelled (progress may be NULL), or ends otherwise than with 0:
 * err then has the end of what it wrote on stderr. The program gets SIGTERM when this thread dies.
 */
bool spawn_read(const char *const *argv,
                bool (*take)(void *with, struct bytes chunk, struct err *err), void *with,
                struct progress *progress, struct err *err);

#endif
