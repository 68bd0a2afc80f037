/* SPDX-License-Identifier: MIT
 *
 * xsmall drop.
 */
#include "cli/operands.h"

static int run_drop(const struct args *args, struct err *err)
{
    return operands_mark(args, MARK_DROP, err);
}

static const struct command_example examples[] = {
    {"xsmall drop /usr/share/doc /usr/share/man", "Drop two directories"},
    {"xsmall drop '/usr/lib/**/*.a'", "Drop the files that match a glob"},
    {NULL, NULL},
};

const struct command command_drop = {
    .name = "drop",
    .synopsis = "[-m NOTE] PATH...",
    .help = "Mark paths as drop: they are not copied, even if they are used",
    .about = "A mark holds for the path and everything below it, unless a path below it has a mark "
             "of its own. A PATH can be a "
             "glob: *, ?, [...] match inside a name, ** also across directories.",
    .options = " message ",
    .examples = examples,
    .exit_no = "if a PATH matches nothing",
    .run = run_drop,
};
