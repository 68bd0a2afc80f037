/* SPDX-License-Identifier: MIT
 *
 * File groups applied to an image and its evidence: which groups fire, which members are already
 * needed, and what adding the group would do. The user's answers are settings "family.NAME" of the
 * session: "refused", or "added" followed by the added paths, a NUL before each. So a session has
 * the same result without the file of the group.
 *
 *     struct file_group_list groups;
 *     struct group_offers offers;
 *     if (!file_group_list_read(dir.p, &groups, err) ||
 *         !group_offers_find(&groups, &input, keep, &offers, err)) …
 *     for (size_t i = 0; i < offers.n; i++)
 *         if (offers.list[i].state == OFFER_ASKS) …
 *     group_offer_answer(db, subject, &offers.list[i], OFFER_ADDED, err) // in a step of the
 * journal
 */
#ifndef XSMALL_KEEP_GROUPS_GROUP_OFFER_H
#define XSMALL_KEEP_GROUPS_GROUP_OFFER_H

#include "keep/groups/file_group.h"
#include "keep/groups/group_effect.h"
#include "keep/keep.h"

enum group_offer_state {
    OFFER_ASKS,  /* the group fires, and adding it changes the kept tree: the user has to decide */
    OFFER_WHOLE, /* the group fires, and adding it changes nothing: its members are needed, or the
                    base provides them */
    OFFER_ADDED, /* the user added the group */
    OFFER_REFUSED, /* the user refused the group */
    OFFER_QUIET,   /* the image has members, the group does not fire */
    OFFER_ABSENT,  /* the image has no member */
    OFFER_ERROR    /* the file of the group is invalid */
};
const char *group_offer_state_name(enum group_offer_state state); /* "asks", … */

struct group_offer {
    const struct file_group *group; /* borrowed */
    enum group_offer_state state;
    bool fired;
    uint32_t *members; /* owned; nodes of the subject, ascending, without directories */
    uint32_t n_members;
    uint32_t n_used;            /* members that the evidence used, hidden lines included */
    uint32_t n_needed;          /* members that are needed now */
    struct group_effect effect; /* of adding the group to the kept tree */
};

struct group_offers {
    struct group_offer *list; /* owned; in the order of the groups */
    size_t n;
    struct file_group_list groups; /* owned; empty if the caller passed them */
};

/* Computes the offers. keep: computed from the same input. Reads the answers through input->db. The
 * caller frees *out with group_offers_finish. */
bool group_offers_find(const struct file_group_list *groups, const struct keep_input *input,
                       const struct keep *keep, struct group_offers *out, struct err *err);
/* Does the same for all groups that file_group_list_read finds in dir. */
bool group_offers_read(const char *dir, const struct keep_input *input, const struct keep *keep,
                       struct group_offers *out, struct err *err);
void group_offers_finish(struct group_offers *offers);

/* Appends "3 of 5 members used; 2 to add, 1204 bytes". The files to add are those that the slim
 * image would have more, dependencies included. */
void group_offer_print(const struct group_offer *offer, struct buf *out);

/* Stores the answer as part of the current step: OFFER_ADDED, OFFER_REFUSED, or OFFER_ASKS for no
 * answer. Call it inside a transaction, after journal_step. */
bool group_offer_answer(struct db *db, const struct tree *tree, const struct group_offer *offer,
                        enum group_offer_state answer, struct err *err);

#endif
