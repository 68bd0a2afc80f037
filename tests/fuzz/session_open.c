/* SPDX-License-Identifier: MIT
 * Any bytes as a session file: refused with words, or opened, settled, searched and printed as far
 * as it goes. The first byte chooses how it is opened. Seeds: fuzz/lib_seeds.sh. */
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

static void use(struct xsmall *x, bool writes)
{
    struct err err = {0};
    bool done;
    BUF_AUTO struct buf out = {0};
    if (!xsmall_settle(x, NULL, &err))
        assert(err.text[0]);
    for (uint64_t k = 0; k < chain_n_output(x->chain) && k < 100; k++) {
        uint32_t line;
        struct bytes prefix;
        if (chain_output(x->chain, k, &line, &prefix) && xsmall_line_text(x, line, &out, &err))
            xsmall_line_access(x, line), xsmall_line_node(x, line);
    }
    for (uint32_t node = 0; x->subject && x->keep && node < x->subject->n && node < 100; node++)
        xsmall_why(x, node, &out, &err);
    chain_print(x->chain, &out);
    xsmall_names(x, &out, &out, &err);
    for (int i = 0; writes && i < 5; i++)
        xsmall_undo(x, &done, &err);
    if (writes)
        xsmall_redo(x, &done, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const tails[] = {"", "-wal", "-shm", "-journal"};
    char path[64];
    struct xsmall *x;
    struct err err = {0};
    if (n < 1)
        return 0;
    snprintf(path, sizeof path, "/dev/shm/xsmall-fuzz-%d", (int)getpid());
    put(path, bytes_from((const char *)data + 1, n - 1));
    bool writes = data[0] & 1;
    if (xsmall_open(path, writes ? DB_WRITE : DB_READ, &x, &err)) {
        use(x, writes);
        xsmall_close(x);
    } else {
        assert(err.text[0]);
    }
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        snprintf(path, sizeof path, "/dev/shm/xsmall-fuzz-%d%s", (int)getpid(), tails[i]);
        unlink(path);
    }
    return 0;
}
