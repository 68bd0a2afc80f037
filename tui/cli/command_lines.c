/* SPDX-License-Identifier: MIT
 *
 * xsmall lines.
 */
#include "cli/command.h"

#include <stdio.h>

#include "cli/output.h"
#include "util/interrupt.h"

static bool print_lines(struct session *session, struct err *err)
{
    enum { CHUNK_BYTES = 256 * 1024 };
    BUF_AUTO struct buf chunk = {0};
    uint64_t n = chain_n_output(session->chain);
    for (uint64_t k = 0; k < n && !ferror(stdout); k++) {
        uint32_t line;
        struct bytes prefix;
        chain_output(session->chain, k, &line, &prefix);
        buf_add(&chunk, prefix);
        if (!session_line_text(session, line, &chunk, err))
            return false;
        buf_byte(&chunk, '\n');
        if (chunk.n < CHUNK_BYTES && k + 1 < n)
            continue;
        output_bytes(stdout, buf_bytes(&chunk));
        buf_clear(&chunk);
    }
    return true;
}

static int run_lines(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (!command_open(args, DB_READ, &session, err) ||
        !session_settle_chain(session, interrupt_flag(), err))
        return EXIT_FAILED;
    uint64_t n = chain_n_output(session->chain);
    if (args->chain.count)
        printf("%llu\n", (unsigned long long)n);
    else if (!print_lines(session, err))
        return EXIT_FAILED;
    if (!output_finish(err))
        return EXIT_FAILED;
    return n ? EXIT_DONE : EXIT_NO;
}

static const struct command_example examples[] = {
    {"xsmall lines | head", "Print the first lines"},
    {"xsmall lines -c", "Print their number"},
    {NULL, NULL},
};

const struct command command_lines = {
    .name = "lines",
    .synopsis = "[-c]",
    .help = "Print the matching lines: those that pass the filter chain",
    .about = "xsmall chain prints the same filters as a shell pipeline. Both print the same bytes.",
    .options = " count ",
    .examples = examples,
    .exit_no = "if no line matches",
    .no_operands = true,
    .run = run_lines,
};
