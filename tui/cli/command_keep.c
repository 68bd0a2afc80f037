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
           session_set_switches(session, off, err) && session_settle(session, NULL, err);
}

static int run_keep(const struct args *args, struct err *err)
{
    if (args->closure && !switch_closure(args, err))
        return EXIT_FAILED;
    return args->closure && !args->n_operands && !args->survivors
               ? EXIT_DONE
               : operands_mark(args, MARK_KEEP, err);
}

const struct command command_keep = {
    .name = "keep",
    .synopsis = "[--closure KINDS] [-m NOTE] [PATH... | --survivors]",
    .help = "Mark paths to keep, with all below (globs and ** too); say which needs are followed",
    .options = " closure message survivors ",
    .run = run_keep,
};
