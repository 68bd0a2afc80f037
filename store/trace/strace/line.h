/* SPDX-License-Identifier: MIT
 *
 * The grammar of one line of strace output: pid, kind of line, call, arguments and result. The
 * functions only read the bytes passed in, and allocate only in a buf of the caller.
 *
 * Not here: the meaning of a call (syscalls.h), and the process and directory of a line
 * (process.h).
 *
 *     struct line line;
 *     struct line_call call;
 *     line_read(bytes_of("12 openat(3</etc>, \"passwd\", O_RDONLY) = 4</etc/passwd>"), &line);
 *     if (line.kind == LINE_CALL)              line.pid is 12, line.name is "openat"
 *         line_split(line.rest, &call);        3 arguments, value 4, note "/etc/passwd"
 *     line_string(call.args[1], &scratch, &path);   path is "passwd"
 *
 * All spans are borrowed from the text passed in. Source of the format: strace(1) and its printing
 * code up to version 7. Every option that changes the beginning of a line is supported.
 */
#ifndef XSMALL_TRACE_STRACE_LINE_H
#define XSMALL_TRACE_STRACE_LINE_H

#include "util/bytes.h"

enum line_kind {
    LINE_UNKNOWN, /* not strace output */
    LINE_EMPTY,
    LINE_CALL,       /* name(args) = result; or truncated anywhere after the parenthesis */
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
    LINE_ARGS_MAX = 8,     /* number of arguments whose spans are kept */
    LINE_PID_MAX = 4194304 /* PID_MAX_LIMIT of 64-bit Linux; a bigger number is a time */
};

struct line {
    enum line_kind kind;
    int32_t pid;       /* pid before the line; 0: no pid */
    int32_t other_pid; /* MOVED, SUPERSEDED, ATTACHED, DETACHED, and UNFINISHED by an attach
                          message: the N of it; else 0 */
    bool detached;     /* CALL: strace was stopped during the call and printed <detached ...> */
    struct bytes name; /* CALL, UNFINISHED, RESUMED, MOVED: the call, without a suffix like #64 */
    struct bytes rest; /* CALL, UNFINISHED, MOVED: after the "(", without the marker at the end;
                          RESUMED: after "resumed>"; CONTINUED, UNKNOWN: all */
};

/* Parses a line. Never fails: text that is not strace output becomes LINE_UNKNOWN. text is one line
 * without its newline. */
void line_read(struct bytes text, struct line *line);
/* Removes the colour sequences (CSI … m) of --color. Returns text itself if it has no such
 * sequence, else a copy in out. */
struct bytes line_plain(struct bytes text, struct buf *out);

struct line_call {
    struct bytes args[LINE_ARGS_MAX]; /* trimmed, without the leading `name=` of --arg-names */
    size_t n_args;                    /* at most LINE_ARGS_MAX; further arguments are dropped */
    bool closed;                      /* the closing parenthesis is there */
    bool answered;                    /* an = follows */
    bool returned;                    /* value is known */
    int64_t value;                    /* as returned; in a pid namespace, as strace knows the pid */
    int32_t error;                    /* 0: success, -1: not known, else the errno */
    struct bytes note; /* inside the <> after the value, still escaped; n 0: absent */
};

/* Splits the text after the opening parenthesis. Never fails. */
void line_split(struct bytes rest, struct line_call *call);

enum line_string {
    LINE_STRING_NONE, /* not a string: NULL, an address, … */
    LINE_STRING_CUT,  /* strace truncated it ("…"...), or the line ends inside it */
    LINE_STRING_WHOLE
};

/* Reads the string at the beginning of an argument, unescaped. It is borrowed from arg if it has no
 * escapes, else from scratch (overwritten). Text after the string is ignored, e.g. the [context] of
 * --secontext. */
enum line_string line_string(struct bytes arg, struct buf *scratch, struct bytes *out);
/* Unescapes the inner text of an annotation or string into out (overwritten): C escapes, octal
 * escapes of one to three digits, hex escapes of two digits. */
void line_unescape(struct bytes text, struct buf *out);
/* Reads the number at the beginning: decimal, 0x hex, 0 octal, or negative. Returns false if there
 * is no number. */
bool line_number(struct bytes arg, int64_t *value);

struct line_fd {
    bool is_cwd;       /* AT_FDCWD, in any notation */
    int32_t fd;        /* -1: is_cwd, or no descriptor */
    struct bytes path; /* path printed by -y, still escaped; n 0: no annotation, or not a path (a
                          socket, a pipe) */
};
/* Returns true if an annotation names an absolute path. The annotation is still escaped (completely
 * with -xx). */
bool line_note_is_path(struct bytes note);
/* Reads a descriptor argument. Returns false if it is neither a number nor AT_FDCWD. */
bool line_fd(struct bytes arg, struct line_fd *out);

/* Returns the flag bits of an argument. For a number these are its bits, also if names follow in a
 * comment (-X verbose). For names (O_RDONLY|O_CLOEXEC) these are the bits of the names in table;
 * other names are ignored. */
struct line_flag {
    struct bytes name;
    uint64_t bits;
};
#define LINE_FLAG(name_, bits_)                                                                    \
    {                                                                                              \
        {name_, sizeof(name_) - 1}, bits_                                                          \
    }
uint64_t line_flags(struct bytes arg, const struct line_flag *table, size_t n);

/* Returns the number of an errno name (errno(3), x86-64); -1 for an unknown name. */
int32_t line_errno(struct bytes name);

#endif
