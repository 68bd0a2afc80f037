/* SPDX-License-Identifier: MIT
 *
 * xsmall sql: prints rows only, with a tab between columns and an empty field for NULL.
 */
#include "cli/command.h"

#include <stdio.h>

#include "cli/output.h"

static bool print_row(void *with, int n_columns, const struct bytes *columns)
{
    (void)with;
    for (int i = 0; i < n_columns; i++) {
        if (i)
            putchar('\t');
        output_bytes(stdout, columns[i]);
    }
    putchar('\n');
    return !ferror(stdout);
}

static int run_sql(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (args->n_operands != 1)
        return err_set(err, "sql: expected one query, in quotes"), EXIT_FAILED;
    if (!command_open(args, DB_READ, &session, err) || !line_table_register(session, err) ||
        !db_sql(session->db, bytes_of(args->operands[0]), print_row, NULL, err))
        return EXIT_FAILED;
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct command_example examples[] = {
    {"xsmall sql \"SELECT path FROM v_file WHERE kept ORDER BY bytes DESC LIMIT 10\"",
     "List the ten largest files that are kept"},
    {"xsmall sql \"SELECT ordinal, bytes, dead_bytes FROM v_layer\"",
     "List the layers with the bytes that later layers hide"},
    {NULL, NULL},
};

const struct command command_sql = {
    .name = "sql",
    .synopsis = "QUERY",
    .help = "Query the session with SQL, read-only",
    .about = "Prints rows only: a tab between columns, an empty field for NULL. The public views "
             "are v_file, v_layer, v_package, v_access, v_process, v_pattern, v_problem and "
             "v_line; xsmall help session describes their columns.",
    .options = " ",
    .examples = examples,
    .run = run_sql,
};
