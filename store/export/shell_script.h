/* SPDX-License-Identifier: MIT
 *
 * Shell text in exec-form RUN instructions, written command by command: as many RUNs as its length
 * needs, whatever the names are.
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
    struct buf text; /* of the RUN being written; a newline is where a Dockerfile line may end */
    struct buf dir;  /* the shell's directory */
};

enum script_split {
    SCRIPT_SPLIT, /* the names may be spread over several commands */
    SCRIPT_WHOLE  /* one command for all of them */
};

void script_init(struct script *script, struct buf *out);
/* Adds `before NAMES after`, run in dir (absolute). Names that shell text cannot express go through
 * printf and xargs -0. before and after are text of the program. False
 * where one command is too long; nothing is added then. */
bool script_command(struct script *script, struct bytes dir, const char *before,
                    const struct bytes *names, size_t n, const char *after,
                    enum script_split split);
void script_finish(struct script *script);

#endif
