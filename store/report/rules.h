/* SPDX-License-Identifier: MIT
 *
 * Rules that an image and its kept tree must hold to: a file of lines, a rule each, checked against
 * a settled session.
 *
 *     # no more than
 *     max-dead-bytes 10MiB
 *     forbid-ever /root/.ssh
 *
 *     struct rules rules = {0};
 *     if (!rules_read("rules", &rules, err) || !rules_check(x, layers, &rules, err)) …
 *     for (size_t i = 0; i < rules.n; i++)
 *         if (!rules.items[i].pass) …
 *     rules_finish(&rules);
 */
#ifndef XSMALL_REPORT_RULES_H
#define XSMALL_REPORT_RULES_H

#include "image/merge/layers.h"
#include "session/session.h"

enum rule_kind {
    RULE_MAX_SUBJECT_BYTES,
    RULE_MAX_KEPT_BYTES,
    RULE_MAX_FINAL_BYTES,
    RULE_MAX_DEAD_BYTES,
    RULE_MAX_LAYERS,
    RULE_MAX_WASTED_BYTES,
    RULE_MAX_WASTED_PERCENT,
    RULE_MIN_DIVE_EFFICIENCY,
    RULE_FORBID_EVER,
    RULE_FORBID_FINAL,
    RULE_FORBID_KEPT,
    RULE_NO_SETUID_KEPT,
    RULE_USER_NOT_ROOT,
    RULE_REQUIRE_CONFIG,
    N_RULES
};

enum rule_argument {
    RULE_NOTHING,
    RULE_SIZE,    /* bytes; k, M, G, kB … by 1000, KiB, MiB, GiB by 1024 */
    RULE_NUMBER,  /* from 0 */
    RULE_PERCENT, /* with or without a % behind */
    RULE_SHARE,   /* 0 to 1, or 0% to 100% */
    RULE_PATTERN, /* of absolute paths: *, ?, [...], ** over directories; no link is followed */
    RULE_KEY      /* KEY [VALUE] */
};

/* A row for each kind: what a line of it looks like. */
extern const struct rule_row {
    const char *name, *argument, *help;
    enum rule_argument type;
} rule_rows[N_RULES];

/* A path that breaks a rule. */
struct offender {
    const struct tree *tree; /* borrowed; node is one of it */
    uint32_t node;
    uint32_t layer;   /* that wrote it, 0: none did */
    uint32_t removed; /* the layer since which it is not there; 0: it is there */
    int64_t bytes;
};

struct rule {
    enum rule_kind kind;
    unsigned line;      /* of the file, from 1 */
    struct bytes text;  /* the rule as it stands there */
    int64_t limit;      /* SIZE, NUMBER */
    double share;       /* SHARE, PERCENT / 100 */
    struct bytes what;  /* PATTERN, or the key */
    struct bytes value; /* of the key, p NULL: any */
    /* What rules_check found. */
    bool pass;
    int64_t found;              /* SIZE, NUMBER; else the number of offenders */
    double found_share;         /* SHARE, PERCENT / 100 */
    char *found_text;           /* owned; what the config has, NULL where it has none */
    struct offender *offenders; /* owned; in the order of paths; dead ones the biggest first */
    size_t n_offenders;
};

struct rules {
    struct rule *items; /* owned; in the order of the file; at least one, once read */
    size_t n;
    struct arena arena;
};

/* Reads a file of rules. A line that is none is refused as FILE:LINE: WORDS; a file without rules,
 * too. */
bool rules_read(const char *file, struct rules *out, struct err *err);
/* The same of a text; name is what a refusal calls it. */
bool rules_parse(struct bytes text, const char *name, struct rules *out, struct err *err);
/* session is settled, and layers are its subject's; offenders are stale with these. Refused without
 * a subject. */
bool rules_check(struct session *session, const struct layers *layers, struct rules *rules,
                 struct err *err);
void rules_finish(struct rules *rules);

#endif
