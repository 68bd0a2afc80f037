/* SPDX-License-Identifier: MIT
 * A session with three logs, and the shell's pipelines with GNU grep on the same files. */
#include "chain_place.h"

#include "chain/grep/shell_lexer.h"

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

static void run(const char *text, struct buf *out)
{
    BUF_AUTO struct buf script = {0};
    BUF_AUTO struct buf command = {0};
    buf_printf(&script, "grep() { command grep -a \"$@\"; }\n%s", text);
    buf_add(&command, bytes_of("LC_ALL=C sh -c "));
    shell_quote(buf_bytes(&script), &command);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    char chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(out, bytes_from(chunk, n));
    pclose(pipe);
}

static void settle(struct place *place, struct chain *chain)
{
    struct err err = {0};
    must(chain_settle(chain, place->db, NULL, &err), &err);
}

/* The chain prints what the shell prints for `pipeline`, and the chain's own text prints the same.
 */
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
