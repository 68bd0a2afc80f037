/* SPDX-License-Identifier: MIT
 *
 * Members are searched in the whole image; uses are searched in all lines of the evidence,
 * including lines that the filter chain hides.
 */
#include "keep/groups/group_offer.h"

#include <stdlib.h>
#include <string.h>

#include "db/journal.h"
#include "keep/evidence.h"
#include "keep/groups/group_members.h"

/* State while offers are computed. */
struct finding {
    const struct keep_input *input;
    const struct keep *keep;
    uint8_t *used;   /* owned; by node: a successful access of the evidence used it */
    uint8_t *member; /* owned; by node: 1: a member of the current group */
    struct group_effects effects;
};

const char *group_offer_state_name(enum group_offer_state state)
{
    static const char *const names[] = {
        [OFFER_ASKS] = "asks",       [OFFER_WHOLE] = "whole", [OFFER_ADDED] = "added",
        [OFFER_REFUSED] = "refused", [OFFER_QUIET] = "quiet", [OFFER_ABSENT] = "absent",
        [OFFER_ERROR] = "error"};
    return names[state];
}

static void mark_member(void *with, uint32_t node, const struct tree_walk *walk)
{
    struct finding *finding = with;
    (void)walk;
    finding->member[node] = 1;
}

/* Returns whether a glob matches a node that the trace used, or a needed node. */
static bool glob_fires(const struct finding *finding, struct bytes glob, enum file_group_glob kind)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    marks_match(finding->input->subject, glob, &nodes, &n);
    for (size_t i = 0; i < n; i++) {
        bool is_dir = finding->input->subject->nodes[nodes[i]].kind == NODE_DIR;
        if (kind == FILE_GROUP_USED ? finding->used[nodes[i]]
                                    : !is_dir && finding->keep->verdicts[nodes[i]].needed)
            return true;
    }
    return false;
}

static bool is_fired(const struct finding *finding, const struct group_offer *offer)
{
    const struct file_group *group = offer->group;
    if (!group->n_globs[FILE_GROUP_USED] && !group->n_globs[FILE_GROUP_NEEDED])
        return offer->n_used > 0;
    for (enum file_group_glob kind = FILE_GROUP_USED; kind <= FILE_GROUP_NEEDED; kind++)
        for (size_t i = 0; i < group->n_globs[kind]; i++)
            if (glob_fires(finding, group->globs[kind][i], kind))
                return true;
    return false;
}

static void add_member(struct finding *finding, struct group_offer *offer, uint32_t node)
{
    offer->members[offer->n_members++] = node;
    offer->n_used += finding->used[node];
    offer->n_needed += finding->keep->verdicts[node].needed;
}

static void find_members(struct finding *finding, struct group_offer *offer)
{
    const struct tree *tree = finding->input->subject;
    uint32_t n = 0;
    memset(finding->member, 0, tree->n);
    for (size_t i = 0; i < offer->group->n_globs[FILE_GROUP_MEMBER]; i++)
        group_members_of_glob(tree, offer->group->globs[FILE_GROUP_MEMBER][i], mark_member,
                              finding);
    for (uint32_t node = 0; node < tree->n; node++)
        n += finding->member[node];
    offer->members = mem_array(NULL, n, sizeof *offer->members);
    for (uint32_t node = 0; node < tree->n; node++)
        if (finding->member[node])
            add_member(finding, offer, node);
}

static enum group_offer_state state_of(const struct group_offer *offer, struct bytes answer)
{
    if (offer->group->error.n)
        return OFFER_ERROR;
    if (!offer->n_members)
        return OFFER_ABSENT;
    if (bytes_equal(answer, bytes_of("refused")))
        return OFFER_REFUSED;
    bool added = bytes_starts(answer, bytes_of("added"));
    if (added && !offer->effect.changes)
        return OFFER_ADDED;
    if (offer->effect.changes)
        return offer->fired || added ? OFFER_ASKS : OFFER_QUIET;
    return offer->fired ? OFFER_WHOLE : OFFER_QUIET;
}

static bool make_offer(struct finding *finding, const struct file_group *group,
                       struct group_offer *offer, struct err *err)
{
    BUF_AUTO struct buf name = {0}, answer = {0};
    *offer = (struct group_offer){.group = group};
    if (!group->error.n)
        find_members(finding, offer);
    if (offer->n_needed < offer->n_members &&
        !group_effects_find(&finding->effects, group, &offer->effect, err))
        return false;
    offer->fired = offer->n_members && is_fired(finding, offer);
    buf_printf(&name, "family.%.*s", (int)group->name.n, group->name.p);
    if (db_setting_get(finding->input->db, name.p, &answer, err) == LOOKUP_ERR)
        return false;
    offer->state = state_of(offer, buf_bytes(&answer));
    return true;
}

bool group_offers_find(const struct file_group_list *groups, const struct keep_input *input,
                       const struct keep *keep, struct group_offers *out, struct err *err)
{
    struct finding finding = {.input = input, .keep = keep};
    *out = (struct group_offers){0};
    if (!input->subject || !keep)
        return true;
    finding.used = mem_zero(input->subject->n, 1);
    finding.member = mem_zero(input->subject->n, 1);
    evidence_used(input, keep, finding.used);
    group_effects_init(&finding.effects, input, keep);
    out->list = mem_zero(groups->n, sizeof *out->list);
    bool ok = true;
    for (size_t i = 0; ok && i < groups->n; i++) {
        ok = !keep_is_cancelled(input) || err_cancelled(err);
        ok = ok && make_offer(&finding, &groups->list[i], &out->list[out->n++], err);
    }
    group_effects_finish(&finding.effects);
    free(finding.used);
    free(finding.member);
    if (!ok)
        group_offers_finish(out);
    return ok;
}

bool group_offers_read(const char *dir, const struct keep_input *input, const struct keep *keep,
                       struct group_offers *out, struct err *err)
{
    struct file_group_list groups;
    *out = (struct group_offers){0};
    if (!file_group_list_read(dir, &groups, err))
        return false;
    bool ok = group_offers_find(&groups, input, keep, out, err);
    out->groups = groups;
    if (!ok)
        group_offers_finish(out);
    return ok;
}

void group_offers_finish(struct group_offers *offers)
{
    file_group_list_finish(&offers->groups);
    for (size_t i = 0; i < offers->n; i++) {
        free(offers->list[i].members);
    }
    free(offers->list);
    *offers = (struct group_offers){0};
}

void group_offer_print(const struct group_offer *offer, struct buf *out)
{
    buf_printf(out, "%u of %u member%s used", offer->n_used, offer->n_members,
               offer->n_members == 1 ? "" : "s");
    if (offer->effect.changes)
        buf_printf(out, "; %u to add, %lld byte%s", offer->effect.n_files,
                   (long long)offer->effect.bytes, offer->effect.bytes == 1 ? "" : "s");
}

bool group_offer_answer(struct db *db, const struct tree *tree, const struct group_offer *offer,
                        enum group_offer_state answer, struct err *err)
{
    BUF_AUTO struct buf name = {0}, value = {0};
    const struct file_group *group = offer->group;
    buf_printf(&name, "family.%.*s", (int)group->name.n, group->name.p);
    if (answer == OFFER_REFUSED)
        buf_add(&value, bytes_of("refused"));
    else if (answer == OFFER_ADDED)
        buf_add(&value, bytes_of("added"));
    for (size_t i = 0; answer == OFFER_ADDED && i < group->n_globs[FILE_GROUP_MEMBER]; i++)
        group_members_print(tree, group->globs[FILE_GROUP_MEMBER][i], &value);
    return journal_set(db, EDIT_SETTING, buf_bytes(&name),
                       value.n ? buf_bytes(&value) : bytes_from(NULL, 0), err);
}
