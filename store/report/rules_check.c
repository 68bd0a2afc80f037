/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "report/rules.h"

struct checking {
    struct session *session;
    const struct layers *layers;
    uint8_t *matches;       /* owned; for the larger one of the two trees */
    uint32_t *first, *gone; /* owned; layers_history; NULL until they are needed */
};

static void offend(struct rule *rule, struct offender offender)
{
    /* The capacity is the next power of two, at least 8. */
    size_t n = rule->n_offenders;
    if (!n || (n >= 8 && !(n & (n - 1))))
        rule->offenders = mem_array(rule->offenders, n < 8 ? 8 : 2 * n, sizeof *rule->offenders);
    rule->offenders[rule->n_offenders++] = offender;
}

static void check_most(struct rule *rule, int64_t found)
{
    rule->found = found;
    rule->pass = found <= rule->limit;
}

static void check_dead(struct checking *c, struct rule *rule)
{
    const struct layers *layers = c->layers;
    int64_t dead = 0;
    for (size_t i = 0; i < layers->n; i++)
        dead += layers->all[i].dead_bytes;
    check_most(rule, dead);
    for (size_t i = 0; !rule->pass && i < layers->n_dead; i++)
        offend(rule, (struct offender){.tree = layers->tree,
                                       .node = layers->dead[i].node,
                                       .layer = layers->dead[i].writer,
                                       .removed = layers->dead[i].killer,
                                       .bytes = layers->dead[i].bytes});
}

/* Checks a wasted share as dive computes it: wasted bytes divided by the bytes of all layers except
 * the first, which dive treats as the base image. */
static void check_share(struct checking *c, struct rule *rule)
{
    const struct dive *dive = &c->layers->dive;
    if (rule->kind == RULE_MIN_DIVE_EFFICIENCY) {
        rule->found_share = dive->efficiency;
        rule->pass = dive->efficiency >= rule->share;
        return;
    }
    rule->found_share =
        dive->user_bytes ? (double)dive->wasted_bytes / (double)dive->user_bytes : 0;
    rule->pass = rule->found_share <= rule->share;
}

static void check_ever(struct checking *c, struct rule *rule)
{
    const struct tree *tree = c->layers->tree;
    if (!c->first) {
        c->first = mem_array(NULL, tree->n, sizeof *c->first);
        c->gone = mem_array(NULL, tree->n, sizeof *c->gone);
        layers_history(c->layers, c->first, c->gone);
    }
    marks_glob(tree, rule->what, c->matches);
    for (uint32_t node = 0; node < tree->n; node++)
        if (c->matches[node] && c->first[node])
            offend(rule, (struct offender){.tree = tree,
                                           .node = node,
                                           .layer = c->first[node],
                                           .removed = c->gone[node],
                                           .bytes = tree->nodes[node].size});
}

/* Checks the nodes of the subject image that match the pattern, or that have the setuid or setgid
 * bit. */
static void check_tree(struct checking *c, struct rule *rule)
{
    const struct tree *tree = c->session->subject;
    if (rule->kind != RULE_NO_SETUID_KEPT)
        marks_glob(tree, rule->what, c->matches);
    for (uint32_t node = 0; node < tree->n; node++) {
        const struct node *at = &tree->nodes[node];
        bool is_meant = rule->kind == RULE_NO_SETUID_KEPT
                            ? at->kind == NODE_FILE && at->mode & 06000
                            : c->matches[node];
        if (is_meant && (rule->kind == RULE_FORBID_FINAL || c->session->keep->verdicts[node].kept))
            offend(rule, (struct offender){
                             .tree = tree, .node = node, .layer = at->ordinal, .bytes = at->size});
    }
}

/* USER is NAME, UID, NAME:GROUP or UID:GID (OCI config.md). */
static bool is_root(struct bytes user)
{
    user.n = bytes_index(user, ':');
    size_t zeros = 0;
    while (zeros < user.n && user.p[zeros] == '0')
        zeros++;
    return !user.n || zeros == user.n || bytes_equal(user, bytes_of("root"));
}

static void check_config(struct checking *c, struct rule *rule)
{
    BUF_AUTO struct buf path = {0};
    BUF_AUTO struct buf found = {0};
    struct bytes config = bytes_of(c->session->subject_info.config);
    buf_add(&path, bytes_of("$.config."));
    buf_add(&path, rule->kind == RULE_USER_NOT_ROOT ? bytes_of("User") : rule->what);
    bool there = db_json(c->session->db, config, path.p, &found) && found.n &&
                 db_json_length(c->session->db, config, path.p) != 0;
    if (there)
        rule->found_text = mem_dup(buf_bytes(&found));
    if (rule->kind == RULE_USER_NOT_ROOT)
        rule->pass = there && !is_root(buf_bytes(&found));
    else
        rule->pass = there && (!rule->value.p || bytes_equal(rule->value, buf_bytes(&found)));
}

static void check(struct checking *c, struct rule *rule)
{
    switch (rule->kind) {
    case RULE_MAX_SUBJECT_BYTES:
        check_most(rule, c->session->keep->subject_bytes);
        return;
    case RULE_MAX_KEPT_BYTES:
        check_most(rule, c->session->keep->kept_bytes);
        return;
    case RULE_MAX_FINAL_BYTES:
        check_most(rule, c->session->keep->final_bytes);
        return;
    case RULE_MAX_DEAD_BYTES:
        check_dead(c, rule);
        return;
    case RULE_MAX_LAYERS:
        check_most(rule, (int64_t)c->layers->n);
        return;
    case RULE_MAX_WASTED_BYTES:
        check_most(rule, c->layers->dive.wasted_bytes);
        return;
    case RULE_MAX_WASTED_PERCENT:
    case RULE_MIN_DIVE_EFFICIENCY:
        check_share(c, rule);
        return;
    case RULE_FORBID_EVER:
        check_ever(c, rule);
        break;
    case RULE_FORBID_FINAL:
    case RULE_FORBID_KEPT:
    case RULE_NO_SETUID_KEPT:
        check_tree(c, rule);
        break;
    case RULE_USER_NOT_ROOT:
    case RULE_REQUIRE_CONFIG:
        check_config(c, rule);
        return;
    case N_RULES:
        return;
    }
    rule->found = (int64_t)rule->n_offenders;
    rule->pass = !rule->n_offenders;
}

bool rules_check(struct session *session, const struct layers *layers, struct rules *rules,
                 struct err *err)
{
    if (!session->subject || !session->keep || !layers)
        return err_set(err, "rules: no image is loaded; run xsmall load IMAGE");
    uint32_t n = layers->tree->n > session->subject->n ? layers->tree->n : session->subject->n;
    struct checking c = {.session = session, .layers = layers, .matches = mem_zero(n, 1)};
    for (size_t i = 0; i < rules->n; i++)
        check(&c, &rules->items[i]);
    free(c.matches);
    free(c.first);
    free(c.gone);
    return true;
}
