/* SPDX-License-Identifier: MIT
 *
 * Marks: keep, drop or auto on a path. A mark applies to everything below its path, except below a
 * path with its own mark. marks_read also reads the members of the file groups that the user added
 * (group_offer.h) and the dependency kinds that are off (need_switches.h).
 */
#ifndef XSMALL_KEEP_MARKS_H
#define XSMALL_KEEP_MARKS_H

#include "db/db.h"
#include "image/tree/tree.h"
#include "keep/need_switches.h"

enum mark { MARK_NONE /* no mark of its own */, MARK_AUTO, MARK_KEEP, MARK_DROP };
const char *mark_name(enum mark mark); /* "auto", "keep", "drop" */

struct marks {
    struct marks_item {
        struct bytes path; /* absolute */
        enum mark mark;
    } * items; /* in C order of path */
    size_t n;
    struct marks_member {
        struct bytes group; /* its name */
        struct bytes path;  /* absolute; a slash at the end: everything below */
    } * members;            /* of file groups that the user added */
    size_t n_members;
    unsigned closure_off; /* dependency kinds that are off, one bit each (need_switches.h) */
    struct arena arena;
};

/* Reads the marks; the caller frees *out with marks_destroy. */
bool marks_read(struct db *db, struct marks **out, struct err *err);
void marks_destroy(struct marks *marks);

/* Sets the mark of a node as part of the current step: inside a transaction, after journal_step. A
 * path through a symlink marks the link and its target (semantics.md, Marks): the caller passes
 * both. MARK_NONE removes the mark. */
bool marks_set(struct db *db, const struct tree *tree, uint32_t node, enum mark mark,
               struct err *err);

/* Finds the nodes that a PATH of the command line names: a literal path first (its symlinks and the
 * target), else a glob (*, ?, [...], ** for any number of directories). Adds a missing leading
 * slash. The caller frees *nodes. If no path matches, n is 0 and the result true. */
bool marks_match(const struct tree *tree, struct bytes path, uint32_t **nodes, size_t *n);

/* Finds the nodes whose paths match a glob of the same syntax without following symlinks; "**" at
 * the end matches everything below. Adds a missing leading slash. out: one byte for each node, 1
 * for a match. If marks_is_glob returns false, returns false and leaves out undefined. */
bool marks_glob(const struct tree *tree, struct bytes pattern, uint8_t *out);
bool marks_is_glob(struct bytes pattern); /* has at least one component, and not too many */

#endif
