/* SPDX-License-Identifier: MIT
 *
 * The answer of a function that searches for one thing: found, absent or failed.
 *
 * A function that searches returns `enum lookup`, fills its outputs only if it found the thing, and
 * fills err only on LOOKUP_ERR: "absent" is an answer, not an error, and leaves err untouched. It
 * never returns false with an empty error.
 *
 *     enum lookup lookup_owner(struct db *db, struct bytes path, int64_t *id, struct err *err);
 *
 *     int64_t owner = 0;
 *     switch (lookup_owner(db, path, &owner, err)) {
 *     case LOOKUP_ERR:
 *         return false;              err describes the failure
 *     case LOOKUP_ABSENT:
 *         return use_default(err);
 *     case LOOKUP_FOUND:
 *         return use(owner, err);
 *     }
 *
 * Where absent is an error for the caller, the caller sets err, because it knows the object:
 *
 *     enum lookup found = lookup_owner(db, path, &owner, err);
 *     if (found == LOOKUP_ABSENT)
 *         return err_set(err, "%s: no package owns this file", path.p);
 *     if (found == LOOKUP_ERR)
 *         return false;
 *
 * A search in memory that cannot fail returns a pointer, an index or a bool instead.
 */
#ifndef XSMALL_UTIL_LOOKUP_H
#define XSMALL_UTIL_LOOKUP_H

enum lookup {
    LOOKUP_ERR = -1, /* err is filled; outputs are untouched */
    LOOKUP_ABSENT,   /* err and outputs are untouched */
    LOOKUP_FOUND     /* outputs are filled; err is untouched */
};

#endif
