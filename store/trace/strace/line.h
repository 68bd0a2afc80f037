/* SPDX-License-Identifier: MIT
 *
 * The grammar of one line of strace output: who, what kind of line, which call, its arguments and
 * its result. Pure: looks at nothing but the bytes given, allocates nothing but in a caller's buf.
 *
 * Not here: what a call means (syscalls.h) and which process or directory it is about (process.h).
 *
 *     struct line line;
 *     struct line_call call;
 *     line_read(bytes_of("12 openat(3</etc>, \"passwd\", O_RDONLY) = 4</etc/passwd>"), &line);
 *     if (line.kind == LINE_CALL)              line.pid is 12, line.name is "openat"
 *         line_split(line.rest, &call);        3 arguments, value 4, note "/etc/passwd"
 *     line_string(call.args[1], &scratch, &path);   path is "passwd"
 *
 * All spans are borrowed from the text that was given. Format: strace(1) and its printing code up
 * to version 7; every option that adds to or changes the front of a line is understood.
 */
#ifndef XSMALL_TRACE_STRACE_LINE_H
#define XSMALL_TRACE_STRACE_LINE_H

#include "util/bytes.h"

enum line_kind {
    LINE_UNKNOWN, /* no strace output */
    LINE_EMPTY,
    LINE_CALL,       /* name(args) = result; or cut off anywhere after the parenthesis */
    LINE_UNFINISHED, /* name(args <unfinished ...>, or interrupted by a message of strace */
    LINE_RESUMED,    /* <... name resumed>rest) = result */
    LINE_CONTINUED,  /* the rest of a call that a message of strace interrupted: `, x) = 3` */
    LINE_MOVED,      /* execve(args <pid changed to N ...>: it worked, N goes on with it */
    LINE_SUPERSEDED, /* +++ superseded by execve in pid N +++ */
    LINE_ENDED,      /* +++ exited with 0 +++, +++ killed by SIGSEGV +++ */
    LINE_SIGNAL,     /* --- SIGCHLD {…} --- */
    LINE_ATTACHED,   /* strace: Process N attached */
    LINE_DETACHED,   /* strace: Process N detached */
    LINE_NOTE,       /* any other message of strace */
    LINE_STACK,      /* of -k: " > libc.so.6(read+0x1) [0x2]" */
    LINE_DUMP,       /* of -e read, -e write: " | 00000  68 65 …" */
    LINE_TABLE       /* of -c, -C */
};

enum {
    LINE_ARGS_MAX = 8,     /* arguments whose spans are kept */
    LINE_PID_MAX = 4194304 /* PID_MAX_LIMIT of 64-bit Linux; a bigger number is a time */
};

struct line {
    enum line_kind kind;
    int32_t pid;       /* in front of the line; 0: none */
    int32_t other_pid; /* MOVED, SUPERSEDED, ATTACHED, DETACHED, and UNFINISHED by an attach
                          message: the N of it; else 0 */
    struct bytes name; /* CALL, UNFINISHED, RESUMED, MOVED: the call's, without #64 and the like */
    struct bytes rest; /* CALL, UNFINISHED, MOVED: after the "(", the marker at the end taken off;
                          RESUMED: after "resumed>"; CONTINUED, UNKNOWN: all */
};

/* Never fails: what is no strace output is LINE_UNKNOWN. text is one line without its newline. */
void line_read(struct bytes text, struct line *line);
/* Without the colour sequences (CSI … m) of --color: text itself where there are none, else a copy
 * in out. */
struct bytes line_plain(struct bytes text, struct buf *out);

struct line_call {
    struct bytes args[LINE_ARGS_MAX]; /* trimmed; a leading `name=` of --arg-names taken off */
    size_t n_args;                    /* at most LINE_ARGS_MAX, further ones are dropped */
    bool closed;                      /* the closing parenthesis is there */
    bool answered;                    /* an = follows */
    bool returned;                    /* value is known */
    int64_t value;                    /* as returned; in a pid namespace, as strace knows the pid */
    int32_t error;                    /* 0: success, -1: not known, else the errno */
    struct bytes note;                /* inside the <> after the value, still escaped; n 0: none */
};

/* Splits what follows the opening parenthesis. Never fails. */
void line_split(struct bytes rest, struct line_call *call);

enum line_string {
    LINE_STRING_NONE, /* no string stands here: NULL, an address, … */
    LINE_STRING_CUT,  /* strace cut it ("…"...), or the line ends in it */
    LINE_STRING_WHOLE
};

/* The string at the front of an argument, unescaped: borrowed from arg where it has no escapes,
 * else from scratch (overwritten). What may follow it (the [context] of --secontext) is
 * ignored. */
enum line_string line_string(struct bytes arg, struct buf *scratch, struct bytes *out);
/* An annotation's or string's inner text, unescaped into out (overwritten): C escapes, octal of one
 * to three digits, hex of two. */
void line_unescape(struct bytes text, struct buf *out);
/* The number at the front: decimal, 0x hex, 0 octal, negative. False where there is none. */
bool line_number(struct bytes arg, int64_t *value);

struct line_fd {
    bool is_cwd;       /* AT_FDCWD, however written */
    int32_t fd;        /* -1: is_cwd, or no descriptor */
    struct bytes path; /* of -y, still escaped; n 0: none, or it names no path (a socket, a pipe) */
};
/* Whether an annotation, still escaped (-xx: all of it), names an absolute path. */
bool line_note_is_path(struct bytes note);
/* A descriptor argument. False where no number and no AT_FDCWD stands there. */
bool line_fd(struct bytes arg, struct line_fd *out);

/* The named bits in an argument: of a number its bits, also where names follow in a comment (-X
 * verbose); of O_RDONLY|O_CLOEXEC those of the names in table. Other names are ignored. */
struct line_flag {
    struct bytes name;
    uint64_t bits;
};
#define LINE_FLAG(name_, bits_)                                                                    \
    {                                                                                              \
        {name_, sizeof(name_) - 1}, bits_                                                          \
    }
uint64_t line_flags(struct bytes arg, const struct line_flag *table, size_t n);

/* The number of an errno name (errno(3), x86-64), -1 for a name that is none. */
int32_t line_errno(struct bytes name);

#endif
