/* SPDX-License-Identifier: MIT
 *
 * xsmall breaks.
 */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report/coverage.h"
#include "keep/breaks.h"
#include "cli/option_values.h"
#include "cli/output.h"
#include "util/interrupt.h"

static void print(const struct session *session, const struct keep_input *input,
                  const struct breaks *breaks)
{
    for (size_t i = 0; i < breaks->n; i++) {
        BUF_AUTO struct buf words = {0};
        output_word(stdout, breaks->rows[i].path);
        breaks_print(breaks, i, input, session->keep, session->chain, &words);
        fputs(": ", stdout);
        output_word(stdout, buf_bytes(&words));
        putchar('\n');
    }
    if (breaks->n_elsewhere)
        printf("%u path%s failed in check runs and %s not in the image\n", breaks->n_elsewhere,
               breaks->n_elsewhere == 1 ? "" : "s", breaks->n_elsewhere == 1 ? "is" : "are");
}

/* Prints to stderr the number of breaks, and how many of the kept files the runs used. */
static bool print_summary(struct session *session, const struct breaks *breaks, struct err *err)
{
    struct coverage coverage = {0};
    struct coverage_kept seen;
    BUF_AUTO struct buf words = {0};
    if (!coverage_read(session, &coverage, err))
        return false;
    coverage_of_kept(session, &coverage, &seen);
    coverage_say_kept(&seen, coverage.n_runs, &words);
    fprintf(stderr, "xsmall: breaks: %zu", breaks_standing(breaks));
    if (breaks->n_of[BREAK_LISTED])
        fprintf(stderr, "; listed directories with missing entries: %zu",
                breaks->n_of[BREAK_LISTED]);
    if (coverage.n_runs)
        fprintf(stderr, "; %s", words.p);
    fputc('\n', stderr);
    coverage_finish(&coverage);
    return true;
}

/* Marks all breaks that have a node as keep, in one undoable step. */
static bool keep_all(struct session *session, const struct breaks *breaks, struct err *err)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    breaks_nodes(breaks, session->subject, N_BREAK_KINDS, &nodes, &n);
    return !n ||
           (session_set_marks(session, nodes, n, MARK_KEEP, err) && command_settle(session, err));
}

/* Marks entries of listed directories as keep, in one undoable step. */
static bool keep_listed(struct session *session, const struct breaks *breaks,
                        enum listed_choice choice, struct err *err)
{
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    breaks_listed_nodes(breaks, choice, &nodes, &n);
    return !n ||
           (session_set_marks(session, nodes, n, MARK_KEEP, err) && command_settle(session, err));
}

static bool parse_choice(const char *name, enum listed_choice *out, struct err *err)
{
    struct option_value value;
    for (size_t i = 0; name && values_listed(i, &value); i++) {
        if (!strcmp(value.name, name)) {
            *out = (enum listed_choice)i;
            return true;
        }
    }
    return !name || option_values_refuse(values_listed, "--keep-listed", name, err);
}

static void destroy_at(struct breaks **breaks)
{
    breaks_destroy(*breaks);
}

static int run_breaks(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    __attribute__((cleanup(destroy_at))) struct breaks *breaks = NULL;
    enum listed_choice choice = LISTED_SAME;
    bool writes = args->keep || args->keep_listed;
    if (!parse_choice(args->keep_listed, &choice, err) ||
        !command_open(args, writes ? DB_WRITE : DB_READ, &session, err))
        return EXIT_FAILED;
    if (!command_need_subject(session, err) || !session_settle(session, interrupt_flag(), err))
        return EXIT_FAILED;
    struct keep_input input = session_keep_input(session);
    if (!breaks_compute(&input, session->keep, &breaks, err))
        return EXIT_FAILED;
    print(session, &input, breaks);
    if (!args->quiet && !print_summary(session, breaks, err))
        return EXIT_FAILED;
    size_t n = breaks_standing(breaks);
    if (!output_finish(err) || (args->keep && !keep_all(session, breaks, err)) ||
        (args->keep_listed && !keep_listed(session, breaks, choice, err)))
        return EXIT_FAILED;
    return n ? EXIT_NO : EXIT_DONE;
}

static const struct command_example examples[] = {
    {"xsmall breaks", "List what would fail, and which filter or mark causes it"},
    {"xsmall breaks --keep", "Also mark these files as keep"},
    {"xsmall breaks --keep-listed same",
     "Keep the other modules of the Python packages that the program listed"},
    {"xsmall breaks && xsmall export -o slim", "Export only if nothing would fail"},
    {NULL, NULL},
};

const struct command command_breaks = {
    .name = "breaks",
    .synopsis = "[--keep] [--keep-listed same|all]",
    .help = "List the accesses that would fail in the slim image",
    .about = "Every successful access of the trace is repeated in the slim image as it is planned. "
             "Check runs (xsmall load --check) add the accesses that did fail in a slim image.\n\n"
             "A program that lists a directory can decide by the names that it sees, without a "
             "failed access. A listed directory of which entries are not in the slim image is "
             "printed as a hint: it does not change the exit status, and --keep does not keep its "
             "entries.",
    .options = " keep keep-listed ",
    .examples = examples,
    .exit_no = "if there is a break",
    .no_operands = true,
    .run = run_breaks,
};
