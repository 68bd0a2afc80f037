/* SPDX-License-Identifier: MIT
 *
 * The options of xsmall chain that name a set of stages: --sets, --use and --save.
 */
#ifndef XSMALL_TUI_CLI_CHAIN_SETS_H
#define XSMALL_TUI_CLI_CHAIN_SETS_H

#include "cli/args.h"

/* --sets: prints the list of sets, or the stages of the set that the operand names. Opens no
 * session. */
bool chain_sets_print(const struct args *args, struct err *err);
/* --use: appends the stages of a set to the session's chain. */
bool chain_sets_use(const struct args *args, struct session *session, struct buf *warning,
                    struct err *err);
/* --save: stores the session's chain as a set of the user's own. */
bool chain_sets_save(const struct args *args, const struct session *session, struct err *err);

#endif
