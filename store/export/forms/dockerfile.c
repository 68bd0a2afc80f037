/* SPDX-License-Identifier: MIT */
#include "export/forms/dockerfile.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/config_lines.h"
#include "export/from_line.h"
#include "export/losses.h"
#include "export/plan_reasons.h"
#include "export/preflight.h"
#include "export/quote.h"

static bool is_letter(char c, const char *more)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(more, c));
}

/* Checks a name that FROM and --from accept as it is: no variable, no flag, no second word. */
static bool check_name(struct bytes name, const char *more, const char *option, struct err *err)
{
    bool ok = name.n > 0 && is_letter(name.p[0], "/.");
    for (size_t i = 0; i < name.n; i++)
        ok = ok && is_letter(name.p[i], more);
    if (ok && !bytes_equal(name, bytes_of("scratch")))
        return true;
    BUF_AUTO struct buf shown = {0};
    quote_comment(name, &shown);
    return err_set(err, "%s: \"%s\" cannot be used in a Dockerfile; set another name with %s",
                   option, buf_str(&shown), option);
}

static bool check_names(const struct export_request *request, const struct keep_input *input,
                        struct err *err)
{
    static const char image[] = "._/:@+-~,", stage[] = "._-";
    if (request->stage && !check_name(bytes_of(request->stage), stage, "--stage", err))
        return false;
    if (request->snippet)
        return true;
    return check_name(request->subject_name, image, "--subject-name", err) &&
           (!input->base || request->squash_only ||
            check_name(request->base_name, image, "--base-name", err));
}

void dockerfile_comment(struct bytes lines, struct buf *out)
{
    while (lines.n) {
        struct bytes line = bytes_split(&lines, '\n');
        buf_add(out, bytes_of("# "));
        buf_add(out, line);
        buf_byte(out, '\n');
    }
}

static void write_snippet(const struct dockerfile *dockerfile, struct buf *out)
{
    dockerfile_comment(buf_bytes(&dockerfile->warnings), out);
    if (dockerfile->platform.n)
        buf_printf(out, "# Write FROM --platform=%s in both stages.\n", dockerfile->platform.p);
    if (dockerfile->request->why)
        plan_reasons_write(dockerfile->plan, out);
    if (dockerfile->build.n) {
        buf_printf(out, "# Append to stage %s:\n", dockerfile->stage);
        buf_add(out, buf_bytes(&dockerfile->build));
        buf_add(out, bytes_of("# Append to the final stage:\n"));
    }
    buf_add(out, buf_bytes(&dockerfile->final));
}

static void add_docker_only(const struct keep_input *input, struct buf *out)
{
    if (config_is_docker_only(input))
        buf_add(out, bytes_of("# HEALTHCHECK, SHELL and ONBUILD are not part of the OCI image "
                              "config: buildah keeps them only with --format docker\n"));
}

static bool is_squashed(const struct dockerfile *dockerfile)
{
    const struct export_request *request = dockerfile->request;
    return !request->snippet && !request->no_squash &&
           (dockerfile->plan->input->base || dockerfile->n_copies > 1);
}

/* The first line is a comment, so that no later line can be a parser directive. */
static void write_dockerfile(const struct dockerfile *dockerfile, struct buf *config,
                             struct buf *out)
{
    const struct export_request *request = dockerfile->request;
    const struct keep_input *input = dockerfile->plan->input;
    const struct keep *keep = dockerfile->plan->keep;
    buf_printf(out,
               "# xsmall: %u file%s kept, %" PRId64 " bytes; slim image: %" PRId64
               " bytes; subject image: %" PRId64 " bytes\n",
               keep->n_kept, keep->n_kept == 1 ? "" : "s", keep->kept_bytes, keep->final_bytes,
               keep->subject_bytes);
    add_docker_only(input, out);
    dockerfile_comment(buf_bytes(&dockerfile->plan->mapped->notes), out);
    dockerfile_comment(buf_bytes(&dockerfile->warnings), out);
    if (request->why)
        plan_reasons_write(dockerfile->plan, out);
    struct bytes platform = buf_bytes(&dockerfile->platform);
    if (dockerfile->form->dockerfile->carrier != CARRY_BY_TAR) {
        from_line_write(platform, request->subject_name, dockerfile->stage, out);
        buf_add(out, buf_bytes(&dockerfile->build));
        buf_byte(out, '\n');
    }
    from_line_write(platform, input->base ? request->base_name : bytes_of("scratch"), "final", out);
    buf_add(out, buf_bytes(&dockerfile->final));
    if (is_squashed(dockerfile)) {
        buf_byte(out, '\n');
        from_line_write(platform, bytes_of("scratch"), NULL, out);
        buf_add(out, bytes_of("COPY --from=final / /\n"));
    }
    buf_add(out, buf_bytes(config));
}

size_t dockerfile_n_layers(const struct dockerfile *dockerfile)
{
    bool one = is_squashed(dockerfile) || dockerfile->form->dockerfile->carrier == CARRY_BY_TAR;
    return one ? 1 : dockerfile->n_copies;
}

void dockerfile_print(struct dockerfile *dockerfile, struct buf *out)
{
    const struct export_request *request = dockerfile->request;
    const struct keep_input *input = dockerfile->plan->input;
    if (request->snippet) {
        write_snippet(dockerfile, out);
        return;
    }
    BUF_AUTO struct buf config = {0};
    bool on_base = request->no_squash && input->base;
    config_write(input, on_base ? CONFIG_ON_BASE : CONFIG_ON_SCRATCH, request->builder, &config,
                 &dockerfile->warnings);
    write_dockerfile(dockerfile, &config, out);
}

/* Finds the platform for the lines FROM; warns if the builder cannot build for it. */
static void find_platform(const struct export_request *request, const struct mapped_tree *mapped,
                          struct buf *platform, struct buf *warnings)
{
    from_line_platform(mapped, platform);
    if (!platform->n || !builder_of(request->builder)->one_platform)
        return;
    buf_printf(warnings,
               "the slim image gets the platform of the engine, not %s: builder %s builds for one "
               "platform; use BuildKit, buildah or --form image\n",
               platform->p, builder_of(request->builder)->name);
    buf_clear(platform);
}

/* A RUN of another platform works only with an emulator. */
static void warn_run(struct dockerfile *dockerfile)
{
    if (!dockerfile->platform.n || dockerfile->form->dockerfile->carrier != CARRY_BY_RUN)
        return;
    buf_printf(&dockerfile->warnings,
               "RUN needs an emulator (qemu-user) for %s on this machine; --form tar runs "
               "nothing\n",
               dockerfile->platform.p);
    dockerfile->n_losses++;
}

static bool write_form(struct dockerfile *dockerfile, struct err *err)
{
    const struct plan *plan = dockerfile->plan;
    const struct dockerfile_form *kind = dockerfile->form->dockerfile;
    bool from_subject = kind->carrier != CARRY_BY_TAR;
    if ((!dockerfile->request->snippet && !preflight_can_start(plan->mapped, err)) ||
        !kind->write_lines(dockerfile, err) ||
        !losses_find(dockerfile, from_subject || is_squashed(dockerfile), err))
        return false;
    losses_warn(dockerfile);
    find_platform(dockerfile->request, plan->mapped, &dockerfile->platform, &dockerfile->warnings);
    warn_run(dockerfile);
    if (!plan->n_planned && !plan->everything)
        buf_add(&dockerfile->warnings,
                bytes_of("no path is kept: load a log, or mark paths with xsmall keep\n"));
    buf_add(&dockerfile->warnings, buf_bytes(&plan->mapped->warnings));
    preflight_add_warnings(plan->mapped, &dockerfile->warnings);
    if (plan->n_sockets)
        buf_printf(&dockerfile->warnings, "%u socket%s omitted: an image cannot contain sockets\n",
                   plan->n_sockets, plan->n_sockets == 1 ? "" : "s");
    if (plan->n_hidden)
        buf_printf(&dockerfile->warnings,
                   "%u path%s (devices or links) omitted: the engine mounts its own there\n",
                   plan->n_hidden, plan->n_hidden == 1 ? "" : "s");
    if (config_has_onbuild(plan->input) && from_subject && ++dockerfile->n_losses)
        buf_add(&dockerfile->warnings,
                bytes_of("the subject image has ONBUILD triggers, which FROM runs during the "
                         "build; use --form tar to avoid that\n"));
    return true;
}

static void dockerfile_finish(struct dockerfile *dockerfile)
{
    buf_finish(&dockerfile->build);
    buf_finish(&dockerfile->final);
    buf_finish(&dockerfile->warnings);
    buf_finish(&dockerfile->platform);
    free(dockerfile->lost);
}

/* The result of one form. */
struct written {
    bool ok;
    uint32_t n_losses;
    struct export_text text;
    struct err err;
};

static void write_one(struct written *w, const struct export_request *request,
                      const struct mapped_tree *mapped, const struct export_form *form,
                      dockerfile_printer *print)
{
    struct plan plan;
    plan_make(&plan, mapped, form->dockerfile->carrier);
    struct dockerfile dockerfile = {.plan = &plan,
                                    .request = request,
                                    .form = form,
                                    .stage = request->snippet && request->stage ? request->stage
                                                                                : "build",
                                    .other_form = "tar",
                                    .sources_max = DOCKERFILE_SOURCES,
                                    .lost = mem_zero(plan.tree->n, 1)};
    *w = (struct written){.text.form = form};
    w->ok = write_form(&dockerfile, &w->err);
    if (w->ok)
        print(&dockerfile, &w->text.text);
    w->n_losses = dockerfile.n_losses;
    w->text.warnings = dockerfile.warnings;
    dockerfile.warnings = (struct buf){0};
    dockerfile_finish(&dockerfile);
    plan_finish(&plan);
}

/* Moves the text and the warnings, or the error, to the caller. */
static bool take_written(struct written *w, struct export_text *out, struct err *err)
{
    bool ok = w->ok;
    out->form = w->text.form;
    if (ok) {
        buf_add(&out->text, buf_bytes(&w->text.text));
        buf_add(&out->warnings, buf_bytes(&w->text.warnings));
    } else if (err) {
        err_copy(err, &w->err);
    }
    export_text_finish(&w->text);
    return ok;
}

bool dockerfile_write(const struct export_request *request, const struct mapped_tree *mapped,
                      struct export_text *out, struct err *err)
{
    struct written written;
    if (!check_names(request, &mapped->input, err))
        return false;
    write_one(&written, request, mapped, request->form, dockerfile_print);
    return take_written(&written, out, err);
}

/* Returns the next candidate from number *i, or NULL. */
static const struct export_form *next_candidate(size_t *i, const struct export_request *request,
                                                const struct tree *subject)
{
    const struct export_form *form;
    while ((form = export_form_at((*i)++)))
        if (form->dockerfile && form->dockerfile->is_candidate(request, subject))
            return form;
    return NULL;
}

bool dockerfile_write_best(const struct export_request *request, const struct mapped_tree *mapped,
                           dockerfile_printer *print, struct export_text *out, struct err *err)
{
    struct written best, other;
    size_t i = 0;
    if (!check_names(request, &mapped->input, err))
        return false;
    const struct export_form *form = next_candidate(&i, request, mapped->source);
    assert(form);
    write_one(&best, request, mapped, form, print);
    while (!(best.ok && !best.n_losses) && (form = next_candidate(&i, request, mapped->source))) {
        write_one(&other, request, mapped, form, print);
        if (other.ok && (!best.ok || !other.n_losses)) {
            struct written worse = best;
            best = other;
            other = worse;
        }
        export_text_finish(&other.text);
    }
    return take_written(&best, out, err);
}

/* Not in the list of forms: --squash-only selects it. */
static const struct export_form squash_form = {
    .name = "squash",
    .help = "Dockerfile of the whole subject image in one layer",
    .text_file = "Dockerfile",
    .write = dockerfile_write_squash,
};

bool dockerfile_write_squash(const struct export_request *request, const struct mapped_tree *mapped,
                             struct export_text *out_text, struct err *err)
{
    const struct keep_input *input = &mapped->input;
    struct buf *out = &out_text->text;
    BUF_AUTO struct buf config = {0}, omitted = {0}, platform = {0};
    if (!check_names(request, input, err))
        return false;
    out_text->form = &squash_form;
    find_platform(request, mapped, &platform, &omitted);
    config_write(input, CONFIG_ON_SCRATCH, request->builder, &config, &omitted);
    buf_add(out, bytes_of("# xsmall: the whole subject image in one layer\n"));
    add_docker_only(input, out);
    dockerfile_comment(buf_bytes(&omitted), out);
    buf_add(&out_text->warnings, buf_bytes(&omitted));
    from_line_write(buf_bytes(&platform), request->subject_name, "final", out);
    buf_byte(out, '\n');
    from_line_write(buf_bytes(&platform), bytes_of("scratch"), NULL, out);
    buf_add(out, bytes_of("COPY --from=final / /\n"));
    buf_add(out, buf_bytes(&config));
    return true;
}
