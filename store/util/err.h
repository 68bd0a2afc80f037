/* SPDX-License-Identifier: MIT
 *
 * One error: the object, what went wrong and the system's message, as one line of bytes.
 *
 * The convention of all rooms:
 *   - A function that can fail has `struct err *err` as its last parameter. It returns bool; an
 *     iterator returns ROW, DONE or ERR; a search returns `enum lookup` (util/lookup.h).
 *   - It fills err once, where the failure happens. Callers add context at most once (err_wrap).
 *   - On success err is untouched, even if an inner call failed and was handled. err need not be
 *     initialized: it means something only after a failure. Read the returned value, not err->kind,
 *     to learn whether a call failed.
 *   - err may be NULL if the caller does not need the reason.
 *
 *     if (fd < 0)
 *         return err_sys(err, "open %s", path);
 *     if (bad)
 *         return err_set(err, "%s: not a tar archive", path);
 *
 * The text may contain bytes of hostile input; code that prints it to a terminal must escape it.
 */
#ifndef XSMALL_UTIL_ERR_H
#define XSMALL_UTIL_ERR_H

#include <stdbool.h>

enum err_kind {
    ERR_NONE,
    ERR_FAILED,   /* rejected or failed: exit 2 */
    ERR_NO,       /* a negative result, e.g. a form that cannot express the plan: exit 1 */
    ERR_CANCELLED /* the user cancelled */
};

struct err {
    enum err_kind kind;
    char text[1024]; /* one line, NUL-terminated, truncated if longer */
};

/* Each function fills err, unless err is NULL, and returns false, so that callers can write `return
 * err_set(…)`. */
bool err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, but appends ": " and strerror(errno). */
bool err_sys(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, with kind ERR_NO. */
bool err_no(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool err_cancelled(struct err *err);
/* Copies an error that another thread or an earlier call filled. Returns false. */
bool err_copy(struct err *err, const struct err *from);
/* Puts "CONTEXT: " before the text of err, unless err is "cancelled". Returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
