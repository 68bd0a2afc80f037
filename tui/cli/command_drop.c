/* SPDX-License-Identifier: MIT
 *
 * xsmall drop.
 */
#include "cli/operands.h"

static int run_drop(const struct args *args, struct err *err)
{
    return operands_mark(args, MARK_DROP, err);
}

const struct command command_drop = {
    .name = "drop",
    .synopsis = "[-m NOTE] PATH...",
    .help = "Mark paths to drop",
    .options = " message ",
    .run = run_drop,
};
