/* SPDX-License-Identifier: MIT
 *
 * xsmall extract: copies files of the subject image into a directory. Another thread copies; this
 * one prints the progress.
 */
#include "cli/command.h"

#include <stdio.h>

#include "threads/extractor.h"
#include "cli/operands.h"
#include "cli/output.h"
#include "cli/progress_line.h"

static void print_summary(const struct extract_result *result, const char *dir)
{
    fprintf(stderr, "xsmall: extracted %u entr%s, %lld bytes to ", result->n_written,
            result->n_written == 1 ? "y" : "ies", (long long)result->bytes);
    output_word(stderr, bytes_of(dir));
    fputc('\n', stderr);
    if (result->n_left_out)
        fprintf(stderr,
                "xsmall: warning: left out: %u (devices, owners and attributes that only root can "
                "create)\n",
                result->n_left_out);
}

static int run_extract(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n;
    if (!args->n_operands || !args->output)
        return err_set(err, "extract: expected PATH... and -o DIR; see xsmall extract --help"),
               EXIT_FAILED;
    if (!command_open(args, DB_READ, &session, err) || !command_need_subject(session, err))
        return EXIT_FAILED;
    int code = operands_match(args, session, "extract", &nodes, &n, err);
    if (code != EXIT_DONE)
        return code;
    struct extraction extraction = {.session_path = db_path(session->db),
                                    .tree = session->subject,
                                    .nodes = nodes,
                                    .n = n,
                                    .dir = args->output};
    if (!progress_line_run(extraction_run, &extraction, args->quiet, err))
        return EXIT_FAILED;
    if (!args->quiet)
        print_summary(&extraction.result, args->output);
    return EXIT_DONE;
}

static const struct option_text texts[] = {
    {"output", "DIR", "directory that the files are copied into; created if it does not exist"},
    {NULL, NULL, NULL},
};

static const struct command_example examples[] = {
    {"xsmall extract /etc/passwd /usr/lib/libz.so.1 -o out", "Copy two files into out/"},
    {"xsmall extract '/app/**/*.conf' -o out", "Copy the files that match a glob"},
    {NULL, NULL},
};

const struct command command_extract = {
    .name = "extract",
    .synopsis = "PATH... -o DIR",
    .help = "Copy files out of the subject image into a directory",
    .about = "A directory is copied with everything below it. No file is overwritten. A PATH can "
             "be a glob: *, ?, [...] match inside a name, ** also across directories.",
    .options = " output ",
    .texts = texts,
    .examples = examples,
    .exit_no = "if a PATH matches nothing",
    .run = run_extract,
};
