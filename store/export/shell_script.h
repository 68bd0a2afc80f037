/* SPDX-License-Identifier: MIT
 *
 * Writes shell commands in exec-form RUN instructions. Begins a new RUN when the text becomes too
 * long. Names can contain any byte.
 *
 *     struct script script;
 *     script_init(&script, &out);
 *     script_command(&script, "/", "rm -rf --", names, n, "", SCRIPT_SPLIT);
 *     script_finish(&script); // RUN ["/bin/sh", "-c", "set -e; … cd /; rm -rf -- a b"]
 */
#ifndef XSMALL_EXPORT_SHELL_SCRIPT_H
#define XSMALL_EXPORT_SHELL_SCRIPT_H

#include "util/bytes.h"

struct script {
    struct buf *out; /* borrowed: the Dockerfile */
    struct buf text; /* of the current RUN; a Dockerfile line can end at each newline */
    struct buf dir;  /* current directory of the shell */
};

enum script_split {
    SCRIPT_SPLIT, /* the names can be split into several commands */
    SCRIPT_WHOLE  /* one command for all names */
};

void script_init(struct script *script, struct buf *out);
/* Adds `before NAMES after`, run in dir (absolute). Names that shell text cannot express are passed
 * through printf and xargs -0. before and after are constant text. Returns false and adds no
 * command if a command is too long. */
bool script_command(struct script *script, struct bytes dir, const char *before,
                    const struct bytes *names, size_t n, const char *after,
                    enum script_split split);
void script_finish(struct script *script);

#endif
