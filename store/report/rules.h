/* SPDX-License-Identifier: MIT
 *
 * Rules for an image and its kept tree: a file with one rule per line, checked against a settled
 * session.
 *
 *     # size limits
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
    RULE_PERCENT, /* with or without a % at the end */
    RULE_SHARE,   /* 0 to 1, or 0% to 100% */
    RULE_PATTERN, /* for absolute paths: *, ?, [...], ** across directories; symbolic links are not
                     followed */
    RULE_KEY      /* KEY [VALUE] */
};

/* The syntax of each rule kind: one row per kind. */
extern const struct rule_row {
    const char *name, *argument, *help;
    enum rule_argument type;
} rule_rows[N_RULES];

/* A path that breaks a rule. */
struct offender {
    const struct tree *tree; /* borrowed; the tree of node */
    uint32_t node;
    uint32_t layer;   /* layer that wrote it; 0: no layer */
    uint32_t removed; /* layer that removed it; 0: not removed */
    int64_t bytes;
};

struct rule {
    enum rule_kind kind;
    unsigned line;      /* line number in the file, from 1 */
    struct bytes text;  /* the text of the rule in the file */
    int64_t limit;      /* SIZE, NUMBER */
    double share;       /* SHARE, PERCENT / 100 */
    struct bytes what;  /* the PATTERN or the key */
    struct bytes value; /* value of the key; p NULL: any value */
    /* Set by rules_check. */
    bool pass;
    int64_t found;              /* for SIZE and NUMBER the value, else the number of offenders */
    double found_share;         /* SHARE, PERCENT / 100 */
    char *found_text;           /* owned; the value in the image config, NULL if it has no value */
    struct offender *offenders; /* owned; by path; for hidden bytes largest first */
    size_t n_offenders;
};

struct rules {
    struct rule *items; /* owned; in the order of the file; at least one rule after rules_read */
    size_t n;
    struct arena arena;
};

/* Reads a file of rules. Rejects a line that is not a rule, with FILE:LINE in the message, and a
 * file without rules. */
bool rules_read(const char *file, struct rules *out, struct err *err);
/* Reads rules from a text; error messages use name as the file name. */
bool rules_parse(struct bytes text, const char *name, struct rules *out, struct err *err);
/* Checks the rules. session must be settled, and layers must be the layers of its subject image;
 * offenders are valid while both are. Returns an error if there is no subject image. */
bool rules_check(struct session *session, const struct layers *layers, struct rules *rules,
                 struct err *err);
void rules_finish(struct rules *rules);

#endif
