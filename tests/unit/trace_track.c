/* SPDX-License-Identifier: MIT
 * Processes, directories and descriptors: small logs written by hand, and the accesses of each
 * line, worked out by hand from the man pages of its calls. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "trace/follow/tracker.h"

/* One log at a time; `lines` contains what corpus calls would contain. */
struct bench {
    struct tracker tracker;
    uint32_t lines[64];
    uint32_t n_lines;
};

static void settle(void *with, uint32_t line, uint32_t seq)
{
    struct bench *bench = with;
    assert_int_equal(bench->lines[line - 1], TRACK_PENDING);
    bench->lines[line - 1] = seq;
}

static void begin(struct bench *b, const char *cwd)
{
    *b = (struct bench){.tracker = {.settle = settle, .with = b}};
    track_init(&b->tracker);
    track_begin_trace(&b->tracker, bytes_of(cwd));
}

static void feed(struct bench *b, int32_t file_pid, uint32_t number, const char *text)
{
    struct bytes rest = bytes_of(text);
    track_begin_log(&b->tracker,
                    &(struct track_log){number, file_pid, file_pid == 10, false, NULL, rest});
    b->n_lines = 0;
    while (rest.n) {
        struct bytes line = bytes_from(rest.p, bytes_index(rest, '\n'));
        uint32_t at = b->n_lines++;
        rest = bytes_skip(rest, line.n + 1);
        b->lines[at] = TRACK_PENDING; /* for a settle of this very line, which must not come */
        b->lines[at] = track_line(&b->tracker, line, at + 1);
    }
    track_end_log(&b->tracker);
}

static void end(struct bench *b)
{
    track_finish(&b->tracker);
}

/* Returns the access of a line (from 1) as "pid call path kind errno", followed by special marks:
 * '?' before an unknown path, "nofollow", "other". n 0: the line has no access. */
static void line_is(struct bench *b, uint32_t line, const char *expected)
{
    BUF_AUTO struct buf text = {0};
    uint32_t seq = b->lines[line - 1];
    while (seq) {
        const struct new_access *row = access_rows_get(&b->tracker.here->rows, seq);
        struct bytes path = path_table_bytes(&b->tracker.paths, row->path);
        buf_printf(&text, "%s%d %s %s%.*s %s %d%s%s", text.n ? "; " : "",
                   b->tracker.all.pids[row->process], row->call->name,
                   path_table_item(&b->tracker.paths, row->path)->known ? "" : "?", (int)path.n,
                   path.p, access_kind_name(row->kind), row->error,
                   row->nofollow ? " nofollow" : "", row->other_root ? " other" : "");
        seq = row->mate;
    }
    buf_byte(&text, 0);
    if (strcmp(text.p, expected))
        fail_msg("line %u: %s, expected %s", line, text.p, expected);
}

static void check(const char *cwd, const char *log, const char *const *expected)
{
    struct bench b;
    begin(&b, cwd);
    feed(&b, 0, 0, log);
    for (uint32_t i = 0; i < b.n_lines; i++)
        line_is(&b, i + 1, expected[i]);
    end(&b);
}

static void test_directories(void **state)
{
    (void)state;
    check("/start",
          "12 execve(\"./run\", [\"run\"], 0x7f /* 3 vars */) = 0\n"
          "12 open(\"a\", O_RDONLY) = 3\n"
          "12 chdir(\"sub/../lib\") = 0\n"
          "12 openat(AT_FDCWD, \"./b//c/\", O_RDONLY|O_DIRECTORY) = 4\n"
          "12 openat(4, \"../d\", O_RDONLY) = -1 ENOENT (No such file or directory)\n"
          "12 chdir(\"/nope\") = -1 ENOENT (No such file or directory)\n"
          "12 access(\"e\", F_OK) = 0\n"
          "12 fchdir(4) = 0\n"
          "12 lstat(\"f\", {st_mode=S_IFLNK|0777}) = 0\n"
          "12 openat(9, \"g\", O_RDONLY) = 5\n"
          "12 fchdir(9) = 0\n"
          "12 open(\"h\", O_RDONLY) = 6\n"
          "12 getcwd(\"/told\", 4096) = 6\n"
          "12 open(\"i\", O_RDONLY) = 6\n"
          "12 open(\"/../..\", O_RDONLY) = 6\n",
          (const char *const[]){
              "12 execve /start/run executed 0",
              "12 open /start/a read 0",
              "12 chdir /start/lib chdir 0",
              "12 openat /start/lib/b/c listed 0",
              "12 openat /start/lib/b/d read 2",
              "12 chdir /nope chdir 2",
              "12 access /start/lib/e stat 0",
              "",
              "12 lstat /start/lib/b/c/f stat 0 nofollow",
              "12 openat ?g read 0",
              "",
              "12 open ?h read 0",
              "",
              "12 open /told/i read 0",
              "12 open / read 0",
          });
}

/* Without --cwd: the directory found in the first lines is valid for the lines before it too. */
static void test_told_directory(void **state)
{
    (void)state;
    check("",
          "12 open(\"a\", O_RDONLY) = 3\n"
          "12 openat(AT_FDCWD</w\\74>, \"b\", O_RDONLY) = 4</real/b>\n"
          "12 newfstatat(4</real/b>, \"\", {st_mode=S_IFREG}, AT_EMPTY_PATH) = 0\n"
          "12 openat(7</other/dir>(deleted), \"c\", O_RDONLY) = 5\n"
          "12 chdir(\"/x\") = 0\n"
          "12 openat(AT_FDCWD</y>, \"d\", O_RDONLY) = 5\n" /* the kernel's word is believed */
          "12 open(\"e\", O_RDONLY) = 5\n",
          (const char *const[]){
              "12 open /w</a read 0",
              "12 openat /w</b read 0",
              "12 newfstatat /real/b stat 0",
              "12 openat /other/dir/c read 0",
              "12 chdir /x chdir 0",
              "12 openat /y/d read 0",
              "12 open /y/e read 0",
          });
    check("/given",
          "open(\"a\", O_RDONLY) = 3\n"
          "getcwd(\"/told\", 4096) = 6\n",
          (const char *const[]){"0 open /told/a read 0", ""});
    check("", "open(\"a\", O_RDONLY) = 3\nchdir(\"/x\") = 0\ngetcwd(\"/x\", 4096) = 3\n",
          (const char *const[]){"0 open ?a read 0", "0 chdir /x chdir 0", ""});
}

static void test_fork(void **state)
{
    (void)state;
    check("/start",
          "10 clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD) = 11\n"
          "10 chdir(\"/parent\") = 0\n"
          "11 open(\"a\", O_RDONLY) = 3\n"
          "10 clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|SIGCHLD) = 12\n"
          "12 chdir(\"/thread\") = 0\n"
          "10 open(\"b\", O_RDONLY|O_DIRECTORY) = 3\n"
          "12 openat(3, \"c\", O_RDONLY) = 4\n"
          "11 openat(3, \"d\", O_RDONLY) = 4\n"
          "10 vfork( <unfinished ...>\n"
          "13 close(3) = 0\n"
          "13 open(\"e\", O_RDONLY) = 5\n"
          "10 <... vfork resumed>) = 13\n"
          "10 openat(3, \"f\", O_RDONLY) = 5\n"
          "10 clone3({flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}, 88) = 14\n"
          "14 +++ exited with 0 +++\n"
          "10 fork() = 14\n"
          "14 open(\"g\", O_RDONLY) = 6\n",
          (const char *const[]){"", "10 chdir /parent chdir 0", "11 open /start/a read 0", "",
                                "12 chdir /thread chdir 0", "10 open /thread/b listed 0",
                                "12 openat /thread/b/c read 0",
                                "11 openat /start/a/d read 0", /* descriptor 3 of 11 is its own a */
                                "", "", "13 open /thread/e read 0", "",
                                "10 openat /thread/b/f read 0", "", "", "",
                                "14 open /thread/g read 0"});
}

static void test_halves(void **state)
{
    struct bench b;
    (void)state;
    begin(&b, "/s");
    feed(&b, 0, 0,
         "10 fork() = 11\n"
         "10 openat(AT_FDCWD, \"a\",  <unfinished ...>\n"
         "11 open(\"/b\" <unfinished ...>\n"
         "10 <... openat resumed>O_RDONLY) = 3\n"
         "11 <... open resumed> , O_RDONLY) = -1 EACCES (Permission denied)\n"
         "11 read(0,  <unfinished ...>\n"
         "11 <... read resumed>\"\", 1) = 0\n"
         "11 <... openat resumed>O_RDONLY) = 3\n"
         "10 execve(\"/c\", [\"c\"], NULL <unfinished ...>\n"
         "10 <... execve resumed>) = ?\n"
         "10 +++ killed by SIGKILL +++\n"
         "11 stat(\"/d\" <unfinished ...>\n"
         "11 +++ killed by SIGKILL +++\n"
         "12 stat(\"/e\" <unfinished ...>\n");
    static const char *const expected[] = {
        "",
        "10 openat /s/a read 0",
        "11 open /b read 13",
        "10 openat /s/a read 0",
        "11 open /b read 13",
        "",
        "",
        "",
        "10 execve /c executed -1",
        "10 execve /c executed -1",
        "",
        "11 stat /d stat -1",
        "",
        "12 stat /e stat -1",
    };
    for (uint32_t i = 0; i < b.n_lines; i++)
        line_is(&b, i + 1, expected[i]);
    assert_int_equal(b.tracker.here->problems[PROBLEM_LOST_START], 1);
    assert_int_equal(access_rows_get(&b.tracker.here->rows, b.lines[1])->first_line, 2);
    end(&b);
}

static void test_exec_and_descriptors(void **state)
{
    (void)state;
    check("/s",
          "10 open(\"/keep\", O_RDONLY|O_DIRECTORY) = 3\n"
          "10 open(\"/gone\", O_RDONLY|O_DIRECTORY|O_CLOEXEC) = 4\n"
          "10 dup2(4, 5) = 5\n"
          "10 fcntl(3, F_DUPFD_CLOEXEC, 10) = 10\n"
          "10 openat(10, \"a\", O_RDONLY) = 6\n"
          "10 dup3(3, 7, O_CLOEXEC) = 7\n"
          "10 fcntl(7, F_SETFD, 0) = 0\n"
          "10 execve(\"/no\", [\"no\"], NULL) = -1 ENOENT (No such file or directory)\n"
          "10 openat(4, \"b\", O_RDONLY) = 8\n"
          "10 execve(\"/yes\", [\"yes\"], NULL) = 0\n"
          "10 openat(3, \"c\", O_RDONLY) = 8\n"
          "10 openat(4, \"c\", O_RDONLY) = 8\n"
          "10 openat(5, \"c\", O_RDONLY) = 8\n"
          "10 openat(10, \"c\", O_RDONLY) = 8\n"
          "10 openat(7, \"c\", O_RDONLY) = 8\n"
          "10 close(3) = 0\n"
          "10 openat(3, \"c\", O_RDONLY) = -1 EBADF (Bad file descriptor)\n"
          "10 close_range(5, 4294967295, 0) = 0\n"
          "10 openat(7, \"c\", O_RDONLY) = -1 EBADF (Bad file descriptor)\n",
          (const char *const[]){
              "10 open /keep listed 0", "10 open /gone listed 0", "", "",
              "10 openat /keep/a read 0", "", "", "10 execve /no executed 2",
              "10 openat /gone/b read 0", "10 execve /yes executed 0", "10 openat /keep/c read 0",
              "10 openat ?c read 0", "10 openat /gone/c read 0", "10 openat ?c read 0",
              "10 openat /keep/c read 0", "", "10 openat ?c read 9", "", "10 openat ?c read 9"});
}

static void test_upgrades(void **state)
{
    (void)state;
    check("/s",
          "10 open(\"/lib.so\", O_RDONLY|O_CLOEXEC) = 3\n"
          "10 mmap(NULL, 9, PROT_READ|PROT_EXEC, MAP_PRIVATE, 3, 0) = 0x7f\n"
          "10 open(\"/data\", O_RDONLY) = 4\n"
          "10 mmap(NULL, 9, PROT_READ, MAP_PRIVATE, 4, 0) = 0x7f\n"
          "10 open(\"/dir\", O_RDONLY) = 5\n"
          "10 getdents64(5, 0x7f /* 3 entries */, 32768) = 80\n"
          "10 open(\"/bad.so\", O_RDONLY) = 6\n"
          "10 mmap(NULL, 9, 0x5 /* PROT_READ|PROT_EXEC */, 2, 6, 0) = -1 EACCES (Permission "
          "denied)\n",
          (const char *const[]){"10 open /lib.so mapped 0", "", "10 open /data read 0", "",
                                "10 open /dir listed 0", "", "10 open /bad.so read 0", ""});
}

static void test_kinds(void **state)
{
    (void)state;
    check("/s",
          "10 rename(\"a\", \"/b\") = 0\n"
          "10 renameat2(AT_FDCWD, \"a\", 7</d>, \"b\", RENAME_NOREPLACE) = -1 EXDEV (x)\n"
          "10 symlink(\"text\", \"/l\") = 0\n"
          "10 symlinkat(\"text\", 7</d>, \"l\") = 0\n"
          "10 linkat(AT_FDCWD, \"/a\", AT_FDCWD, \"/b\", AT_SYMLINK_FOLLOW) = 0\n"
          "10 unlinkat(AT_FDCWD, \"/a\", AT_REMOVEDIR) = 0\n"
          "10 readlink(\"/l\", \"te\"..., 2) = 2\n"
          "10 mkdir(\"/m\", 0777) = -1 EEXIST (File exists)\n"
          "10 utimensat(7</d/f>, NULL, NULL, 0) = 0\n"
          "10 statx(AT_FDCWD, \"/x\", AT_STATX_SYNC_AS_STAT|AT_SYMLINK_NOFOLLOW, STATX_ALL, 0x7f) "
          "= 0\n"
          "10 newfstatat(AT_FDCWD, \"/x\", 0x7f, 0x100) = 0\n"
          "10 quotactl(QCMD(Q_GETINFO, USRQUOTA), \"/dev/sda\", 0, 0x7f) = 0\n"
          "10 mount(\"proc\", \"/proc\", \"proc\", 0, NULL) = 0\n"
          "10 mount(\"/src\", \"/dst\", NULL, MS_BIND, NULL) = 0\n"
          "10 connect(3, {sa_family=AF_UNIX, sun_path=\"/run/x\"}, 110) = -1 ENOENT (x)\n"
          "10 connect(3, {sa_family=AF_UNIX, sun_path=@\"/abstract\"}, 110) = 0\n"
          "10 connect(3, {sa_family=AF_INET, sin_port=htons(80)}, 16) = 0\n"
          "10 sendto(3, \"sun_path=\", 9, 0, {sa_family=AF_UNIX, sun_path=\"log\"}, 110) = 9\n"
          "10 inotify_add_watch(3, \"/w\", IN_MODIFY|IN_DONT_FOLLOW) = 1\n"
          "10 fanotify_mark(3, FAN_MARK_ADD, FAN_OPEN, AT_FDCWD, \"/f\") = 0\n"
          "10 fsconfig(3, FSCONFIG_SET_STRING, \"source\", \"/s\", 0) = 0\n"
          "10 fsconfig(3, FSCONFIG_SET_PATH, \"lower\", \"/p\", AT_FDCWD) = 0\n"
          "10 truncate(\"/t\", 5) = 0\n"
          "10 stat(NULL, NULL) = -1 EFAULT (Bad address)\n"
          "10 stat(\"\", 0x7f) = -1 ENOENT (No such file or directory)\n",
          (const char *const[]){
              "10 rename /s/a renamed 0 nofollow; 10 rename /b created 0 nofollow",
              "10 renameat2 /s/a renamed 18 nofollow; 10 renameat2 /d/b created 18 nofollow",
              "10 symlink /l created 0 nofollow",
              "10 symlinkat /d/l created 0 nofollow",
              "10 linkat /a read 0; 10 linkat /b created 0 nofollow",
              "10 unlinkat /a removed 0 nofollow",
              "10 readlink /l readlink 0 nofollow",
              "10 mkdir /m created 17 nofollow",
              "10 utimensat /d/f written 0",
              "10 statx /x stat 0 nofollow",
              "10 newfstatat /x stat 0 nofollow",
              "10 quotactl /dev/sda other 0",
              "10 mount /proc other 0",
              "10 mount /src other 0; 10 mount /dst other 0",
              "10 connect /run/x other 2",
              "",
              "",
              "10 sendto /s/log other 0",
              "10 inotify_add_watch /w other 0 nofollow",
              "10 fanotify_mark /f other 0",
              "",
              "10 fsconfig /p other 0",
              "10 truncate /t written 0",
              "",
              ""});
}

static void test_other_root(void **state)
{
    (void)state;
    check("/s",
          "10 fork() = 11\n"
          "10 chroot(\"/jail\") = 0\n"
          "10 open(\"/a\", O_RDONLY) = 3\n"
          "11 open(\"/a\", O_RDONLY) = 3\n"
          "11 unshare(CLONE_NEWNET) = 0\n"
          "11 open(\"/b\", O_RDONLY) = 3\n"
          "11 unshare(CLONE_NEWNS) = 0\n"
          "11 open(\"/b\", O_RDONLY) = 3\n"
          "10 fork() = 12\n"
          "12 setns(3, CLONE_NEWUTS) = 0\n"
          "12 stat(\"/c\", 0x7f) = 0\n",
          (const char *const[]){"", "10 chroot /jail other 0", "10 open /a read 0 other",
                                "11 open /a read 0", "", "11 open /b read 0", "",
                                "11 open /b read 0 other", "", "", "12 stat /c stat 0 other"});
    check("/s", "10 setns(3, CLONE_NEWNS) = 0\n10 stat(\"/c\", 0x7f) = 0\n",
          (const char *const[]){"", "10 stat /c stat 0 other"});
}

/* strace -f on stderr: no pid while there is one process, messages in the middle of calls. */
static void test_stderr(void **state)
{
    (void)state;
    check("/s",
          "execve(\"/bin/sh\", [\"sh\"], NULL) = 0\n"
          "chdir(\"/a\") = 0\n"
          "vfork(strace: Process 12 attached\n"
          " <unfinished ...>\n"
          "[pid    12] open(\"c\", O_RDONLY) = 3\n"
          "[pid    11] <... vfork resumed>) = 12\n"
          "[pid    11] open(\"p\", O_RDONLY) = 3\n"
          "[pid    12] chdir(\"/b\") = 0\n"
          "[pid    11] +++ exited with 0 +++\n"
          "open(\"d\", O_RDONLY) = 3\n"
          "clone(child_stack=NULL, flags=CLONE_FS|SIGCHLDstrace: Process 13 attached\n"
          ", child_tidptr=0x7f) = 13\n"
          "[pid    13] chdir(\"/e\") = 0\n"
          "[pid    12] open(\"f\", O_RDONLY) = 3\n"
          "[pid    13] exit_group(0) = ?\n"
          "[pid    13] +++ exited with 0 +++\n"
          "open(\"g\", O_RDONLY) = 3\n",
          (const char *const[]){
              "11 execve /bin/sh executed 0", "11 chdir /a chdir 0", "", "", "12 open /a/c read 0",
              "", "11 open /a/p read 0", "12 chdir /b chdir 0", "", "12 open /b/d read 0", "", "",
              "13 chdir /e chdir 0", "12 open /e/f read 0", "", "", "12 open /e/g read 0"});
}

/* A process attached while another one's call is printed: the text that it prints at its return can
 * begin with anything, and the call may be one that is not followed. */
static void test_attached_within(void **state)
{
    (void)state;
    check("/s",
          "[pid 11] open(\"a\", O_RDONLY) = 3\n"
          "[pid 12] open(\"/b\", O_RDONLY) = 4\n"
          "[pid 11] newfstatat(3, \"\", strace: Process 13 attached\n"
          "{st_mode=S_IFREG|0644, st_size=0, ...}, AT_EMPTY_PATH) = 0\n"
          "[pid 12] readlink(\"/l\", strace: Process 14 attached\n"
          "the program's own output\n"
          "\"target\", 4096) = 6\n"
          "[pid 11] stat(\"x\", strace: Process 15 attached\n"
          " <unfinished ...>\n"
          "[pid 12] brk(NULLstrace: Process 16 attached\n"
          ") = 0x55d0c8a2b000\n"
          "{no, rest} of) = 0\n"
          "[pid 11] <... stat resumed>0x7f) = -1 ENOENT (No such file or directory)\n",
          (const char *const[]){"11 open /s/a read 0", "12 open /b read 0",
                                "11 newfstatat /s/a stat 0", "11 newfstatat /s/a stat 0",
                                "12 readlink /l readlink 0 nofollow", "",
                                "12 readlink /l readlink 0 nofollow", "11 stat /s/x stat 2", "", "",
                                "", "", "11 stat /s/x stat 2"});
}

static void test_superseded(void **state)
{
    (void)state;
    check("/s",
          "8701 clone3({flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_THREAD}, 88) = 8702\n"
          "8701 stat(\"/wait\" <unfinished ...>\n"
          "8702 chdir(\"/t\") = 0\n"
          "8702 execve(\"/bin/true\", [\"true\"], NULL <unfinished ...>\n"
          "8701 <... stat resumed>) = ?\n"
          "8701 +++ superseded by execve in pid 8702 +++\n"
          "8701 <... execve resumed>) = 0\n"
          "8701 open(\"a\", O_RDONLY) = 3\n"
          "8701 +++ exited with 0 +++\n",
          (const char *const[]){"", "8701 stat /wait stat -1", "8701 chdir /t chdir 0",
                                "8701 execve /bin/true executed 0", "8701 stat /wait stat -1", "",
                                "8701 execve /bin/true executed 0", "8701 open /t/a read 0", ""});
}

/* Two forks at once: only a later line shows whose child the new process is. */
static void test_two_forks(void **state)
{
    struct bench b;
    (void)state;
    begin(&b, "/s");
    feed(&b, 0, 0,
         "10 fork() = 11\n"
         "11 chdir(\"/eleven\") = 0\n"
         "10 fork( <unfinished ...>\n"
         "11 fork( <unfinished ...>\n"
         "13 open(\"a\", O_RDONLY) = 3\n"
         "11 <... fork resumed>) = 13\n"
         "13 open(\"a\", O_RDONLY) = 3\n"
         "12 open(\"b\", O_RDONLY) = 3\n"
         "10 <... fork resumed>) = 12\n");
    line_is(&b, 5, "13 open ?a read 0");
    line_is(&b, 7, "13 open /eleven/a read 0");
    line_is(&b, 8, "12 open /s/b read 0");
    assert_int_equal(b.tracker.here->problems[PROBLEM_UNKNOWN_PARENT], 1);
    assert_int_equal(b.tracker.here->problems[PROBLEM_UNKNOWN_CWD], 1);
    end(&b);
}

/* -e trace=%file: no forks in the log. While no process changes its directory, all are in the
 * directory where strace started the first. */
static void test_forks_not_traced(void **state)
{
    (void)state;
    check("/s",
          "10 execve(\"/bin/sh\", [\"sh\"], NULL) = 0\n"
          "11 open(\"a\", O_RDONLY) = 3\n"
          "10 chdir(\"/b\") = 0\n"
          "12 open(\"c\", O_RDONLY) = 3\n",
          (const char *const[]){"10 execve /bin/sh executed 0", "11 open /s/a read 0",
                                "10 chdir /b chdir 0", "12 open ?c read 0"});
    check("/s", "10 open(\"a\", O_RDONLY) = 3\n11 open(\"b\", O_RDONLY) = 3\n",
          (const char *const[]){"10 open /s/a read 0", "11 open ?b read 0"}); /* strace -p */
}

/* -ff: the child's file starts in the directory of its parent at the time of the fork. */
static void test_files_of_processes(void **state)
{
    struct bench b;
    (void)state;
    begin(&b, "/s");
    feed(&b, 10, 0,
         "execve(\"/bin/sh\", [\"sh\"], NULL) = 0\n"
         "openat(AT_FDCWD, \"dir\", O_RDONLY|O_DIRECTORY) = 3\n"
         "chdir(\"/one\") = 0\n"
         "fork() = 11\n"
         "chdir(\"/two\") = 0\n"
         "close(3) = 0\n"
         "clone(child_stack=0x7f, flags=CLONE_FS|CLONE_FILES|CLONE_VM) = 12\n"
         "open(\"end\", O_RDONLY) = 3\n");
    line_is(&b, 8, "10 open /two/end read 0");
    feed(&b, 11, 1, "openat(3, \"a\", O_RDONLY) = 4\nopen(\"b\", O_RDONLY) = 4\n");
    line_is(&b, 1, "11 openat /s/dir/a read 0");
    line_is(&b, 2, "11 open /one/b read 0");
    feed(&b, 12, 2,
         "open(\"c\", O_RDONLY) = 4\nchdir(\"/three\") = 0\n"
         "execve(\"/x\", [\"x\"], NULL <pid changed to 10 ...>\n");
    line_is(&b, 1, "12 open /two/c read 0");
    line_is(&b, 3, "12 execve /x executed 0");
    assert_int_equal(b.tracker.here->problems[PROBLEM_SHARED_CWD], 1);
    feed(&b, 99, 3, "open(\"d\", O_RDONLY) = 4\n");
    line_is(&b, 1, "99 open ?d read 0");
    assert_int_equal(b.tracker.here->problems[PROBLEM_UNKNOWN_PARENT], 1);
    end(&b);
}

static void test_counts(void **state)
{
    struct bench b;
    (void)state;
    begin(&b, "/s");
    feed(&b, 0, 0,
         "10 open(\"/a\", O_RDONLY) = 3\n"
         "10 open(\"/a\", O_RDONLY) = 4\n"
         "10 open(\"/a\", O_RDWR) = 4\n"
         "10 open(\"/a\", O_RDONLY) = -1 EACCES (Permission denied)\n"
         "10 stat(\"/a\", 0x7f) = 0\n"
         "10 rename(\"/a\", \"/b\") = 0\n"
         "10 rename(\"/a\", \"/b\") = 0\n"
         "10 rename(\"/a\", \"/c\") = 0\n"
         "10 open(\"/a\", O_RDONLY) = 3\n");
    static const uint32_t seqs[] = {1, 1, 2, 3, 4, 5, 5, 7, 1};
    for (uint32_t i = 0; i < b.n_lines; i++)
        assert_int_equal(b.lines[i], seqs[i]);
    assert_int_equal(access_rows_last(&b.tracker.here->rows), 8);
    assert_int_equal(access_rows_get(&b.tracker.here->rows, 1)->n, 3);
    assert_int_equal(access_rows_get(&b.tracker.here->rows, 1)->first_line, 1);
    assert_int_equal(access_rows_get(&b.tracker.here->rows, 6)->n, 2);
    assert_int_equal(access_rows_get(&b.tracker.here->rows, 5)->mate, 6);
    assert_int_equal(access_rows_get(&b.tracker.here->rows, 6)->mate, 0);
    end(&b);
}

static void test_problems(void **state)
{
    struct bench b;
    (void)state;
    begin(&b, "/s");
    feed(&b, 0, 0,
         "10 openat(0xffffff9c, 0x7ffd1234, 0x80000) = 0x3\n" /* -e raw=openat */
         "10 open(\"/cut\"..., O_RDONLY) = -1 ENAMETOOLONG (File name too long)\n"
         "hello\n"
         "hello again\n"
         "% time     seconds\n"
         "10 open(\"/half\", O_RD\n");
    assert_int_equal(b.tracker.here->problems[PROBLEM_RAW_PATH], 1);
    assert_int_equal(b.tracker.here->problems[PROBLEM_CUT_PATH], 1);
    assert_int_equal(b.tracker.here->problems[PROBLEM_NO_STRACE], 2);
    assert_int_equal(b.tracker.here->problems[PROBLEM_TABLE], 1);
    assert_int_equal(b.tracker.here->problems[PROBLEM_CUT_LINE], 1);
    line_is(&b, 6, "10 open /half read -1");
    end(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_directories),
        cmocka_unit_test(test_told_directory),
        cmocka_unit_test(test_fork),
        cmocka_unit_test(test_halves),
        cmocka_unit_test(test_exec_and_descriptors),
        cmocka_unit_test(test_upgrades),
        cmocka_unit_test(test_kinds),
        cmocka_unit_test(test_other_root),
        cmocka_unit_test(test_stderr),
        cmocka_unit_test(test_attached_within),
        cmocka_unit_test(test_superseded),
        cmocka_unit_test(test_two_forks),
        cmocka_unit_test(test_forks_not_traced),
        cmocka_unit_test(test_files_of_processes),
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_problems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
