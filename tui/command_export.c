/* SPDX-License-Identifier: MIT */
#include "command.h"

#include <stdio.h>
#include <string.h>

#include "db/edits.h"
#include "export/files.h"
#include "output.h"

static bool builder_from(const char *name, enum export_builder *out, struct err *err)
{
    static const struct {
        const char *name;
        enum export_builder builder;
    } builders[] = {{"any", BUILDER_ANY},
                    {"buildkit", BUILDER_BUILDKIT},
                    {"buildah", BUILDER_BUILDAH},
                    {"docker", BUILDER_DOCKER}};
    for (size_t i = 0; i < sizeof builders / sizeof *builders; i++) {
        if (!strcmp(name, builders[i].name)) {
            *out = builders[i].builder;
            return true;
        }
    }
    return err_set(err, "--builder %s: not one of any, buildkit, buildah, docker", name);
}

/* Names and map rules given here are remembered, as one undoable step. */
static bool remember(struct xsmall *x, const struct args *args, struct err *err)
{
    bool ok = db_begin(x->db, err) && edits_step(x->db, err);
    if (ok && args->subject_name)
        ok = edits_put(x->db, EDIT_SETTING, bytes_of("export.subject-name"),
                       bytes_of(args->subject_name), err);
    if (ok && args->base_name)
        ok = edits_put(x->db, EDIT_SETTING, bytes_of("export.base-name"), bytes_of(args->base_name),
                       err);
    for (size_t i = 0; ok && i < args->map.n; i++)
        ok = moves_put(x->db, bytes_of(args->map.items[i]), err);
    if (!ok) {
        db_rollback(x->db);
        return false;
    }
    return db_commit(x->db, err);
}

static bool make_request(struct xsmall *x, const struct args *args, struct buf *subject,
                         struct buf *base, struct export_request *out, struct err *err)
{
    if (!xsmall_names(x, subject, base, err))
        return false;
    *out = (struct export_request){.no_squash = args->no_squash,
                                   .with_files = args->output,
                                   .snippet = args->snippet,
                                   .stage = args->stage,
                                   .subject_name = buf_bytes(subject),
                                   .base_name = buf_bytes(base),
                                   .base_config = bytes_of(x->base_info.config)};
    if (args->form && !export_form_from(args->form, &out->form))
        return err_set(err, "--form %s: not one of stage, tar, copy, image, list", args->form);
    if (args->style && !image_style_from(args->style, &out->style))
        return err_set(err, "--style %s: not one of docker, oci", args->style);
    return !args->builder || builder_from(args->builder, &out->builder, err);
}

static int write_export(struct xsmall *x, const struct args *args,
                        const struct export_request *request, const struct moved *moved,
                        struct err *err)
{
    BUF_AUTO struct buf text = {0}, warnings = {0};
    enum export_form form;
    if (!export_write(request, moved, &text, &form, &warnings, err))
        return command_failed(err);
    if (export_has_files(form) && !args->output)
        return err_set(err, "export: --form %s writes %s: name a directory with -o",
                       export_form_name(form), form == EXPORT_TAR ? "rootfs.tar too" : "image.tar"),
               EXIT_FAILED;
    bool ok = !args->output || export_files(x->db, request, form, moved, buf_bytes(&text),
                                            args->output, NULL, &warnings, err);
    output_bytes(stderr, buf_bytes(&warnings));
    if (!ok)
        return EXIT_FAILED;
    if (!args->output)
        output_bytes(stdout, buf_bytes(&text));
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

int command_export(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct xsmall *x = NULL;
    bool remembers = args->subject_name || args->base_name || args->map.n;
    if (args->n_operands)
        return err_set(err, "export: takes no operands (see --help)"), EXIT_FAILED;
    if (!command_open(args, remembers ? DB_WRITE : DB_READ, &x, err))
        return EXIT_FAILED;
    if (!x->subject)
        return err_set(err, "%s: no image is loaded", db_path(x->db)), EXIT_FAILED;
    BUF_AUTO struct buf subject = {0}, base = {0};
    struct export_request request;
    MOVES_AUTO struct moves *moves = NULL;
    if ((remembers && !remember(x, args, err)) ||
        !make_request(x, args, &subject, &base, &request, err) || !moves_read(x->db, &moves, err) ||
        !xsmall_settle(x, NULL, err))
        return EXIT_FAILED;
    struct keep_input input = xsmall_keep_input(x);
    struct moved moved;
    int code = moved_make(&moved, &input, x->keep, moves, err)
                   ? write_export(x, args, &request, &moved, err)
                   : command_failed(err);
    moved_finish(&moved);
    return code;
}
