/* SPDX-License-Identifier: MIT
 *
 * xsmall load. Another thread loads; this one prints the progress.
 */
#include "cli/command.h"

#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "threads/loader.h"
#include "cli/load_follow.h"
#include "cli/output.h"
#include "cli/progress_line.h"
#include "cli/report/report_problems.h"
#include "cli/report/report_trace.h"
#include "image/source/source_kind.h"

static void summary(const struct session *session, const struct load_result *result)
{
    if (session->subject) {
        fputs("xsmall: subject ", stderr);
        output_word(stderr, bytes_of(session->subject_info.name));
        fprintf(stderr, ", %u entries%s\n", session->subject->n,
                result->image_same ? " (already loaded)" : "");
    }
    if (session->base) {
        fputs("xsmall: base ", stderr);
        output_word(stderr, bytes_of(session->base_info.name));
        fprintf(stderr, ", %u entries%s\n", session->base->n,
                result->base_same ? " (already loaded)" : "");
    }
    if (result->n_new + result->n_same + result->n_grown + result->n_changed)
        fprintf(stderr,
                "xsmall: logs: %zu new, %zu grown, %zu changed and replaced, %zu unchanged\n",
                result->n_new, result->n_grown, result->n_changed, result->n_same);
    fprintf(stderr, "xsmall: logs %u, lines %u\n", session->corpus->n_logs,
            session->corpus->n_lines);
}

/* Updates the derived tables. If the chain no longer fits the logs, prints only a warning, because
 * the load itself succeeded. */
static bool settle(const char *session_path, const struct load_result *result, bool quiet,
                   struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    if (!session_open(session_path, DB_WRITE, &session, err))
        return false;
    if (!quiet)
        summary(session, result);
    bool new_logs = result->n_new + result->n_grown + result->n_changed > 0;
    if (session->chain_err.kind != ERR_NONE) {
        output_error(bytes_of(session->chain_err.text));
    } else if (!command_settle(session, err)) {
        return false;
    }
    return quiet || (report_problems_warn(session, result, err) &&
                     (!new_logs || report_trace_warn(session, err)));
}

static bool is_shown(void *loader)
{
    return loader_shown(loader) || loader_is_over(loader);
}

/* Loads and prints the progress. The loader cleans up while the derived tables are updated. */
static bool load(const struct load_request *request, bool quiet, struct err *err)
{
    struct loader *loader;
    struct load_result result;
    int wake = eventfd(0, EFD_CLOEXEC);
    if (wake < 0)
        return err_sys(err, "eventfd");
    bool ok = loader_start(request, LOADER_ONCE, wake, &loader, err);
    if (ok) {
        progress_line_watch(loader_progress(loader), wake, is_shown, loader, quiet);
        const struct load_result *shown = loader_shown(loader);
        struct err failed;
        if (shown && !settle(request->session_path, shown, quiet, &failed))
            command_warn_unsettled(&failed);
        ok = loader_finish(loader, &result, err);
    }
    close(wake);
    return ok;
}

static int run_load(const struct args *given, struct err *err)
{
    struct args own = *given;
    const struct args *args = &own;
    ARGS_STDIN_AUTO struct args_stdin keep = {0};
    if (!args->n_operands && !args->load.base)
        return err_set(err, "load: expected an image or logs; see xsmall load --help"), EXIT_FAILED;
    if (!args_read_stdin(&own, &keep, err))
        return EXIT_FAILED;
    BUF_AUTO struct buf session_path = {0};
    if (!session_find_path(args->session_path, args->operands, args->n_operands,
                           (struct image_choice){args->load.image, args->load.platform},
                           &session_path, err))
        return EXIT_FAILED;
    struct load_request request = args_load_request(args, session_path.p);
    if (args->load.follow)
        return load_follow(args, &request, err);
    return load(&request, args->quiet, err) ? EXIT_DONE : EXIT_FAILED;
}

static void explain_operands(struct buf *out)
{
    buf_add(out, bytes_of("IMAGE is one of: "));
    source_kinds_help(out);
    buf_add(out,
            bytes_of(" for standard input. A file is a docker-archive, an OCI archive or a tar "
                     "of a root file system; a directory is an OCI layout, a directory of "
                     "skopeo (dir:) or a root file "
                     "system. LOG is a file that strace wrote, DIR a directory of logs."));
}

static const struct command_example examples[] = {
    {"xsmall load --base base.tar image.tar logs", "Load two archives and a directory of logs"},
    {"xsmall load --base docker:debian:12-slim docker:app:latest logs",
     "Load images from the docker engine"},
    {"xsmall load --run upload logs-upload", "Add the logs of another run to the same session"},
    {NULL, NULL},
};

const struct command command_load = {
    .name = "load",
    .synopsis =
        "[--base REF] [--run NAME] [--check] [--cwd DIR] [--replace] [--follow] [--image N] "
        "[--platform P] [--verify] [--spool FILE] [IMAGE] [LOG|DIR ...]",
    .help = "Load an image and strace logs into the session",
    .about = "Images, logs and directories are accepted in any order and detected by their "
             "content. Files that the session already has are not loaded again: of a log that has "
             "grown, only the new lines are read.",
    .explain = explain_operands,
    .options = " base run check cwd replace follow image platform verify spool ",
    .examples = examples,
    .run = run_load,
};
