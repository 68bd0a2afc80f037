/* SPDX-License-Identifier: MIT
 *
 * The part of xsmall report about the rules of --rules: a line each, pass or FAIL, with the first
 * paths that break it.
 */
#ifndef XSMALL_TUI_CLI_REPORT_REPORT_RULES_H
#define XSMALL_TUI_CLI_REPORT_REPORT_RULES_H

#include "report/rules.h"

/* file: as given. The rules are checked. The text lists the first offenders, JSON all. */
void report_rules_text(const struct rules *rules, const char *file);
void report_rules_json(const struct rules *rules, const char *file);
bool report_rules_pass(const struct rules *rules); /* all of them */
/* Appends the syntax of a file of rules to the help of `xsmall report`. */
void report_rules_help(struct buf *out);

#endif
