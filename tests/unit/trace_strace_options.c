/* SPDX-License-Identifier: MIT
 * The installed strace on a small program, with several sets of options: the accesses below its
 * working directory, worked out by hand from its source, are the same for all sets. Skipped without
 * a compiler, strace, or the right to trace. */
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
#include "trace/access.h"
#include "need.h"
#include "trace/trace.h"

static const char program[] =
    "#define _GNU_SOURCE\n"
    "#include <fcntl.h>\n#include <pthread.h>\n#include <stdio.h>\n#include <sys/stat.h>\n"
    "#include <sys/syscall.h>\n#include <sys/wait.h>\n#include <unistd.h>\n"
    "static int look(int dir, const char *path, int flags)\n"
    "{ return syscall(SYS_openat, dir, path, flags, 0644); }\n"
    "static void *move(void *none) { syscall(SYS_chdir, \"..\"); return none; }\n"
    "int main(void) {\n"
    "    char text[9]; pthread_t thread; pid_t pid; int dir;\n"
    "    syscall(SYS_mkdirat, AT_FDCWD, \"sub\", 0755);\n"
    "    close(look(AT_FDCWD, \"sub//f\", O_CREAT | O_RDWR));\n"
    "    dir = look(AT_FDCWD, \"./sub\", O_RDONLY | O_DIRECTORY | O_CLOEXEC);\n"
    "    look(dir, \"f\", O_RDONLY);\n"
    "    look(dir, \"../sub/missing\", O_RDONLY);\n"
    "    syscall(SYS_chdir, \"sub\");\n"
    "    look(AT_FDCWD, \"odd\\\"\\n<\\303\\244\", O_RDONLY);\n"
    "    if (!(pid = fork())) {\n"
    "        syscall(SYS_chdir, \"..\");\n"
    "        look(AT_FDCWD, \"child\", O_RDONLY);\n"
    "        syscall(SYS_fchdir, dir);\n"
    "        look(AT_FDCWD, \"by-fd\", O_RDONLY);\n"
    "        _exit(0);\n"
    "    }\n"
    "    waitpid(pid, NULL, 0);\n"
    "    look(AT_FDCWD, \"parent\", O_RDONLY);\n"
    "    if (!(pid = vfork())) {\n"
    "        syscall(SYS_execve, \"./nothing\", (char *[]){\"x\", NULL}, NULL);\n"
    "        _exit(0);\n"
    "    }\n"
    "    waitpid(pid, NULL, 0);\n"
    "    syscall(SYS_symlinkat, \"text\", AT_FDCWD, \"link\");\n"
    "    syscall(SYS_readlinkat, AT_FDCWD, \"link\", text, sizeof text);\n"
    "    look(AT_FDCWD, \"link\", O_RDONLY);\n"
    "    look(AT_FDCWD, \"f/x\", O_RDONLY);\n"
    "    syscall(SYS_renameat2, AT_FDCWD, \"f\", dir, \"g\", 0);\n"
    "    pthread_create(&thread, NULL, move, NULL);\n"
    "    pthread_join(thread, NULL);\n"
    "    look(AT_FDCWD, \"after-thread\", O_RDONLY);\n"
    "    return 0;\n"
    "}\n";

/* In C order; @ is the working directory. ENOENT is 2, ENOTDIR 20. */
static const char expected[] = "chdir @ 0\n" /* of the child, and of the thread */
                               "chdir @/sub 0\n"
                               "execve @/sub/nothing 2\n"
                               "mkdirat @/sub 0\n"
                               "openat @/after-thread 2\n"
                               "openat @/child 2\n"
                               "openat @/sub 0\n"
                               "openat @/sub/by-fd 2\n"
                               "openat @/sub/f 0\n"
                               "openat @/sub/f/x 20\n"
                               "openat @/sub/link 2\n"
                               "openat @/sub/missing 2\n"
                               "openat @/sub/odd\"\n<\303\244 2\n"
                               "openat @/sub/parent 2\n"
                               "readlinkat @/sub/link 0\n"
                               "renameat2 @/sub/f 0\n"
                               "renameat2 @/sub/g 0\n"
                               "symlinkat @/sub/link 0\n";

struct place {
    char dir[64];
};

static bool run(const char *fmt, const char *dir, const char *options)
{
    BUF_AUTO struct buf command = {0};
    for (const char *p = fmt; *p; p++) {
        if (*p == '@')
            buf_add(&command, bytes_of(dir));
        else if (*p == '%')
            buf_add(&command, bytes_of(options));
        else
            buf_byte(&command, *p);
    }
    buf_byte(&command, 0);
    return system(command.p) == 0;
}

static void build_program(const struct place *place)
{
    char path[96];
    snprintf(path, sizeof path, "%s/p.c", place->dir);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(program, file);
    fclose(file);
    assert_true(run("cc -pthread -o '@/p' '@/p.c'", place->dir, ""));
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    strcpy(place->dir, "/tmp/xsmall-strace-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    build_program(place);
    *state = place;
    return 0;
}

static int tear_down(void **state)
{
    struct place *place = *state;
    run("rm -rf '@'", place->dir, "");
    free(place);
    return 0;
}

static void load(const struct place *place, struct db *db, const char *cwd)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_result result;
    char logs[96];
    snprintf(logs, sizeof logs, "%s/logs", place->dir);
    const char *operand = logs;
    struct trace_request request = {
        .operands = &operand, .n_operands = 1, .role = "evidence", .cwd = cwd};
    if (!loading_begin(db, &request.load, &err) ||
        !trace_load(db, &request, &progress, &result, &err) ||
        !loading_finish(db, request.load, &err))
        fail_msg("%s", err.text);
}

/* Returns each different "call path errno" below cwd, or of an unknown path, sorted; cwd is written
 * @. */
static const char TOLD[] =
    "SELECT DISTINCT call || ' ' || CASE WHEN known THEN '@' || substr(path, length(:cwd) + 1) "
    "ELSE '?' || path END || ' ' || errno AS line FROM access JOIN asked ON asked.id = asked "
    "WHERE NOT known OR path = :cwd OR substr(path, 1, length(:cwd) + 1) = :cwd || '/' "
    "ORDER BY line COLLATE BINARY";

static void report(struct db *db, const char *cwd, struct buf *out)
{
    struct err err = {0};
    struct stmt *q = db_query(db, TOLD, &err);
    if (!q)
        fail_msg("%s", err.text);
    stmt_bind_text(q, ":cwd", bytes_of(cwd));
    while (stmt_step(q, &err) == STEP_ROW) {
        buf_add(out, stmt_bytes(q, 0));
        buf_byte(out, '\n');
    }
    buf_byte(out, 0);
}

/* Runs fmt, which traces into @/logs; out gets the accesses of the session. */
static void trace(void **state, const char *fmt, const char *options, bool tells_cwd,
                  struct buf *out)
{
    struct place *place = *state;
    struct err err = {0};
    struct db *db;
    char session[96], cwd[96];
    snprintf(session, sizeof session, "%s/s.xsmall", place->dir);
    snprintf(cwd, sizeof cwd, "%s/work", place->dir);
    assert_true(
        run("rm -rf '@/work' '@/logs' '@/s.xsmall'; mkdir '@/work' '@/logs'", place->dir, ""));
    assert_true(run(fmt, place->dir, options));
    if (!db_open(session, DB_CREATE, &db, &err))
        fail_msg("%s", err.text);
    load(place, db, tells_cwd ? NULL : cwd);
    report(db, cwd, out);
    db_close(db);
}

static void check(void **state, const char *fmt, const char *options, bool tells_cwd,
                  const char *told)
{
    BUF_AUTO struct buf text = {0};
    trace(state, fmt, options, tells_cwd, &text);
    if (strcmp(text.p, told))
        fail_msg("strace %s: %s", options, text.p);
}

static const char INTO_FILE[] = "cd '@/work' && strace % -o '@/logs/log' '@/p'";

/* Returns true if the installed strace knows the options. */
static bool knows(void **state, const char *options)
{
    const struct place *place = *state;
    return run("strace % -o '@/try' true >'@/strace.txt' 2>&1", place->dir, options);
}

/* Options that change the form of lines, but not which calls are traced. */
static void test_one_file(void **state)
{
    static const char *const sets[] = {"-f",
                                       "-f -t",
                                       "-f -tt -T -i -n",
                                       "-f -ttt",
                                       "-f -r",
                                       "-f -r -t",
                                       "-f -r -xx -a 10",
                                       "-f -x -s 0",
                                       "-f -X verbose",
                                       "-f -X raw",
                                       "-f -X abbrev",
                                       "-f -Y -ttt -v -s 4096",
                                       "-f -v -k",
                                       "-f -q",
                                       "-f -qqq",
                                       "-f -N",
                                       "-f --secontext",
                                       "-f --color=always",
                                       "-f --absolute-timestamps=format:unix,precision:ns",
                                       "-f --pidns-translation",
                                       "-f --seccomp-bpf -e trace=%file,%process,fchdir,close",
                                       "-f --strings-in-hex=non-ascii-chars",
                                       "-f -e read=all -e write=all",
                                       "-f -e inject=getppid:retval=1",
                                       "-f -e inject=openat,chdir:delay_exit=100",
                                       "-f -e trace=%file,%process,fchdir,close -e signal=none"};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++) {
        if (knows(state, sets[i]))
            check(state, INTO_FILE, sets[i], false, expected);
        else
            print_message("not known to this strace: %s\n", sets[i]);
    }
}

/* With the paths of descriptors, the log contains its directory. */
static void test_annotated(void **state)
{
    static const char *const sets[] = {
        "-f -y",  "-f -yy -tt", "-f -yy -xx",          "-f --decode-fds=all",
        "-ff -y", "-ff -yy -r", "-f -y -e trace=%file"};
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        check(state, INTO_FILE, sets[i], true, expected);
}

static void test_stderr(void **state)
{
    check(state, "cd '@/work' && strace % '@/p' 2>'@/logs/log'", "-f", false, expected);
    check(state, "cd '@/work' && strace % '@/p' 2>'@/logs/log'", "-f -tt -y", true, expected);
}

/* A shell script whose output is mixed with the lines: the calls of the C library and the shell are
 * not fixed, but they are the same for each set of options. */
static void test_script(void **state)
{
    static const char script[] =
        "cd '@/work' && strace % sh -c 'echo 7 \"= 0\"; mkdir new; cd new; cat gone; : >made; "
        "cat made | sort; cd ..; rm new/made; echo open\\(' >'@/logs/log' 2>&1";
    static const char *const sets[] = {"-f", "-f -tt -i", "-f -y -X verbose", "-f -xx -v", "-f -r"};
    static const char *const sure[] = {"chdir @ 0\n", "chdir @/new 0\n", "openat @/new/gone 2\n",
                                       "openat @/new/made 0\n", "unlinkat @/new/made 0\n"};
    BUF_AUTO struct buf fullest = {0};
    trace(state, script, "-f -yy -v -s 4096", true, &fullest);
    for (size_t i = 0; i < sizeof sure / sizeof *sure; i++)
        if (!strstr(fullest.p, sure[i]))
            fail_msg("%s is not among %s", sure[i], fullest.p);
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        check(state, script, sets[i], false, fullest.p);
}

/* Returns the lines of expected that contain a text. */
static void pick(const char *text, struct buf *out)
{
    for (struct bytes rest = bytes_of(expected); rest.n;) {
        size_t n = bytes_index(rest, '\n') + 1; /* a name has a newline: the text after it */
        if (n < rest.n && rest.p[n] == '<')     /* begins with that */
            n += bytes_index(bytes_skip(rest, n), '\n') + 1;
        if (memmem(rest.p, n, text, strlen(text)))
            buf_add(out, bytes_from(rest.p, n));
        rest = bytes_skip(rest, n);
    }
    buf_byte(out, 0);
}

/* Sets that omit calls: no other access is missing, and no other access appears. */
static void test_losses(void **state)
{
    BUF_AUTO struct buf worked = {0};
    BUF_AUTO struct buf opens = {0};
    /* The omitted calls include the fork and the chdir before execve: the directory of execve is
     * unknown, and reported as unknown. */
    static const char failed[] = "execve ?./nothing 2\n"
                                 "openat @/after-thread 2\n"
                                 "openat @/child 2\n"
                                 "openat @/sub/by-fd 2\n"
                                 "openat @/sub/f/x 20\n"
                                 "openat @/sub/link 2\n"
                                 "openat @/sub/missing 2\n"
                                 "openat @/sub/odd\"\n<\303\244 2\n"
                                 "openat @/sub/parent 2\n";
    pick(" 0\n", &worked);
    pick("openat ", &opens);
    if (knows(state, "-z")) {
        check(state, INTO_FILE, "-f -y -z", true, worked.p);
        check(state, INTO_FILE, "-f -y -Z", true, failed);
    }
    check(state, INTO_FILE, "-f -y -e trace=openat", true, opens.p);
}

/* Two runs appended to one log; a run whose last line is cut; colours around a line's parts. */
static void test_handled_logs(void **state)
{
    check(state,
          "cd '@/work' && strace % -o '@/logs/log' '@/p' && rm -rf sub && "
          "strace % -A -o '@/logs/log' '@/p'",
          "-f", false, expected);
    check(state,
          "cd '@/work' && strace % -o '@/all' '@/p' && "
          "head -c $(($(wc -c <'@/all') - 9)) '@/all' >'@/logs/log'",
          "-f -y", true, expected);
    check(state,
          "cd '@/work' && strace % -o '@/all' '@/p' && "
          "sed 's/^[0-9]*/\033[31m&\033[0m/; s/= .*$/\033[1;32m&\033[m/' '@/all' >'@/logs/log'",
          "-f", false, expected);
}

/* One file per process: if a thread changed the shared directory in its own file, the directory
 * becomes unknown, and is reported as unknown. */
static void test_file_each(void **state)
{
    static const char sure[] = "@/after-thread", unsure[] = "?after-thread";
    BUF_AUTO struct buf told = {0};
    size_t at = (size_t)(strstr(expected, sure) - expected);
    buf_add(&told, bytes_from(expected, at));
    buf_add(&told, bytes_of(unsure)); /* it sorts there too */
    buf_add(&told, bytes_of(expected + at + strlen(sure)));
    buf_byte(&told, 0);
    check(state, INTO_FILE, "-ff", false, told.p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_annotated, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_stderr, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_script, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_losses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_handled_logs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_file_each, set_up, tear_down),
    };
    need_tool("cc");
    need_strace();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
