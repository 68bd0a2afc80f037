/* SPDX-License-Identifier: MIT
 *
 * What the file groups mean for an image and its evidence: which fire, which members are needed
 * already, and what adding the group would add. The person's answers are settings "family.NAME" of
 * the session: "refused", or "added" followed by the paths that were added, a NUL before each, so
 * that a session has the same result without the group's file.
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
#include "keep/keep.h"

enum group_offer_state {
    OFFER_ASKS,    /* fired, and some members are not needed */
    OFFER_WHOLE,   /* fired, and all members are needed */
    OFFER_ADDED,   /* the person added it */
    OFFER_REFUSED, /* the person refused it */
    OFFER_QUIET,   /* the image has members, the group does not fire */
    OFFER_ABSENT,  /* the image has no member */
    OFFER_ERROR    /* its file cannot be used */
};
const char *group_offer_state_name(enum group_offer_state state); /* "asks", … */

struct group_offer {
    const struct file_group *group; /* borrowed */
    enum group_offer_state state;
    bool fired;
    uint32_t *members; /* owned; nodes of the subject, ascending: no directories */
    uint32_t n_members;
    uint32_t n_used;   /* of those, used by the evidence, hidden lines included */
    uint32_t n_needed; /* of those, needed now */
    uint32_t *rest;    /* owned; members that are neither needed nor marked drop */
    uint32_t n_rest;
    int64_t rest_bytes; /* their contents, a hard link once */
};

struct group_offers {
    struct group_offer *list; /* owned; in the order of the groups */
    size_t n;
    struct file_group_list groups; /* owned; empty if the caller passed them */
};

/* keep is of the same input. Reads the answers through input->db. *out: group_offers_finish. */
bool group_offers_find(const struct file_group_list *groups, const struct keep_input *input,
                       const struct keep *keep, struct group_offers *out, struct err *err);
/* The same for all groups that file_group_list_read finds in dir. */
bool group_offers_read(const char *dir, const struct keep_input *input, const struct keep *keep,
                       struct group_offers *out, struct err *err);
void group_offers_finish(struct group_offers *offers);

/* Appends "3 of 5 members used; 2 to add, 1204 bytes". */
void group_offer_print(const struct group_offer *offer, struct buf *out);

/* Stores the answer as part of the current step: OFFER_ADDED, OFFER_REFUSED, or OFFER_ASKS for no
 * answer. In a transaction, after journal_step. */
bool group_offer_answer(struct db *db, const struct tree *tree, const struct group_offer *offer,
                        enum group_offer_state answer, struct err *err);

#endif
