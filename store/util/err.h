/* SPDX-License-Identifier: MIT
 *
 * One error: what went wrong, with its object and the system's words, as one line of bytes.
 *
 * The convention of all rooms:
 *   - A function that can fail takes `struct err *err` last and returns bool, or ROW, DONE or ERR
 * for an iterator, or `enum lookup` (util/lookup.h) for a search.
 *   - It fills err once, where the failure happens. Callers add context at most once (err_wrap).
 *   - On success err is untouched, whatever failed and was handled on the way. err need not be
 *     initialized: it means something only after a failure. Read the returned value, not err->kind,
 *     to learn whether a call failed.
 *   - err may be NULL if the caller does not need the reason.
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
    ERR_FAILED,   /* rejected or failed: exit 2 */
    ERR_NO,       /* the answer is no, e.g. a form that cannot express the plan: exit 1 */
    ERR_CANCELLED /* the person cancelled */
};

struct err {
    enum err_kind kind;
    char text[1024]; /* one line, NUL-terminated, cut if longer */
};

/* Each fills err, unless it is NULL, and returns false, so that `return err_set(…)` reads well. */
bool err_set(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, followed by ": " and strerror(errno). */
bool err_sys(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* As err_set, kind ERR_NO. */
bool err_no(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool err_cancelled(struct err *err);
/* Copies what another thread or an earlier call filled. Returns false. */
bool err_copy(struct err *err, const struct err *from);
/* Puts "WHAT: " before the text of err, except "cancelled". Returns false. */
bool err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
