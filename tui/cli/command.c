/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include "db/journal.h"

const struct command commands[] = {
    {"load",
     "[--base REF] [--run NAME] [--check] [--cwd DIR] [--follow] [--platform P] [--verify] [IMAGE] "
     "[LOG|DIR ...]\nIMAGE: a file, a directory, docker:NAME, podman:NAME, registry:NAME or - "
     "(with --spool FILE)",
     "Load an image and strace logs into the session",
     " base run check cwd replace follow image platform verify spool ", command_load},
    {"chain",
     "['grep ... | grep -v ...'] [--add STAGE] [--target T [N]] [--on N] [--off N] [--delete N] "
     "[--move N M] [--use NAME] [--save NAME] | --sets [NAME]",
     "Set the chain from a shell pipeline, change it, or print it as one",
     " add target on off delete move use save sets ", command_chain},
    {"lines", "[-c]", "Print the surviving lines, as the pipeline prints them", " count ",
     command_lines},
    {"files", "[--kept | --in-base | --dropped | --all] [-0]", "List files of the subject",
     " kept in-base dropped all null ", command_files},
    {"keep", "[--closure KINDS] [-m NOTE] [PATH... | --survivors]",
     "Mark paths to keep, with all below (globs and ** too); say which needs are followed",
     " closure message survivors ", command_keep},
    {"drop", "[-m NOTE] PATH...", "Mark paths to drop", " message ", command_drop},
    {"auto", "[-m NOTE] PATH...", "Let the evidence decide on paths again", " message ",
     command_auto},
    {"why", "PATH", "Say why a path is kept, or what dropped it", " ", command_why},
    {"breaks", "[--keep]", "Tell what would fail in the small image", " keep ", command_breaks},
    {"families", "[NAME | --json | --add NAME | --refuse NAME]",
     "Tell which files stand for others that the trace did not need, and add them",
     " add refuse json ", command_families},
    {"export",
     "[--form stage|tar|copy|image|plan|list|removed|json] [-o DIR [--verify]] [--builder NAME] "
     "[--map "
     "FROM=TO]... "
     "[--no-squash] [--why] [--snippet [--stage NAME]]",
     "Write the Dockerfile of the small image",
     " form style null output verify builder map no-squash squash-only why snippet stage "
     "subject-name "
     "base-name ",
     command_export},
    {"report", "[--json] [--rules FILE]",
     "Tell sizes, layers, dead contents, logs and problems; check rules", " json rules ",
     command_report},
    {"trace", "[-o PREFIX] -- COMMAND ARGS...",
     "Run a command under strace, one log a process; exits as the command does", " output ",
     command_trace},
    {"extract", "PATH... -o DIR", "Copy files out of the image, never overwriting", " output ",
     command_extract},
    {"diff",
     "[--json] [--no-mtime] A B\nA, B: images as load takes them; no session is needed or made",
     "Compare two images: paths, content, metadata; exits with 1 if they differ",
     " json no-mtime image image-b platform verify spool ", command_diff},
    {"sql", "QUERY", "Query the session, read-only; the public views are named v_...", " ",
     command_sql},
    {"help", "[COMMAND | man | keys | bash | zsh | fish]",
     "Print this help, that of a command, the manual page, the keys, completions for a shell", " ",
     command_help},
    {0},
};

int command_failed(const struct err *err)
{
    return err->kind == ERR_NO ? EXIT_NO : EXIT_FAILED;
}

bool command_open(const struct args *args, enum db_mode mode, struct session **out, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    return session_find_path(args->session_path, NULL, 0, (struct image_choice){0}, &path, err) &&
           session_open(path.p, mode, out, err);
}

void command_close(struct session **session)
{
    session_close(*session);
}
