/* SPDX-License-Identifier: MIT
 *
 * xsmall auto.
 */
#include "cli/operands.h"

static int run_auto(const struct args *args, struct err *err)
{
    return operands_mark(args, MARK_AUTO, err);
}

const struct command command_auto = {
    .name = "auto",
    .synopsis = "[-m NOTE] PATH...",
    .help = "Let the evidence decide on paths again",
    .options = " message ",
    .run = run_auto,
};
