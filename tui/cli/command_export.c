/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <stdio.h>
#include <string.h>

#include "db/journal.h"
#include "threads/exporter.h"
#include "cli/output.h"
#include "cli/progress_line.h"

/* Saves the names and map rules of the arguments in the session, as one undoable step. */
static bool save_settings(struct session *session, const struct args *args, struct err *err)
{
    bool ok = db_begin(session->db, err) && journal_step(session->db, err);
    if (ok && args->export.subject_name)
        ok = journal_set(session->db, EDIT_SETTING, bytes_of("export.subject-name"),
                         bytes_of(args->export.subject_name), err);
    if (ok && args->export.base_name)
        ok = journal_set(session->db, EDIT_SETTING, bytes_of("export.base-name"),
                         bytes_of(args->export.base_name), err);
    for (size_t i = 0; ok && i < args->export.map.n; i++)
        ok = map_rules_set(session->db, bytes_of(args->export.map.items[i]), err);
    if (!ok) {
        db_rollback(session->db);
        return false;
    }
    return db_commit(session->db, err);
}

/* Reads --style. Rejects a style that the form does not have, and a style without --form. */
static bool read_style(const char *name, struct export_request *out, struct err *err)
{
    const struct export_style *style = out->form ? out->form->styles : NULL;
    BUF_AUTO struct buf names = {0};
    for (; style && style->name; style++) {
        if (!strcmp(name, style->name)) {
            out->style = style->value;
            return true;
        }
        buf_printf(&names, "%s%s", names.n ? ", " : "", style->name);
    }
    if (names.n)
        return err_set(err, "--style %s: expected one of %s, the styles of --form %s", name,
                       names.p, out->form->name);
    return err_set(err, "--style %s: --form %s has no styles", name,
                   out->form ? out->form->name : "auto");
}

static bool make_request(const struct args *args, struct export_request *out, struct err *err)
{
    *out = (struct export_request){.no_squash = args->export.no_squash,
                                   .squash_only = args->export.squash_only,
                                   .null = args->files.zero,
                                   .verify = args->load.verify,
                                   .why = args->export.why,
                                   .snippet = args->export.snippet,
                                   .stage = args->export.stage};
    if (args->export.form && !export_form_find(args->export.form, &out->form))
        return option_values_refuse(values_forms, "--form", args->export.form, err);
    if (args->load.verify && (!args->output || args->export.squash_only))
        return err_set(
            err, "--verify: needs -o DIR, the directory for verify.sh; not with --squash-only");
    if (args->export.squash_only && out->form && !out->form->has_squash_only)
        return err_set(err, "--squash-only: needs --form image, or no --form");
    if (args->export.style && !read_style(args->export.style, out, err))
        return false;
    return !args->export.builder || export_builder_find(args->export.builder, &out->builder) ||
           option_values_refuse(values_builders, "--builder", args->export.builder, err);
}

/* Writes the path of the session to *session_path; saves the settings of the arguments. */
static bool prepare(const struct args *args, struct buf *session_path, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    bool saves = args->export.subject_name || args->export.base_name || args->export.map.n;
    return command_open(args, saves ? DB_WRITE : DB_READ, &session, err) &&
           command_need_subject(session, err) && (!saves || save_settings(session, args, err)) &&
           (buf_add(session_path, bytes_of(db_path(session->db))), true);
}

static int run_export(const struct args *args, struct err *err)
{
    BUF_AUTO struct buf session_path = {0};
    struct exporting exporting = {.dir = args->output};
    if (!make_request(args, &exporting.request, err) || !prepare(args, &session_path, err))
        return EXIT_FAILED;
    exporting.session_path = session_path.p;
    bool ok = progress_line_run(exporting_run, &exporting, args->quiet || !args->output, err);
    output_bytes(stderr, buf_bytes(&exporting.text.warnings));
    if (ok && !args->output)
        output_bytes(stdout, buf_bytes(&exporting.text.text));
    exporting_finish(&exporting);
    if (!ok)
        return command_failed(err);
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct option_text texts[] = {
    {"verify", NULL,
     "also write verify.sh, which compares the built image with the plan; needs -o"},
    {"output", "DIR", "write the files into DIR (default: print the Dockerfile)"},
    {"null", NULL, "end each path of a list with NUL instead of a newline"},
    {NULL, NULL, NULL},
};

static const struct command_example examples[] = {
    {"xsmall export", "Print the Dockerfile"},
    {"xsmall export --form tar -o slim && docker build -t app:slim slim",
     "Write a Dockerfile with an archive of the files, and build it"},
    {"xsmall export --form image -o slim && docker load -i slim/image.tar",
     "Write a finished image; no builder is needed"},
    {NULL, NULL},
};

const struct command command_export = {
    .name = "export",
    .synopsis = "[--form FORM] [--style STYLE] [-o DIR [--verify]] [--builder NAME] "
                "[--map FROM=TO]... [--no-squash | --squash-only] [--why] "
                "[--snippet [--stage NAME]] [--subject-name NAME] [--base-name NAME] [-0]",
    .help = "Write the slim image: a Dockerfile, an archive or a list",
    .about = "Losses of a form (hard links, owners, times, capabilities) are reported as warnings. "
             "Breaks are a warning, too: xsmall breaks lists them.",
    .options = " form style null output verify builder map no-squash squash-only why snippet stage "
               "subject-name base-name ",
    .texts = texts,
    .examples = examples,
    .exit_no = "if the form cannot express the plan (nothing is written)",
    .no_operands = true,
    .run = run_export,
};
