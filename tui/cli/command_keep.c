/* SPDX-License-Identifier: MIT
 *
 * xsmall keep.
 */
#include "cli/operands.h"

static bool switch_closure(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (!command_open(args, DB_WRITE, &session, err))
        return false;
    unsigned off = session->marks->closure_off;
    return switches_parse(bytes_of(args->closure), &off, err) &&
           session_set_switches(session, off, err) && command_settle(session, err);
}

static int run_keep(const struct args *args, struct err *err)
{
    if (args->closure && !switch_closure(args, err))
        return EXIT_FAILED;
    return args->closure && !args->n_operands && !args->survivors
               ? EXIT_DONE
               : operands_mark(args, MARK_KEEP, err);
}

static const struct command_example examples[] = {
    {"xsmall keep /etc/ssl '/usr/lib/python3/**/*.pem'", "Mark a directory and a glob"},
    {"xsmall keep -m 'read on SIGHUP' /etc/app.conf", "Mark a file, with the reason"},
    {"xsmall keep --closure=-python,config", "Do not follow python; follow config"},
    {NULL, NULL},
};

const struct command command_keep = {
    .name = "keep",
    .synopsis = "[--closure KINDS] [-m NOTE] [PATH... | --survivors]",
    .help = "Mark paths as keep, or choose which dependencies are followed",
    .about = "A mark holds for the path and everything below it, unless a path below it has a mark "
             "of its own. A PATH can be a "
             "glob: *, ?, [...] match inside a name, ** also across directories."
             " Files that a kept file depends on (its libraries, its interpreter and so on) are "
             "added without a mark.",
    .options = " closure message survivors ",
    .examples = examples,
    .exit_no = "if a PATH matches nothing",
    .run = run_keep,
};
