/* SPDX-License-Identifier: MIT
 *
 * xsmall files.
 */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"
#include "util/interrupt.h"

enum files_which { FILES_KEPT, FILES_IN_BASE, FILES_DROPPED, FILES_ALL };

static bool is_listed(const struct verdict *verdict, enum files_which which)
{
    switch (which) {
    case FILES_KEPT:
        return verdict->kept;
    case FILES_IN_BASE:
        return verdict->needed && !verdict->kept;
    case FILES_DROPPED:
        return !verdict->needed;
    case FILES_ALL:
        return true;
    }
    return false;
}

struct line {
    struct bytes path;
};

static int compare_lines(const void *a, const void *b)
{
    return bytes_compare(((const struct line *)a)->path, ((const struct line *)b)->path);
}

/* Prints the paths in C order of the whole paths, as sort(1) does: "/a-b" before "/a/c". Nodes are
 * in C order by component. */
static void print_files(const struct session *session, enum files_which which, char end)
{
    struct arena arena = {0};
    MEM_AUTO struct line *lines = mem_array(NULL, session->subject->n, sizeof *lines);
    BUF_AUTO struct buf path = {0};
    size_t n = 0;
    for (uint32_t node = 0; node < session->subject->n; node++) {
        if (!is_listed(&session->keep->verdicts[node], which))
            continue;
        buf_clear(&path);
        tree_path(session->subject, node, &path);
        lines[n++].path = arena_copy(&arena, buf_bytes(&path));
    }
    qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n; i++) {
        output_word(stdout, lines[i].path);
        putchar(end);
    }
    arena_finish(&arena);
}

static int run_files(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (args->files.kept + args->files.in_base + args->files.dropped + args->files.all > 1)
        return err_set(err, "files: expected only one of --kept, --in-base, --dropped, --all"),
               EXIT_FAILED;
    if (!command_open(args, DB_READ, &session, err) || !command_need_subject(session, err) ||
        !session_settle(session, interrupt_flag(), err))
        return EXIT_FAILED;
    enum files_which which = args->files.in_base   ? FILES_IN_BASE
                             : args->files.dropped ? FILES_DROPPED
                             : args->files.all     ? FILES_ALL
                                                   : FILES_KEPT;
    print_files(session, which, args->files.zero ? 0 : '\n');
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct command_example examples[] = {
    {"xsmall files", "List the files that are copied to the slim image"},
    {"xsmall files --dropped | grep '\\.so'", "List the libraries that the slim image will lack"},
    {"xsmall files -0 | xargs -0 -n 1 printf '%q\\n'",
     "Pass paths with any characters to a program"},
    {NULL, NULL},
};

const struct command command_files = {
    .name = "files",
    .synopsis = "[--kept | --in-base | --dropped | --all] [-0]",
    .help = "List files of the subject image: kept, dropped or in the base",
    .about = "Prints absolute paths, one a line, sorted as sort(1) does in the C locale.",
    .options = " kept in-base dropped all null ",
    .examples = examples,
    .no_operands = true,
    .run = run_files,
};
