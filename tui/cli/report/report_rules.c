/* SPDX-License-Identifier: MIT */
#include "cli/report/report_rules.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/docs/wrap.h"
#include "cli/output.h"

enum { OFFENDERS_SHOWN = 5 };

static const char RULES_NOTE[] =
    "SIZE is in bytes; suffixes k, M, G (1000) and KiB, MiB, GiB (1024). SHARE is 0.95 or 95%. "
    "PATTERN matches whole paths: *, ? and [...] inside a name, ** also across directories.";

static size_t n_failed(const struct rules *rules)
{
    size_t n = 0;
    for (size_t i = 0; i < rules->n; i++)
        n += !rules->items[i].pass;
    return n;
}

bool report_rules_pass(const struct rules *rules)
{
    return !n_failed(rules);
}

static void found_text(const struct rule *rule)
{
    switch (rule_rows[rule->kind].type) {
    case RULE_SIZE:
        printf("%" PRId64 " bytes", rule->found);
        return;
    case RULE_NUMBER:
        printf("%" PRId64, rule->found);
        return;
    case RULE_PERCENT:
    case RULE_SHARE:
        printf("%.4f %%", 100 * rule->found_share);
        return;
    case RULE_KEY:
    case RULE_NOTHING:
        if (rule->kind == RULE_NO_SETUID_KEPT)
            break;
        output_word(stdout, bytes_of(rule->found_text ? rule->found_text : "not set"));
        return;
    case RULE_PATTERN:
        break;
    }
    printf("%zu path%s", rule->n_offenders, rule->n_offenders == 1 ? "" : "s");
}

static void offender_text(const struct offender *offender)
{
    BUF_AUTO struct buf path = {0};
    tree_path(offender->tree, offender->node, &path);
    fputs("          ", stdout);
    output_word(stdout, buf_bytes(&path));
    if (offender->layer)
        printf("  layer %u", offender->layer);
    if (offender->removed)
        printf(", hidden by layer %u", offender->removed);
    printf(", %" PRId64 " bytes\n", offender->bytes);
}

void report_rules_text(const struct rules *rules, const char *file)
{
    printf("rules: %zu passed, %zu failed\n", rules->n - n_failed(rules), n_failed(rules));
    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *rule = &rules->items[i];
        printf("  %s  ", rule->pass ? "pass" : "FAIL");
        output_word(stdout, bytes_of(file));
        printf(":%u: ", rule->line);
        output_word(stdout, rule->text);
        fputs(": ", stdout);
        found_text(rule);
        putchar('\n');
        for (size_t k = 0; k < rule->n_offenders && k < OFFENDERS_SHOWN; k++)
            offender_text(&rule->offenders[k]);
        if (rule->n_offenders > OFFENDERS_SHOWN)
            printf("          and %zu more\n", rule->n_offenders - OFFENDERS_SHOWN);
    }
}

static void found_json(const struct rule *rule)
{
    switch (rule_rows[rule->kind].type) {
    case RULE_SIZE:
    case RULE_NUMBER:
        printf(", \"limit\": %" PRId64 ", \"found\": %" PRId64, rule->limit, rule->found);
        return;
    case RULE_PERCENT:
    case RULE_SHARE:
        printf(", \"limit\": %.15g, \"found\": %.15f", rule->share, rule->found_share);
        return;
    case RULE_KEY:
    case RULE_NOTHING:
        if (rule->kind == RULE_NO_SETUID_KEPT)
            break;
        fputs(", \"found\": ", stdout);
        if (rule->found_text)
            output_json(bytes_of(rule->found_text));
        else
            fputs("null", stdout);
        return;
    case RULE_PATTERN:
        break;
    }
    printf(", \"found\": %" PRId64, rule->found);
}

static void offender_json(const struct offender *offender, size_t i)
{
    BUF_AUTO struct buf path = {0};
    tree_path(offender->tree, offender->node, &path);
    printf("%s\n        {", i ? "," : "");
    output_json_bytes("path", buf_bytes(&path));
    printf(", \"layer\": %u, \"gone_since\": ", offender->layer);
    if (offender->removed)
        printf("%u", offender->removed);
    else
        fputs("null", stdout);
    printf(", \"bytes\": %" PRId64 "}", offender->bytes);
}

void report_rules_json(const struct rules *rules, const char *file)
{
    fputs("  \"rules\": {\"file\": ", stdout);
    output_json(bytes_of(file));
    printf(", \"pass\": %s, \"results\": [", report_rules_pass(rules) ? "true" : "false");
    for (size_t i = 0; i < rules->n; i++) {
        const struct rule *rule = &rules->items[i];
        printf("%s\n    {\"line\": %u, \"name\": \"%s\", \"rule\": ", i ? "," : "", rule->line,
               rule_rows[rule->kind].name);
        output_json(rule->text);
        printf(", \"pass\": %s", rule->pass ? "true" : "false");
        found_json(rule);
        fputs(", \"offenders\": [", stdout);
        for (size_t k = 0; k < rule->n_offenders; k++)
            offender_json(&rule->offenders[k], k);
        fputs("]}", stdout);
    }
    puts("]},");
}

void report_rules_help(struct buf *out)
{
    enum { INDENT = 31 };
    buf_add(out,
            bytes_of("rules (one on each line; # begins a comment line); a rule passes if:\n"));
    for (enum rule_kind kind = 0; kind < N_RULES; kind++) {
        char left[64];
        snprintf(left, sizeof left, "%s %s", rule_rows[kind].name, rule_rows[kind].argument);
        buf_printf(out, "  %-28s ", left);
        wrap_text(bytes_of(rule_rows[kind].help), WRAP_WORDS, INDENT, INDENT, WRAP_WIDTH, out);
        buf_byte(out, '\n');
    }
    buf_byte(out, '\n');
    wrap_text(bytes_of(RULES_NOTE), WRAP_WORDS, 0, 0, WRAP_WIDTH, out);
    buf_byte(out, '\n');
}
