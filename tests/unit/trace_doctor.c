/* SPDX-License-Identifier: MIT
 * The trace doctor: one log or set of logs for each rule, written here as strace writes it.
 * Expected findings follow from strace(1): the option, or the damage to the log, that removes the
 * evidence. A complete log has no finding. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "db/loading.h"
#include "trace/doctor/doctor.h"
#include "trace/trace.h"

/* The calls that each program makes at its start; three accesses, one of them failed. */
#define EXEC      "execve(\"/bin/cat\", [\"cat\", \"f\"], 0x7ffd /* 3 vars */) = 0\n"
#define PRELOAD   "access(\"/etc/ld.so.preload\", R_OK) = -1 ENOENT (No such file or directory)\n"
#define CACHE     "openat(AT_FDCWD, \"/etc/ld.so.cache\", O_RDONLY|O_CLOEXEC) = 3\n"
#define START     EXEC PRELOAD CACHE
#define END       "+++ exited with 0 +++\n"
#define FORK(pid) "clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = " pid "\n"
#define THREAD(pid)                                                                                \
    "clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD) = " pid "\n"

enum { MAX_LOGS = 3 };

struct log_text {
    const char *name, *text;
};

static const struct rule_case {
    const char *what;
    struct log_text logs[MAX_LOGS];
    const char *findings; /* "SEVERITY ID N LOG:LINE", one a line; LINE 0: the log as a whole */
} cases[] = {
    {"strace -f, whole", {{"log", "12 " EXEC "12 " PRELOAD "12 " CACHE "12 " END}}, ""},
    {"strace -y, a relative path", /* the annotation names the directory */
     {{"log", START "openat(AT_FDCWD</w>, \"f\", O_RDONLY) = 3</w/f>\n" END}},
     ""},
    {"strace -ff, both files", {{"log.12", START FORK("20") END}, {"log.20", CACHE END}}, ""},

    {"no -f, and a child", {{"log", START FORK("20") END}}, "warning no-follow 1 log:4\n"},
    {"no -f, and the signal of a child", /* without clone in -e trace, SIGCHLD shows the child */
     {{"log", START "--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=20, si_uid=0, "
                    "si_status=0, si_utime=0, si_stime=0} ---\n" END}},
     "warning no-follow 1 log:4\n"},
    {"-ff, a file is missing",
     {{"log.12", START FORK("20") FORK("21") END}, {"log.20", CACHE END}},
     "warning missing-logs 1 log.12:4\n"},
    {"-e trace=write", {{"log", "write(1, \"text\\n\", 5) = 5\n"}}, "warning empty 1 log:0\n"},
    {"-e trace=execve,access", {{"log", EXEC PRELOAD END}}, "warning no-opens 1 log:0\n"},
    {"-z: successes alone",
     {{"log", EXEC CACHE "stat(\"/a\", {st_mode=S_IFREG|0644}) = 0\n"
                         "stat(\"/b\", {st_mode=S_IFREG|0644}) = 0\n"
                         "stat(\"/c\", {st_mode=S_IFREG|0644}) = 0\n" END}},
     "warning no-failures 5 log:0\n"},
    {"-Z: failures alone",
     {{"log",
       PRELOAD "openat(AT_FDCWD, \"/a\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
               "openat(AT_FDCWD, \"/b\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
               "openat(AT_FDCWD, \"/c\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
               "openat(AT_FDCWD, \"/d\", O_RDONLY) = -1 ENOENT (No such file or directory)\n" END}},
     "warning only-failures 5 log:0\n"},
    {"grep '\\.so' log",
     {{"log", CACHE "openat(AT_FDCWD, \"/lib/libc.so.6\", O_RDONLY|O_CLOEXEC) = 3\n"}},
     "warning grepped 2 log:0\n"},
    {"-p PID",
     {{"log", PRELOAD "openat(AT_FDCWD, \"/etc/passwd\", O_RDONLY) = 3\n" END}},
     "warning no-exec 2 log:0\n"},
    {"strace was killed", {{"log", START}}, "note no-end 1 log:3\n"},

    {"the program's output in between",
     {{"log", START "Hello, world\n" END}},
     "note no-strace 1 log:4\n"},
    {"-C",
     {{"log", START END "% time     seconds  usecs/call     calls    errors syscall\n"
                        "------ ----------- ----------- --------- --------- ----------------\n"
                        "100.00    0.000010          10         1           openat\n"
                        "------ ----------- ----------- --------- --------- ----------------\n"
                        "100.00    0.000010          10         1           total\n"}},
     "warning table 5 log:5\n"},
    {"the last line is cut", {{"log", START END "openat("}}, "warning cut 1 log:5\n"},
    {"a path beyond PATH_MAX",
     {{"log", START "openat(AT_FDCWD, \"/aaa\"..., O_RDONLY) = 4\n" END}},
     "warning cut-path 1 log:4\n"},
    {"-e raw=openat",
     {{"log", START "openat(0xffffff9c, 0x7ffe1234, 0x80000) = 0x4\n" END}},
     "warning raw-path 1 log:4\n"},
    {"no -y, a relative path",
     {{"log", START "openat(AT_FDCWD, \"f\", O_RDONLY) = 4\n" END}},
     "warning unknown-cwd 1 log:4\n"},
    {"no CAP_SYS_PTRACE after setuid",
     {{"log", START "openat(AT_FDCWD, 0x5581f000, O_RDONLY) = 4\nchdir(0x5581f000) = 0\n" END}},
     "warning unreadable 2 log:4\n"},
    {"no -y, a descriptor from before",
     {{"log", START "openat(7, \"f\", O_RDONLY) = 4\n" END}},
     "warning unknown-fd 1 log:4\n"},
    {"-f without clone in -e trace",
     {{"log", "12 " EXEC "12 " PRELOAD "12 " CACHE "20 " CACHE "20 " END "12 " END}},
     "note unknown-parent 1 log:4\n"},
    {"first halves were grepped away",
     {{"log", "12 " EXEC "12 " PRELOAD "12 " CACHE "12 <... openat resumed>O_RDONLY) = 4\n"
              "12 " END}},
     "warning lost-start 1 log:4\n"},
    {"after chroot",
     {{"log", START "chroot(\"/srv\") = 0\nopenat(AT_FDCWD, \"/x\", O_RDONLY) = 4\n" END}},
     "warning other-root 1 log:5\n"},
    {"-ff, a thread changes the directory of all",
     {{"log.12", START THREAD("13") END}, {"log.13", "chdir(\"/tmp\") = 0\n" END}},
     "note shared-cwd 1 log.13:1\n"},
};

struct place {
    char dir[64], session[96];
    struct db *db;
};

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/xsmall-doctor-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->session, sizeof place->session, "%s/s.xsmall", place->dir);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void write_log(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static void load(struct db *db, const char *const *names, size_t n)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_result result;
    struct trace_request request = {.operands = names, .n_operands = n, .role = "evidence"};
    if (!loading_begin(db, &request.load, &err) ||
        !trace_load(db, &request, &progress, &result, &err) ||
        !loading_finish(db, request.load, &err))
        fail_msg("%s", err.text);
}

/* The findings are those of struct rule_case; each has a message, and a strace command that follows
 * children. */
static void examine(struct db *db, struct buf *out)
{
    struct findings findings = {0};
    struct err err = {0};
    if (!doctor_examine(db, &findings, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < findings.n; i++) {
        const struct finding *finding = &findings.items[i];
        buf_printf(out, "%s %s %llu %.*s:%u\n", finding_severity_name(finding->severity),
                   finding->id, (unsigned long long)finding->n, (int)finding->log.n, finding->log.p,
                   (unsigned)finding->line);
        assert_true(finding->words.n > 0);
        assert_non_null(memmem(finding->command.p, finding->command.n, "strace -f", 9));
    }
    findings_finish(&findings);
}

/* Loads logs into a new session in the working directory, and compares the findings. */
static void expect(struct place *place, const char *what, const struct log_text *logs,
                   const char *expected)
{
    BUF_AUTO struct buf found = {0};
    const char *names[MAX_LOGS];
    struct err err = {0};
    size_t n = 0;
    for (; n < MAX_LOGS && logs[n].name; n++) {
        write_log(logs[n].name, logs[n].text);
        names[n] = logs[n].name;
    }
    if (!db_open(place->session, DB_CREATE, &place->db, &err))
        fail_msg("%s", err.text);
    load(place->db, names, n);
    examine(place->db, &found);
    buf_byte(&found, 0);
    db_close(place->db);
    unlink(place->session);
    for (size_t i = 0; i < n; i++)
        unlink(names[i]);
    if (strcmp(found.p, expected))
        fail_msg("%s:\n%sinstead of\n%s", what, found.p, expected);
}

static void each_rule(void **state)
{
    struct place *place = *state;
    assert_int_equal(chdir(place->dir), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        expect(place, cases[i].what, cases[i].logs, cases[i].findings);
}

/* 65 536 processes at a time are followed (share/doc/limits.md); the log has four more. Only the
 * first has a known parent. */
static void more_processes_than_are_followed(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf text = {0};
    for (int pid = 1; pid <= 65540; pid++)
        buf_printf(&text, "%d openat(AT_FDCWD, \"/x\", O_RDONLY) = 3\n", pid);
    buf_printf(&text, "1 " EXEC "1 " PRELOAD "1 " END);
    buf_byte(&text, 0);
    assert_int_equal(chdir(place->dir), 0);
    expect(place, "many processes", (const struct log_text[MAX_LOGS]){{"log", text.p}},
           "warning processes 4 log:65537\nnote unknown-parent 65539 log:2\n");
}

/* 4096 descriptors of a process are followed; START opens 3, and line N opens descriptor N. */
static void more_descriptors_than_are_followed(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, START);
    for (int fd = 4; fd <= 3 + 4096; fd++)
        buf_printf(&text, "openat(AT_FDCWD, \"/x\", O_RDONLY) = %d\n", fd);
    buf_printf(&text, END);
    buf_byte(&text, 0);
    assert_int_equal(chdir(place->dir), 0);
    expect(place, "many descriptors", (const struct log_text[MAX_LOGS]){{"log", text.p}},
           "warning descriptors 1 log:4099\n");
}

/* The findings of two runs are separate. */
static void each_run_is_examined_alone(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf found = {0};
    struct err err = {0};
    const char *const first[] = {"first"}, *const second[] = {"second"};
    assert_int_equal(chdir(place->dir), 0);
    write_log("first", START);
    write_log("second", START FORK("20") END);
    if (!db_open(place->session, DB_CREATE, &place->db, &err))
        fail_msg("%s", err.text);
    load(place->db, first, 1);
    load(place->db, second, 1);
    examine(place->db, &found);
    buf_byte(&found, 0);
    assert_string_equal(found.p, "note no-end 1 first:3\nwarning no-follow 1 second:4\n");
    db_close(place->db);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {TEST(each_rule), TEST(more_processes_than_are_followed),
                                       TEST(more_descriptors_than_are_followed),
                                       TEST(each_run_is_examined_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
