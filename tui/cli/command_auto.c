/* SPDX-License-Identifier: MIT
 *
 * xsmall auto.
 */
#include "cli/operands.h"

static int run_auto(const struct args *args, struct err *err)
{
    return operands_mark(args, MARK_AUTO, err);
}

static const struct command_example examples[] = {
    {"xsmall auto /usr/share/doc", "Remove the mark of a path from above"},
    {"xsmall drop /opt && xsmall auto /opt/app", "Drop a directory, except one below it"},
    {NULL, NULL},
};

const struct command command_auto = {
    .name = "auto",
    .synopsis = "[-m NOTE] PATH...",
    .help = "Mark paths as auto: the evidence decides",
    .about = "auto is a mark too: it ends the mark of a directory above. "
             "A mark holds for the path and everything below it, unless a path below it has a mark "
             "of its own. A PATH can be a "
             "glob: *, ?, [...] match inside a name, ** also across directories.",
    .options = " message ",
    .examples = examples,
    .exit_no = "if a PATH matches nothing",
    .run = run_auto,
};
