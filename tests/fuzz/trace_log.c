/* SPDX-License-Identifier: MIT
 * Whole logs as files, loaded into a session: cut at byte 0x1e into the logs of a directory. They
 * are rejected, or each line is stored byte for byte, and a second load finds them unchanged. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/loading.h"
#include "trace/access.h"
#include "trace/log/corpus.h"
#include "trace/doctor/doctor.h"
#include "trace/trace.h"

enum { MAX_LOGS = 4 };

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void put(const char *path, struct bytes bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    need(fd >= 0 && write(fd, bytes.n ? bytes.p : "", bytes.n) == (ssize_t)bytes.n);
    close(fd);
}

static bool load(struct db *db, const char *dir, struct trace_result *result)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_request request = {.operands = &dir, .n_operands = 1, .role = "evidence"};
    need(loading_begin(db, &request.load, &err));
    bool ok = trace_load(db, &request, &progress, result, &err);
    need(ok || err.text[0]);
    if (ok)
        need(loading_finish(db, request.load, &err));
    else
        loading_abandon(db, request.load);
    return ok;
}

/* All lines can be read, and the corpus reports their number. */
static void check(struct db *db)
{
    struct corpus *corpus;
    struct corpus_reader *reader;
    struct err err = {0};
    struct bytes text;
    need(corpus_read(db, &corpus, &err) && corpus_reader_create(db, corpus, &reader, &err));
    for (uint32_t line = 0; line < corpus->n_lines; line++) {
        need(corpus_line(reader, line, &text, &err));
        need(bytes_index(text, '\n') == text.n);
    }
    corpus_reader_destroy(reader);
    corpus_destroy(corpus);
}

/* An empty session, created once: creating the tables is the slowest step. */
static void put_session(const char *path)
{
    static char empty[1 << 20];
    static size_t n;
    struct db *db;
    struct err err = {0};
    if (!n) {
        unlink(path);
        need(db_open(path, DB_CREATE, &db, &err));
        db_close(db);
        FILE *file = fopen(path, "rbe");
        need(file && (n = fread(empty, 1, sizeof empty, file)) > 0 && n < sizeof empty);
        fclose(file);
    }
    put(path, bytes_from(empty, n));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char dir[64], session[64], path[MAX_LOGS][96];
    struct trace_result result;
    struct db *db;
    struct err err = {0};
    size_t n_logs = 0;
    struct bytes rest = bytes_from((const char *)data, n);
    snprintf(dir, sizeof dir, "/dev/shm/xsmall-logs-%d", (int)getpid());
    mkdir(dir, 0700);
    for (; n_logs < MAX_LOGS && (rest.n || !n_logs); n_logs++) {
        struct bytes log = bytes_from(rest.p, bytes_index(rest, 0x1e));
        rest = bytes_skip(rest, log.n + 1);
        snprintf(path[n_logs], sizeof path[0], "%s/log.%zu", dir, n_logs + 10);
        put(path[n_logs], log);
    }
    snprintf(session, sizeof session, "/dev/shm/xsmall-session-%d", (int)getpid());
    put_session(session);
    need(db_open(session, DB_WRITE, &db, &err));
    if (load(db, dir, &result)) {
        size_t n_new = result.n_new;
        check(db);
        need(load(db, dir, &result) && result.n_same == n_new && !result.n_new);
    }
    db_close(db);
    unlink(session);
    for (size_t i = 0; i < n_logs; i++)
        unlink(path[i]);
    rmdir(dir);
    return 0;
}
