/* SPDX-License-Identifier: MIT
 *
 * Marks: keep, drop or auto on a path, holding for all below until a nearer one. Read with
 * them: the members of the file groups that the person added (group_offer.h), and the dependency
 * kinds that are off (need_switches.h).
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
        struct bytes path;  /* absolute; with a slash at the end: everything below */
    } * members;            /* of file groups that the person added */
    size_t n_members;
    unsigned closure_off; /* kinds of needs that are switched off, a bit each (need_switches.h) */
    struct arena arena;
};

bool marks_read(struct db *db, struct marks **out, struct err *err); /* yours: marks_destroy */
void marks_destroy(struct marks *marks);

/* Sets the mark of a node as one part of the current step: in a transaction, after
 * journal_step. A path through a link marks the link and its target (semantics.md, Marks): the
 * caller passes both. MARK_NONE removes the mark. */
bool marks_set(struct db *db, const struct tree *tree, uint32_t node, enum mark mark,
               struct err *err);

/* The nodes that a PATH of the command line means: a literal match first (links in it resolved: the
 * links and the target), else a glob (*, ?, [...], ** over directories). A missing leading slash is
 * added. *nodes is yours. No match: n 0, true. */
bool marks_match(const struct tree *tree, struct bytes path, uint32_t **nodes, size_t *n);

/* The nodes whose own paths match a pattern of the same kind, taken literally: no link is followed,
 * and a "**" at the end means what is below. A missing leading slash is added. out: a byte a node,
 * 1 where it matches. False, and out undefined, where marks_is_glob is. */
bool marks_glob(const struct tree *tree, struct bytes pattern, uint8_t *out);
bool marks_is_glob(struct bytes pattern); /* has components, and not too many */

#endif
