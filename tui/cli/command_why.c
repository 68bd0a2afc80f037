/* SPDX-License-Identifier: MIT
 *
 * xsmall why.
 */
#include "cli/command.h"

#include <stdio.h>

#include "cli/output.h"
#include "util/interrupt.h"

static int run_why(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (args->n_operands != 1)
        return err_set(err, "why: expected one PATH"), EXIT_FAILED;
    if (!command_open(args, DB_READ, &session, err) || !command_need_subject(session, err) ||
        !session_settle(session, interrupt_flag(), err))
        return EXIT_FAILED;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n = 0;
    marks_match(session->subject, bytes_of(args->operands[0]), &nodes, &n);
    if (!n)
        return err_no(err, "%s: no such path in the subject image", args->operands[0]), EXIT_NO;
    bool kept = true;
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf text = {0};
        if (!session_why(session, nodes[i], &text, err))
            return EXIT_FAILED;
        output_bytes(stdout, buf_bytes(&text));
        kept = kept && session->keep->verdicts[nodes[i]].needed;
    }
    if (!output_finish(err))
        return EXIT_FAILED;
    return kept ? EXIT_DONE : EXIT_NO;
}

static const struct command_example examples[] = {
    {"xsmall why /usr/lib/libz.so.1", "Print the chain of reasons, down to a line of a log"},
    {"xsmall why '/etc/ssl/**'", "Explain all files that match a glob"},
    {NULL, NULL},
};

const struct command command_why = {
    .name = "why",
    .synopsis = "PATH",
    .help = "Explain why a path is kept, or what drops it",
    .about = "The reason is a mark, a line of a log, the image config, or another kept file that "
             "depends on the path. If only lines that the filter chain hides use the path, the "
             "stage that hides them is printed. A PATH can be a glob: *, ?, [...] match inside a "
             "name, ** also across directories.",
    .options = " ",
    .examples = examples,
    .exit_no = "if the path is not kept, or not in the image",
    .run = run_why,
};
