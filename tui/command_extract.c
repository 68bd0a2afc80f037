/* SPDX-License-Identifier: MIT
 *
 * xsmall extract: files out of the subject into a directory, on a thread of its own; this one tells
 * how far it is.
 */
#include "command.h"

#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "extractor.h"
#include "output.h"
#include "progress_line.h"

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

static bool is_over(void *extractor)
{
    return extractor_is_over(extractor);
}

static bool write_out(const struct args *args, const struct xsmall *x, const uint32_t *nodes,
                      size_t n, struct extract_result *result, struct err *err)
{
    struct extractor *extractor;
    int wake = eventfd(0, EFD_CLOEXEC);
    if (wake < 0)
        return err_sys(err, "eventfd");
    progress_line_catch();
    bool ok =
        extractor_start(db_path(x->db), x->subject, nodes, n, args->output, wake, &extractor, err);
    if (ok) {
        progress_line_watch(extractor_progress(extractor), wake, is_over, extractor, args->quiet);
        ok = extractor_finish(extractor, result, err);
    }
    close(wake);
    return ok;
}

int command_extract(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct xsmall *x = NULL;
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
    if (!write_out(args, x, nodes, n, &result, err))
        return EXIT_FAILED;
    if (!args->quiet)
        tell(&result, args->output);
    return EXIT_DONE;
}
