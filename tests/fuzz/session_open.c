/* SPDX-License-Identifier: MIT
 * Any bytes as a session file: rejected with a message, or opened, computed, searched and printed
 * as far as possible. The first byte selects how it is opened. Seeds: fuzz/lib_seeds.sh. */
#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "db/journal.h"
#include "report/session_findings.h"
#include "report/packages.h"
#include "session/session.h"

static void put(const char *path, struct bytes bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, bytes.n ? bytes.p : "", bytes.n) != (ssize_t)bytes.n)
        abort();
    close(fd);
}

static void use(struct session *session, bool writes)
{
    struct err err = {0};
    bool done;
    BUF_AUTO struct buf out = {0};
    if (!session_settle(session, NULL, &err))
        assert(err.text[0]);
    for (uint64_t k = 0; k < chain_n_output(session->chain) && k < 100; k++) {
        uint32_t line;
        struct bytes prefix;
        if (chain_output(session->chain, k, &line, &prefix) &&
            session_line_text(session, line, &out, &err))
            session_line_access(session, line), session_line_node(session, line);
    }
    for (uint32_t node = 0;
         session->subject && session->keep && node < session->subject->n && node < 100; node++)
        session_why(session, node, &out, &err);
    chain_print(session->chain, &out);
    session_names(session, &out, &out, &err);
    for (int i = 0; writes && i < 5; i++)
        session_undo(session, &done, &err);
    if (writes)
        session_redo(session, &done, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char path[64];
    struct session *session;
    struct err err = {0};
    if (n < 1)
        return 0;
    snprintf(path, sizeof path, "/dev/shm/xsmall-fuzz-%d", (int)getpid());
    put(path, bytes_from((const char *)data + 1, n - 1));
    bool writes = data[0] & 1;
    if (session_open(path, writes ? DB_WRITE : DB_READ, &session, &err)) {
        use(session, writes);
        session_close(session);
    } else {
        assert(err.text[0]);
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        snprintf(path, sizeof path, "/dev/shm/xsmall-fuzz-%d%s", (int)getpid(), tails[i]);
        unlink(path);
    }
    return 0;
}
