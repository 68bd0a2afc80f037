/* SPDX-License-Identifier: MIT
 *
 * xsmall diff: compares two images; prints one line for each path that differs. Another thread
 * reads the images; this one prints the progress.
 */
#include "cli/command.h"

#include "cli/diff_rows.h"
#include "cli/output.h"
#include "cli/progress_line.h"

struct reading {
    struct image_pair_request request;
    struct image_pair pair; /* the result */
};

static bool read_images(void *with, struct progress *progress, struct err *err)
{
    struct reading *reading = with;
    return image_pair_load(&reading->request, progress, &reading->pair, err);
}

/* Prints the differences. Returns the exit code. */
static int print_diff(const struct args *args, const struct image_pair *pair, struct err *err)
{
    struct tree_compare compare;
    struct diff diff = {.pair = pair, .compare = &compare, .no_mtime = args->no_mtime};
    tree_compare(pair->a, pair->b, &compare);
    if (args->json)
        diff_json(&diff);
    else
        diff_text(&diff, args->quiet);
    bool same = diff_is_same(&diff);
    tree_compare_finish(&compare);
    return !output_finish(err) ? EXIT_FAILED : same ? EXIT_DONE : EXIT_NO;
}

static int run_diff(const struct args *given, struct err *err)
{
    struct args args = *given;
    ARGS_STDIN_AUTO struct args_stdin keep = {0};
    if (args.n_operands != 2)
        return err_set(err, "diff: expected two images; see xsmall diff --help"), EXIT_FAILED;
    if (!args_read_stdin(&args, &keep, err))
        return EXIT_FAILED;
    struct reading reading = {.request = {.a = args.operands[0],
                                          .b = args.operands[1],
                                          .choice_a = {args.load.image, args.load.platform},
                                          .choice_b = {args.load.image_b, args.load.platform},
                                          .verify = args.load.verify}};
    if (!progress_line_run(read_images, &reading, args.quiet, err))
        return EXIT_FAILED;
    int code = print_diff(&args, &reading.pair, err);
    image_pair_finish(&reading.pair);
    return code;
}

static const struct option_text texts[] = {
    {"image", "N", "number of the image A, from 1, in an archive that holds several"},
    {"platform", "P", "platform of A and B: OS/ARCH[/VARIANT]"},
    {"json", NULL, "print JSON"},
    {NULL, NULL, NULL},
};

static const struct command_example examples[] = {
    {"xsmall diff app-1.tar app-2.tar", "List the paths that differ"},
    {"xsmall diff --no-mtime docker:app:1 docker:app:2",
     "Compare images of the docker engine; ignore times"},
    {NULL, NULL},
};

const struct command command_diff = {
    .name = "diff",
    .synopsis = "[--json] [--no-mtime] [--image N] [--image-b N] [--platform P] [--verify] "
                "[--spool FILE] A B",
    .help = "Compare two images: paths, content, metadata",
    .about = "A and B are images, as for xsmall load. No session is needed, and none is made.",
    .options = " json no-mtime image image-b platform verify spool ",
    .texts = texts,
    .examples = examples,
    .exit_no = "if the images differ",
    .no_session = true,
    .run = run_diff,
};
