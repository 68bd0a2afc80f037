/* SPDX-License-Identifier: MIT
 *
 * xsmall extract: files out of the subject into a directory.
 */
#include "command.h"

#include <stdio.h>

#include "image/extract.h"
#include "image/spool.h"
#include "output.h"

static void tell(const struct extract_result *result, const char *dir)
{
    fprintf(stderr, "xsmall: %u entries, %lld bytes in ", result->n_written,
            (long long)result->bytes);
    output_word(stderr, bytes_of(dir));
    fputc('\n', stderr);
    if (result->n_left_out)
        fprintf(stderr,
                "xsmall: warning: %u devices, owners or attributes that this user may not make "
                "were left out\n",
                result->n_left_out);
}

int command_extract(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct xsmall *x = NULL;
    CONTENTS_AUTO struct contents *contents = NULL;
    MEM_AUTO uint32_t *nodes = NULL;
    struct extract_result result;
    size_t n;
    if (!args->n_operands || !args->output)
        return err_set(err, "extract: PATH... and -o DIR (see --help)"), EXIT_FAILED;
    if (!command_open(args, DB_READ, &x, err) || !command_need_subject(x, err))
        return EXIT_FAILED;
    int code = command_match(args, x, "extract", &nodes, &n, err);
    if (code != EXIT_DONE)
        return code;
    if (!contents_open(x->db, x->subject, NULL, &contents, err))
        return EXIT_FAILED;
    FD_AUTO int dir = extract_directory(args->output, err);
    if (dir < 0 || !extract(contents, x->db, x->subject, nodes, n, dir, &result, err))
        return EXIT_FAILED;
    if (!args->quiet)
        tell(&result, args->output);
    return EXIT_DONE;
}
