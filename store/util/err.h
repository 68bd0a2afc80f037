/* SPDX-License-Identifier: MIT
 *
 * One error: what went wrong, with its object and the system's words, as one line of bytes.
 *
 * A function that can fail returns bool and takes `struct err *err` last. It fills err once, where
 * the failure happens; callers wrap at most once. On success err is left alone. err is never NULL.
 *
 *     if (fd < 0)
 *         return err_sys(err, "open %s", path);
 *     if (bad)
 *         return err_set(err, "%s: not a tar archive", path);
 *
 * The text may hold bytes of hostile input: whoever prints it to a terminal escapes it.
 */
#ifndef XSMALL_UTIL_ERR_H
#define XSMALL_UTIL_ERR_H

#include <stdbool.h>

enum err_kind {
    ERR_NONE,
    ERR_FAILED,   /* refused or failed: exit 2 */
    ERR_NO,       /* the answer is no, e.g. a form that cannot say the plan: exit 1 */
    ERR_CANCELLED /* the person cancelled */
};

struct err {
    enum err_kind kind;
    char text[1024]; /* one line, NUL-terminated, cut if longer */
};

/* Each fills err and returns false, so that `return err_set(…)` reads well. */
bool err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, with ": " and strerror(errno) behind. */
bool err_sys(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, kind ERR_NO. */
bool err_no(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool err_cancelled(struct err *err);
/* Puts "WHAT: " in front of the text that is there. Returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
