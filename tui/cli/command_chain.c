/* SPDX-License-Identifier: MIT
 *
 * xsmall chain.
 */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/chain_sets.h"
#include "cli/option_values.h"
#include "cli/output.h"
#include "util/interrupt.h"

static bool stage_number(const struct session *session, const char *what, int number, size_t *out,
                         struct err *err)
{
    size_t n = chain_n_stages(session->chain);
    if (number < 1 || (size_t)number > n)
        return err_set(err, "chain: %s %d: no such stage; the chain has %zu stage%s", what, number,
                       n, n == 1 ? "" : "s");
    *out = (size_t)number - 1;
    return true;
}

/* Returns whether the operand of --target is the number of a stage; else it is a pipeline. */
static bool is_number(const struct args *args)
{
    size_t n = args->n_operands == 1 ? strlen(args->operands[0]) : 0;
    return args->chain.target && n && n < 9 && strspn(args->operands[0], "0123456789") == n;
}

static bool move_stage(struct session *session, const struct args *args, struct err *err)
{
    size_t from = 0, to = 0;
    if (args->n_operands != 1)
        return err_set(err, "chain: --move: expected two numbers: the stage, and its new position");
    char *end;
    long place = strtol(args->operands[0], &end, 10);
    if (*end || end == args->operands[0] || place < 1 || place > INT32_MAX)
        return err_set(err, "chain: --move: %s: expected a number from 1", args->operands[0]);
    if (!stage_number(session, "--move", args->chain.move, &from, err) ||
        !stage_number(session, "--move", (int)place, &to, err))
        return false;
    chain_move(session->chain, from, to);
    return true;
}

/* --target T: sets the target of the new stages; with the number of a stage, of that stage. */
static bool set_target(struct session *session, const struct args *args, struct err *err)
{
    const struct filter_target *target = filter_target_find(bytes_of(args->chain.target));
    size_t n = chain_n_stages(session->chain), first = 0, end = n;
    if (!target)
        return option_values_refuse(values_targets, "chain: --target", args->chain.target, err);
    if (is_number(args)) {
        if (!stage_number(session, "--target", atoi(args->operands[0]), &first, err))
            return false;
        end = first + 1;
    } else if (!args->n_operands) {
        if (!args->add)
            return err_set(err,
                           "chain: --target: expected the number of a stage, a pipeline or --add");
        first = n - 1;
    }
    for (size_t i = first; i < end; i++)
        chain_set_target(session->chain, i, target);
    return true;
}

static bool change(struct session *session, const struct args *args, struct buf *warning,
                   struct err *err)
{
    size_t i = 0;
    if (args->chain.move && args->chain.target)
        return err_set(err,
                       "chain: --move and --target cannot be combined; run xsmall chain twice");
    if (args->chain.move && !move_stage(session, args, err))
        return false;
    if (args->n_operands > 1)
        return err_set(err,
                       "chain: too many arguments; write the pipeline as one argument in quotes");
    if (args->n_operands && !args->chain.move && !is_number(args) &&
        !chain_from_pipeline(session->chain, bytes_of(args->operands[0]), warning, err))
        return false;
    if (args->add && !chain_insert(session->chain, chain_n_stages(session->chain),
                                   bytes_of(args->add), warning, err))
        return false;
    if (args->chain.on) {
        if (!stage_number(session, "--on", args->chain.on, &i, err))
            return false;
        chain_enable(session->chain, i, true);
    }
    if (args->chain.off) {
        if (!stage_number(session, "--off", args->chain.off, &i, err))
            return false;
        chain_enable(session->chain, i, false);
    }
    if (args->chain.remove) {
        if (!stage_number(session, "--delete", args->chain.remove, &i, err))
            return false;
        chain_remove(session->chain, i);
    }
    if (args->chain.target && !set_target(session, args, err))
        return false;
    return !args->chain.use || chain_sets_use(args, session, warning, err);
}

static bool print_chain(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (!command_open(args, DB_READ, &session, err))
        return false;
    BUF_AUTO struct buf text = {0};
    size_t n_comments = chain_print(session->chain, &text);
    output_word(stdout, buf_bytes(&text));
    putchar('\n');
    if (n_comments)
        output_bytes(stderr,
                     bytes_of("xsmall: warning: stages on path and tree are printed as comments; a "
                              "shell does not run them\n"));
    return output_finish(err);
}

static int run_chain(const struct args *args, struct err *err)
{
    bool changes = args->n_operands || args->add || args->chain.on || args->chain.off ||
                   args->chain.remove || args->chain.move || args->chain.target || args->chain.use;
    if (args->chain.sets)
        return chain_sets_print(args, err) ? EXIT_DONE : EXIT_FAILED;
    if (!changes && !args->chain.save)
        return print_chain(args, err) ? EXIT_DONE : EXIT_FAILED;
    SESSION_AUTO struct session *session = NULL;
    BUF_AUTO struct buf warning = {0};
    if (!command_open(args, changes ? DB_WRITE : DB_READ, &session, err))
        return EXIT_FAILED;
    if (changes &&
        (!change(session, args, &warning, err) || !session_save_chain(session, err) ||
         !session_settle_chain(session, interrupt_flag(), err) || !command_settle(session, err)))
        return EXIT_FAILED;
    if (args->chain.save && !chain_sets_save(args, session, err))
        return EXIT_FAILED;
    output_bytes(stderr, buf_bytes(&warning));
    return EXIT_DONE;
}

static const struct option_text texts[] = {
    {"add", "STAGE", "append a stage, such as \"grep -v X\""},
    {NULL, NULL, NULL},
};

static const struct command_example examples[] = {
    {"xsmall chain \"grep -v ENOENT log.* | grep -v '/locale/'\"",
     "Set the filter chain from a shell pipeline"},
    {"xsmall chain --add \"grep -v '\\.pyc'\"", "Append a stage"},
    {"xsmall chain --off 2", "Disable the second stage; --on 2 enables it again"},
    {"xsmall chain", "Print the chain as a shell pipeline"},
    {NULL, NULL},
};

const struct command command_chain = {
    .name = "chain",
    .synopsis = "['grep ... | grep -v ...'] [--add STAGE] [--target T [N]] [--on N] [--off N] "
                "[--delete N] [--move N M] [--use NAME] [--save NAME] | --sets [NAME]",
    .help = "Set, change or print the filter chain",
    .about = "The filter chain decides which lines of the logs are evidence: the lines that pass "
             "all stages, "
             "called matching lines. It is a pipeline of "
             "grep commands, given as one argument in quotes; each grep is a stage, numbered from "
             "1. Without arguments, the chain is printed as a pipeline that a shell can run. "
             "Options of GNU grep and its three kinds of regular expressions are accepted.",
    .options = " add target on off delete move use save sets ",
    .texts = texts,
    .examples = examples,
    .run = run_chain,
};
