/* SPDX-License-Identifier: MIT
 *
 * Runs another program and reads its output. The program is run without a shell and without
 * standard input, and ends when xsmall ends. It inherits the environment unchanged, because engines
 * find their daemon, proxy and credentials there (DOCKER_HOST, HTTPS_PROXY, …). No data of an image
 * or a log is added to the environment.
 *
 *     const char *const argv[] = {"docker", "save", "--", "alpine", NULL};
 *     if (!spawn_read(argv, take, with, progress, err)) return false;
 */
#ifndef XSMALL_IMAGE_SOURCE_SPAWN_H
#define XSMALL_IMAGE_SOURCE_SPAWN_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/progress.h"

/* Passes the standard output of the program to take(), until take() returns false with err. Fails
 * if the program cannot be run, is cancelled (progress may be NULL), or exits with a status other
 * than 0; err then has the end of its standard error. The program receives SIGTERM when this thread
 * ends. */
bool spawn_read(const char *const *argv,
                bool (*take)(void *with, struct bytes chunk, struct err *err), void *with,
                struct progress *progress, struct err *err);

#endif
