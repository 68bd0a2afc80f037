/* SPDX-License-Identifier: MIT
 *
 * The part of `xsmall report` about the rules of --rules: one line for each, pass or FAIL, with the
 * first paths that break the rule.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_RULES_H
#define XSMALL_TUI_CLI_REPORT_REPORT_RULES_H

#include "report/rules.h"

/* The rules must be checked. file is the name as given. The text lists the first offenders, JSON
 * all. */
void report_rules_text(const struct rules *rules, const char *file);
void report_rules_json(const struct rules *rules, const char *file);
/* Returns true if all rules pass. */
bool report_rules_pass(const struct rules *rules);
/* Appends the syntax of a file of rules to the help of `xsmall report`. */
void report_rules_help(struct buf *out);

#endif
