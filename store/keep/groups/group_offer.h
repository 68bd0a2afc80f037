/* SPDX-License-Identifier: MIT
 *
 * What the families have to say about an image and the evidence: which fire, what of each is
 * needed already, and what would come with it. And the person's answers, remembered in the session
 * as settings "family.NAME": "refused", or "added" and behind a NUL each the paths that came with
 * it, so that the session says the same where the family's file is not there.
 *
 *     struct file_group_list families;
 *     struct group_offers offers;
 *     if (!file_group_list_read(dir.p, &families, err) || !group_offers_find(&families, &input,
 * keep, &offers, err)) … for (size_t i = 0; i < offers.n; i++) if (offers.list[i].state ==
 * OFFER_ASKS) … group_offer_answer(db, subject, &offers.list[i], OFFER_ADDED, err)  // in a step of
 * the edits
 */
#ifndef XSMALL_KEEP_GROUPS_GROUP_OFFER_H
#define XSMALL_KEEP_GROUPS_GROUP_OFFER_H

#include "keep/groups/file_group.h"
#include "keep/keep.h"

enum group_offer_state {
    OFFER_ASKS,    /* fired, and some of its members are not needed yet */
    OFFER_WHOLE,   /* fired, and nothing is left to add */
    OFFER_ADDED,   /* the person added it */
    OFFER_REFUSED, /* the person refused it */
    OFFER_QUIET,   /* the image has members, nothing fires */
    OFFER_ABSENT,  /* the image has no member */
    OFFER_ERROR    /* its file makes no sense */
};
const char *group_offer_state_name(enum group_offer_state state); /* "asks", … */

struct group_offer {
    const struct file_group *family; /* borrowed */
    enum group_offer_state state;
    bool fired;
    uint32_t *members; /* owned; nodes of the subject, ascending: no directories */
    uint32_t n_members;
    uint32_t n_used;   /* of those, in the evidence, whatever the chain hides of it */
    uint32_t n_needed; /* of those, needed as it is */
    uint32_t *rest;    /* owned; members that are neither needed nor marked drop */
    uint32_t n_rest;
    int64_t rest_bytes; /* their contents, a hard link once */
};

struct group_offers {
    struct group_offer *list; /* owned; in the order of the families */
    size_t n;
    struct file_group_list families; /* owned; empty where they were the caller's */
};

/* keep is of the same input. Reads the answers through input->db. *out: group_offers_finish. */
bool group_offers_find(const struct file_group_list *families, const struct keep_input *input,
                       const struct keep *keep, struct group_offers *out, struct err *err);
/* The same for all the families that there are; dir as in file_group_list_read. */
bool group_offers_read(const char *dir, const struct keep_input *input, const struct keep *keep,
                       struct group_offers *out, struct err *err);
void group_offers_finish(struct group_offers *offers);

/* "3 of 5 members used; 2 to add, 1204 bytes"; appended. */
void group_offer_print(const struct group_offer *offer, struct buf *out);

/* Remembers the answer as part of the current step of the edits: OFFER_ADDED, OFFER_REFUSED, or
 * OFFER_ASKS: none. Inside a transaction, behind journal_step. */
bool group_offer_answer(struct db *db, const struct tree *tree, const struct group_offer *offer,
                        enum group_offer_state answer, struct err *err);

#endif
