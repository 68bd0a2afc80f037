/* SPDX-License-Identifier: MIT
 *
 * Finds the files that a user can start with: sessions, images and logs in the current directory,
 * detected by their content, and the images of the container engines on this machine.
 *
 *     struct discovery found;
 *     if (!discovery_read(&found, err)) …
 *     for (size_t i = 0; i < found.n; i++)
 *         printf("%s\n", found.items[i].name);
 *     discovery_finish(&found);
 */
#ifndef XSMALL_SESSION_DISCOVERY_H
#define XSMALL_SESSION_DISCOVERY_H

#include "util/arena.h"
#include "util/err.h"

struct discovery {
    struct discovery_item {
        enum discovery_kind {
            DISCOVERED_SESSION,
            DISCOVERED_IMAGE,
            DISCOVERED_LOG,
            DISCOVERED_LOGS_DIR,
            DISCOVERED_ENGINE
        } kind;
        const char *name; /* can be used as an operand */
    } * items;            /* owned; by kind, then by name in C order */
    size_t n, cap;
    struct arena arena;
};

/* Reads the first 10 000 entries of the directory. Unless exactly one of them is a session, it also
 * lists the images of each engine (image/source/engine.h) that answers within a second. */
bool discovery_read(struct discovery *found, struct err *err);
void discovery_finish(struct discovery *found);

#endif
