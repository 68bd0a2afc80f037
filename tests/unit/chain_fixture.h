/* SPDX-License-Identifier: MIT
 * A session with three logs, and the shell's pipelines with GNU grep on the same files. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/chain.h"
#include "chain/words.h"
#include "db/loading.h"
#include "trace/trace.h"

struct place {
    char dir[64];
    struct db *db;
    struct corpus *corpus;
    struct corpus_reader *reader;
};

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static void put_log(const char *name, uint32_t seed, size_t n_lines, const char *last)
{
    static const char *const lines[] = {
        "openat(AT_FDCWD, \"/usr/lib/libc.so.6\", O_RDONLY|O_CLOEXEC) = 3",
        "openat(AT_FDCWD, \"/usr/lib/python3/site-packages/a.py\", O_RDONLY) = 4",
        "openat(AT_FDCWD, \"/usr/lib/missing.so\", O_RDONLY) = -1 ENOENT (No such file)",
        "access(\"/etc/ld.so.preload\", R_OK) = -1 ENOENT (No such file or directory)",
        "stat(\"/usr/lib/python3/lib-dynload/_ssl.so\", {st_size=1}) = 0",
        "execve(\"/bin/sh\", [\"sh\", \"-c\", \"ls log.*\"], 0x7ffc /* 9 vars */) = 0",
        "--- SIGCHLD {si_signo=SIGCHLD, si_pid=12} ---",
        "read(3, \"\\177ELF\\2\\1\", 832) = 832",
        "openat(AT_FDCWD, \"/aa/aa\", O_RDONLY) = 5",
        "write(1, \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa~\", 41) = 41",
        ""};
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(lines[0], file);
    for (size_t i = 1; i < n_lines; i++) {
        seed = seed * 1103515245 + 12345;
        fprintf(file, "\n%s", lines[(seed >> 16) % (sizeof lines / sizeof *lines)]);
        if (i % 97 == 0)
            fprintf(file, "%c\xff odd", 0);
    }
    fputs(last, file);
    assert_int_equal(fclose(file), 0);
}

static void load_logs(struct place *place, const char *const *names, size_t n)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_result result;
    struct trace_request request = {.operands = names, .n_operands = n, .role = "evidence"};
    must(loading_begin(place->db, &request.load, &err), &err);
    must(trace_load(place->db, &request, &progress, &result, &err), &err);
    must(loading_finish(place->db, request.load, &err), &err);
    corpus_reader_destroy(place->reader);
    corpus_destroy(place->corpus);
    must(corpus_read(place->db, &place->corpus, &err), &err);
    must(corpus_reader_create(place->db, place->corpus, &place->reader, &err), &err);
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    strcpy(place->dir, "/tmp/xsmall-chain-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    assert_int_equal(chdir(place->dir), 0);
    put_log("log.1", 1, 9000, "\n"); /* several blocks */
    put_log("log.2", 2, 500, "");    /* no newline at the end */
    put_log("log.10", 3, 60, "\n");
    must(db_open("s.xsmall", DB_CREATE, &place->db, &err), &err);
    static const char *const names[] = {"log.2", "log.1", "log.10"};
    load_logs(place, names, 3);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    corpus_reader_destroy(place->reader);
    corpus_destroy(place->corpus);
    db_close(place->db);
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void run(const char *text, struct buf *out)
{
    BUF_AUTO struct buf script = {0};
    BUF_AUTO struct buf command = {0};
    buf_printf(&script, "grep() { command grep -a \"$@\"; }\n%s", text);
    buf_add(&command, bytes_of("LC_ALL=C sh -c "));
    word_quote(buf_bytes(&script), &command);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(out, bytes_from(chunk, n));
    pclose(pipe);
}

static void output_of(struct place *place, const struct chain *chain, struct buf *out)
{
    struct err err = {0};
    uint64_t n = chain_n_output(chain);
    for (uint64_t k = 0; k < n; k++) {
        uint32_t line;
        struct bytes prefix, text;
        assert_true(chain_output(chain, k, &line, &prefix));
        must(corpus_line(place->reader, line, &text, &err), &err);
        buf_add(out, prefix);
        buf_add(out, text);
        buf_byte(out, '\n');
        assert_true(roaring_bitmap_contains(chain_survivors(chain), line));
    }
}

static struct chain *make(struct place *place, const char *pipeline)
{
    struct chain *chain;
    struct err err = {0};
    must(chain_read(place->db, &chain, &err), &err);
    must(chain_from_pipeline(chain, bytes_of(pipeline), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    return chain;
}

static void settle(struct place *place, struct chain *chain)
{
    struct err err = {0};
    must(chain_settle(chain, place->db, NULL, &err), &err);
}

/* The chain as it stands prints what the shell prints for `pipeline`, and so does its own text. */
static void check_output(struct place *place, const struct chain *chain, const char *pipeline)
{
    BUF_AUTO struct buf expected = {0};
    BUF_AUTO struct buf got = {0};
    BUF_AUTO struct buf printed = {0};
    BUF_AUTO struct buf again = {0};
    run(pipeline, &expected);
    output_of(place, chain, &got);
    chain_print(chain, &printed);
    buf_byte(&printed, 0);
    if (!bytes_equal(buf_bytes(&expected), buf_bytes(&got)))
        fail_msg("%s: the shell prints %zu bytes, the chain %zu", pipeline, expected.n, got.n);
    run(printed.p, &again);
    if (!bytes_equal(buf_bytes(&expected), buf_bytes(&again)))
        fail_msg("%s: printed as %s", pipeline, printed.p);
}
