/* SPDX-License-Identifier: MIT
 * The grammar of strace's lines: each line with its parse, worked out by hand from strace(1). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "trace/strace/syscalls.h"
#include "trace/strace/line.h"

static bool is(struct bytes b, const char *z)
{
    return bytes_equal(b, bytes_of(z));
}

struct front {
    const char *text;
    enum line_kind kind;
    int32_t pid, other_pid;
    const char *name, *rest;
};

static const struct front fronts[] = {
    /* Process and time, in each form that options produce. */
    {"open(\"/a\", O_RDONLY) = 3", LINE_CALL, 0, 0, "open", "\"/a\", O_RDONLY) = 3"},
    {"12   openat(x) = 3", LINE_CALL, 12, 0, "openat", "x) = 3"},
    {"4194304 close(3) = 0", LINE_CALL, 4194304, 0, "close", "3) = 0"},
    {"[pid    12] close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"[pid 12<sh>] close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"1234<python3> close(3) = 0", LINE_CALL, 1234, 0, "close", "3) = 0"},
    {"1234 /* 5 in strace's PID NS */ close(3) = 0", LINE_CALL, 5, 0, "close", "3) = 0"},
    {"[pid 7 /* 99 in strace's PID NS */] close(3) = 0", LINE_CALL, 99, 0, "close", "3) = 0"},
    {"12:00:01 close(3) = 0", LINE_CALL, 0, 0, "close", "3) = 0"},
    {"12:00:01.000002 close(3) = 0", LINE_CALL, 0, 0, "close", "3) = 0"},
    {"1700000000.123456 close(3) = 0", LINE_CALL, 0, 0, "close", "3) = 0"},
    {"1700000000 close(3) = 0", LINE_CALL, 0, 0, "close", "3) = 0"},
    {"12 1700000000 close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"12 1700000000.123456789 close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"     0.000123 close(3) = 0", LINE_CALL, 0, 0, "close", "3) = 0"},
    {"12      0.000123 close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"12 09:30:00 (+     0.000038) close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"[ 257] openat(x) = 3", LINE_CALL, 0, 0, "openat", "x) = 3"},
    {"12 [   3] [00007f3dc82bfb1d] close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"[????????????????] close(3) = 0", LINE_CALL, 0, 0, "close", "3) = 0"},
    {"12 [system_u:system_r:init_t:s0] 09:30:00 close(3) = 0", LINE_CALL, 12, 0, "close", "3) = 0"},
    {"12<a b> 1.5 (+     0.1) [  3] [00aa] close(3) = 0\r", LINE_CALL, 12, 0, "close", "3) = 0"},
    /* Bodies. */
    {"12 stat64#64(\"/a\") = 0", LINE_CALL, 12, 0, "stat64", "\"/a\") = 0"},
    {"syscall_0x1c2(0x1, 0x2) = 0", LINE_CALL, 0, 0, "syscall_0x1c2", "0x1, 0x2) = 0"},
    {"?\?\?\?( <unfinished ...>", LINE_UNFINISHED, 0, 0, "?\?\?\?", ""},
    {"12 openat(AT_FDCWD, \"/a\" <unfinished ...>", LINE_UNFINISHED, 12, 0, "openat",
     "AT_FDCWD, \"/a\""},
    {"12 rt_sigprocmask(SIG_SETMASK, [],  <unfinished ...>", LINE_UNFINISHED, 12, 0,
     "rt_sigprocmask", "SIG_SETMASK, [],"},
    {"12 <... openat resumed>, O_RDONLY) = 3", LINE_RESUMED, 12, 0, "openat", ", O_RDONLY) = 3"},
    {"<... open resumed> ) = 3", LINE_RESUMED, 0, 0, "open", " ) = 3"},
    {"[pid 9] <... clone resumed> => {parent_tid=[88]}, 88) = 88", LINE_RESUMED, 9, 0, "clone",
     " => {parent_tid=[88]}, 88) = 88"},
    {"exit_group(0 <unfinished ...>) = ?", LINE_CALL, 0, 0, "exit_group",
     "0 <unfinished ...>) = ?"},
    {"read(0,  <detached ...>", LINE_CALL, 0, 0, "read", "0,"},
    {"execve(\"/bin/true\", [\"true\"], 0x7f /* 41 vars */ <pid changed to 8693 ...>", LINE_MOVED,
     0, 8693, "execve", "\"/bin/true\", [\"true\"], 0x7f /* 41 vars */"},
    {"vfork(strace: Process 8672 attached", LINE_UNFINISHED, 0, 8672, "vfork", ""},
    {"[pid 4] clone(child_stack=NULL, flags=CLONE_FS|SIGCHLDstrace: Process 5 attached",
     LINE_UNFINISHED, 4, 5, "clone", "child_stack=NULL, flags=CLONE_FS|SIGCHLD"},
    {" <unfinished ...>", LINE_NOTE, 0, 0, NULL, NULL},
    {", child_tidptr=0x7f) = 8702", LINE_CONTINUED, 0, 0, NULL, ", child_tidptr=0x7f) = 8702"},
    {") = 8702", LINE_CONTINUED, 0, 0, NULL, ") = 8702"},
    {"--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED, si_pid=3} ---", LINE_SIGNAL, 0, 0, NULL,
     NULL},
    {"12 --- stopped by SIGSTOP ---", LINE_SIGNAL, 12, 0, NULL, NULL},
    {"12 +++ exited with 0 +++", LINE_ENDED, 12, 0, NULL, NULL},
    {"+++ killed by SIGSEGV (core dumped) +++", LINE_ENDED, 0, 0, NULL, NULL},
    {"8701  +++ superseded by execve in pid 8702 +++", LINE_SUPERSEDED, 8701, 8702, NULL, NULL},
    {"strace: Process 31 attached", LINE_ATTACHED, 0, 31, NULL, NULL},
    {"Process 31 attached", LINE_ATTACHED, 0, 31, NULL, NULL},
    {"strace: Process 31 detached", LINE_DETACHED, 0, 31, NULL, NULL},
    {"strace: [ Process PID=31 runs in 32 bit mode. ]", LINE_NOTE, 0, 0, NULL, NULL},
    {"Requested path \"a\" resolved into \"/a\"", LINE_NOTE, 0, 0, NULL, NULL},
    {"VCPU:0> KVM_EXIT_HLT", LINE_NOTE, 0, 0, NULL, NULL},
    {"<Cannot restart pid 3>", LINE_NOTE, 0, 0, NULL, NULL},
    {" > /usr/lib/libc.so.6(__open64+0x5b) [0xf0c7b]", LINE_STACK, 0, 0, NULL, NULL},
    {" > unexpected_backtracing_error [0x7f]", LINE_STACK, 0, 0, NULL, NULL},
    {" | 00000  68 65 6c 6c 6f 0a  hello. |", LINE_DUMP, 0, 0, NULL, NULL},
    {"% time     seconds  usecs/call     calls    errors syscall", LINE_TABLE, 0, 0, NULL, NULL},
    {"------ ----------- ----------- --------- --------- ----------------", LINE_TABLE, 0, 0, NULL,
     NULL},
    {" 25.00    0.000010           1        10           read", LINE_TABLE, 0, 0, NULL, NULL},
    {"restart_syscall(<... resuming interrupted read ...>) = 0", LINE_CALL, 0, 0, "restart_syscall",
     "<... resuming interrupted read ...>) = 0"},
    {"", LINE_EMPTY, 0, 0, NULL, NULL},
    {"hello world", LINE_UNKNOWN, 0, 0, NULL, NULL},
    {"123abc", LINE_UNKNOWN, 0, 0, NULL, NULL},
    {"[pid 12", LINE_UNKNOWN, 0, 0, NULL, NULL},
    {"+++ something else +++", LINE_UNKNOWN, 0, 0, NULL, NULL},
};

static void test_fronts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fronts / sizeof *fronts; i++) {
        const struct front *f = &fronts[i];
        struct line line;
        line_read(bytes_of(f->text), &line);
        if (line.kind != f->kind || line.pid != f->pid || line.other_pid != f->other_pid ||
            !is(line.name, f->name) || (f->rest && !is(line.rest, f->rest)))
            fail_msg("%s: kind %d pid %d other %d name %.*s rest %.*s", f->text, line.kind,
                     line.pid, line.other_pid, (int)line.name.n, line.name.p, (int)line.rest.n,
                     line.rest.p);
    }
}

struct whole {
    const char *rest; /* after the opening parenthesis */
    const char *args[LINE_ARGS_MAX];
    bool closed, returned;
    int64_t value;
    int32_t error;
    const char *note;
};

static const struct whole wholes[] = {
    {"AT_FDCWD</w>, \"a,b)c\", O_RDONLY|O_CLOEXEC) = 3</usr/lib/a>",
     {"AT_FDCWD</w>", "\"a,b)c\"", "O_RDONLY|O_CLOEXEC"},
     true,
     true,
     3,
     0,
     "/usr/lib/a"},
    {"\"/etc/x\", F_OK)        = -1 ENOENT (No such file or directory)",
     {"\"/etc/x\"", "F_OK"},
     true,
     true,
     -1,
     2,
     ""},
    {"\"/x\") = -1 EACCES (Permission denied) <0.000009>", {"\"/x\""}, true, true, -1, 13, ""},
    {"\"/x\") = -1 (errno 38)", {"\"/x\""}, true, true, -1, 38, ""},
    {"\"/x\") = -1 ENOSYS (Function not implemented) (INJECTED)",
     {"\"/x\""},
     true,
     true,
     -1,
     38,
     ""},
    {"\"/x\") = -1 EOPNOTSUPP (Operation not supported)", {"\"/x\""}, true, true, -1, 95, ""},
    {"0) = ?", {"0"}, true, false, 0, -1, ""},
    {"0) = ? <unavailable>", {"0"}, true, false, 0, -1, ""},
    {"5, 0x7f, 3) = ? ERESTARTSYS (To be restarted if SA_RESTART is set)",
     {"5", "0x7f", "3"},
     true,
     false,
     0,
     -1,
     ""},
    {"NULL)                 = 0x55b3ee3db000", {"NULL"}, true, true, 0x55b3ee3db000, 0, ""},
    {"7, [{fd=3</tmp/a)b>, events=POLLIN}], 1, {tv_sec=0, tv_nsec=1}) = 0 (Timeout)",
     {"7", "[{fd=3</tmp/a)b>, events=POLLIN}]", "1", "{tv_sec=0, tv_nsec=1}"},
     true,
     true,
     0,
     0,
     ""},
    {"3<TCP:[127.0.0.1:5->127.0.0.1:80]>, \"x)\"..., 9) = 9",
     {"3<TCP:[127.0.0.1:5->127.0.0.1:80]>", "\"x)\"...", "9"},
     true,
     true,
     9,
     0,
     ""},
    {"3<UNIX-STREAM:[7->8,\"/run/a>,b\"]>, 1) = 0",
     {"3<UNIX-STREAM:[7->8,\"/run/a>,b\"]>", "1"},
     true,
     true,
     0,
     0,
     ""},
    {"0</dev/null<char 1:3>>, 5) = 0", {"0</dev/null<char 1:3>>", "5"}, true, true, 0, 0, ""},
    {"3</p>(deleted), 5) = 0", {"3</p>(deleted)", "5"}, true, true, 0, 0, ""},
    {"1<<10, 2) = 1024", {"1<<10", "2"}, true, true, 1024, 0, ""},
    {"\"/bin/ls\", [\"ls\", \"-l\"], 0x7f /* 37 vars, ) */) = 0",
     {"\"/bin/ls\"", "[\"ls\", \"-l\"]", "0x7f /* 37 vars, ) */"},
     true,
     true,
     0,
     0,
     ""},
    {"-100 /* AT_FDCWD */, \"/a\", 0x80000 /* O_RDONLY|O_CLOEXEC */) = 3",
     {"-100 /* AT_FDCWD */", "\"/a\"", "0x80000 /* O_RDONLY|O_CLOEXEC */"},
     true,
     true,
     3,
     0,
     ""},
    {"dirfd=AT_FDCWD, pathname=\"/a\", flags=O_RDONLY) = 3",
     {"AT_FDCWD", "\"/a\"", "O_RDONLY"},
     true,
     true,
     3,
     0,
     ""},
    {"\"q\\\"),\\\\\", 1) = 2", {"\"q\\\"),\\\\\"", "1"}, true, true, 2, 0, ""},
    {"\"/a\" [system_u:object_r:etc_t:s0], R_OK) = 0",
     {"\"/a\" [system_u:object_r:etc_t:s0]", "R_OK"},
     true,
     true,
     0,
     0,
     ""},
    {"child_stack=NULL, flags=SIGCHLD) = 5 /* 1234 in strace's PID NS */",
     {"NULL", "SIGCHLD"},
     true,
     true,
     1234,
     0,
     ""},
    {"3, F_GETFL) = 0x8002 (flags O_RDWR|O_LARGEFILE)",
     {"3", "F_GETFL"},
     true,
     true,
     0x8002,
     0,
     ""},
    {"AT_FDCWD, \"/a\", O_RDONLY) = 3 (DELAYED)",
     {"AT_FDCWD", "\"/a\"", "O_RDONLY"},
     true,
     true,
     3,
     0,
     ""},
    {"AT_FDCWD, \"/a\", O_RDONLY) = -1 EPERM (Operation not permitted) (INJECTED: args, retval) "
     "(DELAYED) <0.1>",
     {"AT_FDCWD", "\"/a\"", "O_RDONLY"},
     true,
     true,
     -1,
     1,
     ""},
    /* open(2): a negative result is never a descriptor, with any text after it */
    {"\"/a\", O_RDONLY) = -1", {"\"/a\"", "O_RDONLY"}, true, true, -1, -1, ""},
    {"\"/a\", O_RDONLY) = -2", {"\"/a\"", "O_RDONLY"}, true, true, -2, 2, ""},
    {"\"/a\", O_RDONLY) = -1 errno=2 (No such file or directory)",
     {"\"/a\"", "O_RDONLY"},
     true,
     true,
     -1,
     2,
     ""},
    {"\"/a\", O_RDONLY) = -1 (errno 513)", {"\"/a\"", "O_RDONLY"}, true, true, -1, 513, ""},
    {"\"/a\", O_RDONLY) = -1 errno=x", {"\"/a\"", "O_RDONLY"}, true, true, -1, -1, ""},
    {"\"/a\", O_RDONLY) = -13 <0.000009>", {"\"/a\"", "O_RDONLY"}, true, true, -13, 13, ""},
    {"\"/a\", O_RDONLY) = -4096", {"\"/a\"", "O_RDONLY"}, true, true, -4096, -1, ""},
    {"\"/a\", O_RDONLY) = -1 ENOTHING (?)", {"\"/a\"", "O_RDONLY"}, true, true, -1, -1, ""},
    {"\"/a\", O_RDONLY) = -2 ENOENT (No such file or directory)",
     {"\"/a\"", "O_RDONLY"},
     true,
     true,
     -2,
     2,
     ""},
    {"4, [3], NULL, NULL, NULL) = 1 (in [3])",
     {"4", "[3]", "NULL", "NULL", "NULL"},
     true,
     true,
     1,
     0,
     ""},
    {"0, EFD_CLOEXEC) = 5<anon_inode:[eventfd]>",
     {"0", "EFD_CLOEXEC"},
     true,
     true,
     5,
     0,
     "anon_inode:[eventfd]"},
    {"AT_FDCWD</w>, \"/a\", O_RDONLY) = 3</w/a\\74b\\76>(deleted)",
     {"AT_FDCWD</w>", "\"/a\"", "O_RDONLY"},
     true,
     true,
     3,
     0,
     "/w/a\\74b\\76"},
    {"3, F_GETFD) = 0x1 (flags FD_CLOEXEC) <0.000012>", {"3", "F_GETFD"}, true, true, 1, 0, ""},
    {"4, 0x80000000) = ? ERESTARTNOHAND (To be restarted if no handler)",
     {"4", "0x80000000"},
     true,
     false,
     0,
     -1,
     ""},
    {"AT_FDCWD, \"/a\", {flags=O_RDONLY, resolve=RESOLVE_NO_XDEV}, 24) = 3",
     {"AT_FDCWD", "\"/a\"", "{flags=O_RDONLY, resolve=RESOLVE_NO_XDEV}", "24"},
     true,
     true,
     3,
     0,
     ""},
    {") = 4", {NULL}, true, true, 4, 0, ""},
    {"\"/cut", {"\"/cut"}, false, false, 0, -1, ""},
    {"3</cut, 5", {"3</cut", "5"}, false, false, 0, -1, ""},
    {"\"/a\", {st_mode=S_IFREG", {"\"/a\"", "{st_mode=S_IFREG"}, false, false, 0, -1, ""},
    {"\"/a\")", {"\"/a\""}, true, false, 0, -1, ""},
};

static void test_wholes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
        const struct whole *w = &wholes[i];
        struct line_call call;
        size_t n = 0;
        line_split(bytes_of(w->rest), &call);
        while (n < LINE_ARGS_MAX && w->args[n])
            n++;
        if (call.n_args != n || call.closed != w->closed || call.returned != w->returned ||
            call.value != w->value || call.error != w->error || !is(call.note, w->note))
            fail_msg("%s: %zu args, closed %d returned %d value %lld error %d note %.*s", w->rest,
                     call.n_args, call.closed, call.returned, (long long)call.value, call.error,
                     (int)call.note.n, call.note.p);
        for (size_t k = 0; k < n; k++)
            if (!is(call.args[k], w->args[k]))
                fail_msg("%s: argument %zu is %.*s", w->rest, k, (int)call.args[k].n,
                         call.args[k].p);
    }
}

struct string {
    const char *arg, *text;
    size_t n;
    enum line_string kind;
};

static const struct string strings[] = {
    {"\"/a b\"", "/a b", 4, LINE_STRING_WHOLE},
    {"\"\"", "", 0, LINE_STRING_WHOLE},
    {"\"\\\"\\\\\\n\\t\\v\\f\\r\"", "\"\\\n\t\v\f\r", 7, LINE_STRING_WHOLE},
    {"\"\\1\\12\\101\\3777\"", "\1\nA\3777", 5, LINE_STRING_WHOLE}, /* \3777: byte 0377, then 7 */
    {"\"\\x2f\\x61\"", "/a", 2, LINE_STRING_WHOLE},
    {"\"\\303\\244\"", "\303\244", 2, LINE_STRING_WHOLE},
    {"\"a\\0b\"", "a\0b", 3, LINE_STRING_WHOLE},
    {"\"/long\"...", "/long", 5, LINE_STRING_CUT},
    {"\"/a\" [ctx]", "/a", 2, LINE_STRING_WHOLE},
    {"\"/open", "/open", 5, LINE_STRING_CUT},
    {"\"a\\\"", "a\"", 2, LINE_STRING_CUT},
    {"NULL", "", 0, LINE_STRING_NONE},
    {"0x7ffd", "", 0, LINE_STRING_NONE},
};

static void test_strings(void **state)
{
    (void)state;
    BUF_AUTO struct buf scratch = {0};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        struct bytes out;
        enum line_string kind = line_string(bytes_of(strings[i].arg), &scratch, &out);
        if (kind != strings[i].kind || !bytes_equal(out, bytes_from(strings[i].text, strings[i].n)))
            fail_msg("%s: kind %d, %.*s", strings[i].arg, kind, (int)out.n, out.p);
    }
    line_unescape(bytes_of("/a\\74b\\76"), &scratch);
    assert_true(is(buf_bytes(&scratch), "/a<b>"));
}

static void test_descriptors(void **state)
{
    static const struct {
        const char *arg;
        bool ok, is_cwd;
        int32_t fd;
        const char *path;
    } cases[] = {
        {"AT_FDCWD", true, true, -1, ""},
        {"AT_FDCWD</w\\74>", true, true, -1, "/w\\74"},
        {"-100", true, true, -1, ""},
        {"-100 /* AT_FDCWD */", true, true, -1, ""},
        {"-100 /* AT_FDCWD */</w>", true, true, -1, "/w"},
        {"0xffffff9c", true, true, -1, ""},
        {"4294967196", true, true, -1, ""},
        {"3", true, false, 3, ""},
        {"3</etc>", true, false, 3, "/etc"},
        {"3</gone>(deleted)", true, false, 3, "/gone"},
        {"3</gone (deleted)>", true, false, 3, "/gone"},
        {"0</dev/null<char 1:3>>", true, false, 0, "/dev/null"},
        {"3<pipe:[77]>", true, false, 3, ""},
        {"3<UNIX-STREAM:[7->8,\"/run/a\"]>", true, false, 3, ""},
        {"-1", true, false, -1, ""},
        {"-EBADF", false, false, -1, ""},
        {"NULL", false, false, -1, ""},
        {"", false, false, -1, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct line_fd fd;
        bool ok = line_fd(bytes_of(cases[i].arg), &fd);
        if (ok != cases[i].ok || fd.is_cwd != cases[i].is_cwd || fd.fd != cases[i].fd ||
            !is(fd.path, cases[i].path))
            fail_msg("%s: %d %d %d %.*s", cases[i].arg, ok, fd.is_cwd, fd.fd, (int)fd.path.n,
                     fd.path.p);
    }
}

static void test_open_flags(void **state)
{
    static const struct {
        const char *arg;
        enum access_kind kind;
        bool nofollow, cloexec;
    } cases[] = {
        {"O_RDONLY", ACCESS_READ, false, false},
        {"O_RDONLY|O_CLOEXEC", ACCESS_READ, false, true},
        {"O_RDONLY|O_NONBLOCK|O_CLOEXEC|O_DIRECTORY", ACCESS_LISTED, false, true},
        {"O_WRONLY|O_CREAT|O_TRUNC", ACCESS_CREATED, false, false},
        {"O_RDWR|O_CREAT|O_EXCL", ACCESS_CREATED, true, false},
        {"O_RDWR", ACCESS_WRITTEN, false, false},
        {"O_RDWR|O_TMPFILE", ACCESS_WRITTEN, false, false},
        {"O_RDONLY|O_NOFOLLOW|O_PATH", ACCESS_READ, true, false},
        {"0x80000", ACCESS_READ, false, true}, /* O_CLOEXEC, asm-generic/fcntl.h: 02000000 */
        {"0x80000 /* O_RDONLY|O_CLOEXEC */", ACCESS_READ, false, true},
        {"02000001", ACCESS_WRITTEN, false, true},
        {"{flags=O_RDONLY|O_DIRECTORY, resolve=RESOLVE_BENEATH}", ACCESS_LISTED, false, false},
        {"{flags=O_RDONLY, resolve=RESOLVE_NO_SYMLINKS}", ACCESS_READ, true, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct call_open open = call_open_flags(bytes_of(cases[i].arg));
        if (open.kind != cases[i].kind || open.nofollow != cases[i].nofollow ||
            open.cloexec != cases[i].cloexec)
            fail_msg("%s: kind %d nofollow %d cloexec %d", cases[i].arg, open.kind, open.nofollow,
                     open.cloexec);
    }
}

static void test_clone_flags(void **state)
{
    (void)state;
    assert_int_equal(call_clone_flags(bytes_of("child_stack=0x7f, flags=CLONE_VM|CLONE_FS|"
                                               "CLONE_FILES|SIGCHLD, parent_tid=[3]) = 3")),
                     CALL_CLONE_FS | CALL_CLONE_FILES);
    assert_int_equal(
        call_clone_flags(bytes_of("{flags=CLONE_VM|CLONE_VFORK, exit_signal=SIGCHLD}")), 0);
    assert_int_equal(call_clone_flags(bytes_of("CLONE_NEWNS) = 0")), CALL_CLONE_NEWNS);
    assert_int_equal(call_clone_flags(bytes_of("0x20000) = 0")), CALL_CLONE_NEWNS);
}

static void test_numbers(void **state)
{
    int64_t value;
    (void)state;
    assert_true(line_number(bytes_of("0666"), &value));
    assert_int_equal(value, 0666);
    assert_true(line_number(bytes_of("-13 x"), &value));
    assert_int_equal(value, -13);
    assert_true(line_number(bytes_of("0x1fF"), &value));
    assert_int_equal(value, 0x1ff);
    assert_false(line_number(bytes_of("x"), &value));
    assert_int_equal(line_errno(bytes_of("ENOTDIR")), 20); /* errno(3), Linux */
    assert_int_equal(line_errno(bytes_of("E2BIG")), 7);
    assert_int_equal(line_errno(bytes_of("EXFULL")), 54);
    assert_int_equal(line_errno(bytes_of("ENONE")), -1);
}

static void test_colours(void **state)
{
    (void)state;
    BUF_AUTO struct buf out = {0};
    struct line line;
    line_read(
        line_plain(bytes_of("\033[1;32mopenat\033[0m(AT_FDCWD, \"/a\") = \033[31m3\033[m"), &out),
        &line);
    assert_int_equal(line.kind, LINE_CALL);
    assert_true(is(line.name, "openat"));
    assert_true(is(line.rest, "AT_FDCWD, \"/a\") = 3"));
    assert_true(is(line_plain(bytes_of("a\033[2Jb"), &out), "a\033[2Jb")); /* no colour */
}

/* A long line of unterminated brackets, quotes and annotations is read once, not again from each of
 * them: the square of 2^20 steps would not end. */
static void test_unclosed(void **state)
{
    enum { N = 1 << 20 };
    static const char *const units[] = {"a<", "\"", "/*", "[", "a<x>", "<... a"};
    BUF_AUTO struct buf text = {0};
    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        struct line line;
        struct line_call call;
        buf_clear(&text);
        buf_add(&text, bytes_of("f("));
        while (text.n < N)
            buf_add(&text, bytes_of(units[i]));
        line_read(buf_bytes(&text), &line);
        line_split(line.rest, &call);
        assert_false(call.closed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fronts),     cmocka_unit_test(test_wholes),
        cmocka_unit_test(test_strings),    cmocka_unit_test(test_descriptors),
        cmocka_unit_test(test_open_flags), cmocka_unit_test(test_clone_flags),
        cmocka_unit_test(test_numbers),    cmocka_unit_test(test_colours),
        cmocka_unit_test(test_unclosed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
