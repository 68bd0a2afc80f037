/* SPDX-License-Identifier: MIT
 *
 * What a user can start with: sessions, images and logs in the current directory, detected by
 * content, and the images of the engines on this machine.
 *
 *     struct discovery here;
 *     if (!discovery_read(&here, err)) …
 *     for (size_t i = 0; i < here.n; i++)
 *         printf("%s\n", here.items[i].name);
 *     discovery_finish(&here);
 */
#ifndef XSMALL_SESSION_DISCOVERY_H
#define XSMALL_SESSION_DISCOVERY_H

#include "util/arena.h"
#include "util/err.h"

struct discovery {
    struct discovery_item {
        enum discovery_kind { HERE_SESSION, HERE_IMAGE, HERE_LOG, HERE_LOGS_DIR, HERE_ENGINE } kind;
        const char *name; /* as an operand takes it */
    } * items;            /* owned; by kind, then by name in C order */
    size_t n, cap;
    struct arena arena;
};

/* Reads the first 10 000 entries of the directory. Unless exactly one of them is a session, it also
 * lists the images of each engine (image/source/engine.h) that answers within a second. */
bool discovery_read(struct discovery *here, struct err *err);
void discovery_finish(struct discovery *here);

#endif
