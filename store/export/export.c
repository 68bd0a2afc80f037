/* SPDX-License-Identifier: MIT */
#include "export/export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "export/config_lines.h"
#include "export/forms/dockerfile_form.h"
#include "export/preflight.h"
#include "export/forms/form_json.h"
#include "export/losses.h"
#include "export/quote.h"
#include "export/plan_reasons.h"
#include "export/plan_table.h"

static const char *const form_names[] = {
    [EXPORT_AUTO] = "auto",       [EXPORT_STAGE] = "stage", [EXPORT_TAR] = "tar",
    [EXPORT_COPY] = "copy",       [EXPORT_IMAGE] = "image", [EXPORT_LIST] = "list",
    [EXPORT_REMOVED] = "removed", [EXPORT_JSON] = "json",   [EXPORT_PLAN] = "plan"};

bool export_form_from(const char *name, enum export_form *out)
{
    for (enum export_form form = EXPORT_AUTO; form < N_EXPORT_FORMS; form++) {
        if (!strcmp(name, form_names[form])) {
            *out = form;
            return true;
        }
    }
    return false;
}

const char *export_form_name(enum export_form form)
{
    return form_names[form];
}

static bool is_letter(char c, const char *more)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr(more, c));
}

/* What FROM and --from take as it is: no variable, no flag, no second word. */
static bool check_name(struct bytes name, const char *more, const char *option, struct err *err)
{
    bool ok = name.n > 0 && is_letter(name.p[0], "/.");
    for (size_t i = 0; i < name.n; i++)
        ok = ok && is_letter(name.p[i], more);
    if (ok && !bytes_equal(name, bytes_of("scratch")))
        return true;
    BUF_AUTO struct buf shown = {0};
    quote_comment(name, &shown);
    return err_set(err, "\"%s\" cannot stand in a Dockerfile's FROM; give a name with %s",
                   shown.n ? shown.p : "", option);
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

static void add_comments(struct bytes lines, struct buf *out)
{
    while (lines.n) {
        struct bytes line = bytes_from(lines.p, bytes_index(lines, '\n'));
        buf_add(out, bytes_of("# "));
        buf_add(out, line);
        buf_byte(out, '\n');
        lines = bytes_skip(lines, line.n + 1);
    }
}

static void write_snippet(const struct form *form, struct buf *out)
{
    add_comments(buf_bytes(&form->warnings), out);
    if (form->request->why)
        reasons_write(form->plan, out);
    if (form->build.n) {
        buf_printf(out, "# at the end of stage %s\n", form->stage);
        buf_add(out, buf_bytes(&form->build));
        buf_add(out, bytes_of("# in the stage that becomes the image\n"));
    }
    buf_add(out, buf_bytes(&form->final));
}

static void add_docker_only(const struct keep_input *input, struct buf *out)
{
    if (config_is_docker_only(input))
        buf_add(out, bytes_of("# HEALTHCHECK, SHELL and ONBUILD are no OCI config: buildah keeps "
                              "them with --format docker only\n"));
}

static bool is_squashed(const struct form *form)
{
    const struct export_request *request = form->request;
    return !request->snippet && !request->no_squash &&
           (form->plan->input->base || form->n_copies > 1);
}

/* The first line is a comment that is no parser directive, and ends the place for them. */
static void write_dockerfile(const struct form *form, struct buf *config, struct buf *out)
{
    const struct export_request *request = form->request;
    const struct keep_input *input = form->plan->input;
    const struct keep *keep = form->plan->keep;
    buf_printf(out,
               "# xsmall: %u files kept, %" PRId64 " bytes; the image has %" PRId64
               " bytes, the subject %" PRId64 "\n",
               keep->n_kept, keep->kept_bytes, keep->final_bytes, keep->subject_bytes);
    add_docker_only(input, out);
    add_comments(buf_bytes(&form->plan->moved->notes), out);
    add_comments(buf_bytes(&form->warnings), out);
    if (request->why)
        reasons_write(form->plan, out);
    if (request->form != EXPORT_TAR) {
        buf_add(out, bytes_of("FROM "));
        buf_add(out, request->subject_name);
        buf_printf(out, " AS %s\n", form->stage);
        buf_add(out, buf_bytes(&form->build));
        buf_byte(out, '\n');
    }
    buf_add(out, bytes_of("FROM "));
    buf_add(out, input->base ? request->base_name : bytes_of("scratch"));
    buf_add(out, bytes_of(" AS final\n"));
    buf_add(out, buf_bytes(&form->final));
    if (is_squashed(form))
        buf_add(out, bytes_of("\nFROM scratch\nCOPY --from=final / /\n"));
    buf_add(out, buf_bytes(config));
}

/* The subject as it is, in one layer. */
static void write_squash(const struct export_request *request, const struct keep_input *input,
                         struct buf *out, struct buf *warnings)
{
    BUF_AUTO struct buf config = {0}, unsaid = {0};
    config_write(input, CONFIG_ON_SCRATCH, &config, &unsaid);
    buf_add(out, bytes_of("# xsmall: the image as it is, in one layer\n"));
    add_docker_only(input, out);
    add_comments(buf_bytes(&unsaid), out);
    buf_add(warnings, buf_bytes(&unsaid));
    buf_add(out, bytes_of("FROM "));
    buf_add(out, request->subject_name);
    buf_add(out, bytes_of(" AS final\n\nFROM scratch\nCOPY --from=final / /\n"));
    buf_add(out, buf_bytes(&config));
}

/* The forms to try, the one that is to be preferred first. */
static size_t list_forms(const struct export_request *request, const struct tree *subject,
                         enum export_form *forms)
{
    size_t n = 0;
    if (request->form != EXPORT_AUTO && request->form != EXPORT_PLAN) {
        forms[0] = request->form;
        return 1;
    }
    if (plan_has_program(subject, "cp") && plan_can_stage(subject))
        forms[n++] = EXPORT_STAGE;
    if (request->with_files || request->form == EXPORT_PLAN)
        forms[n++] = EXPORT_TAR;
    forms[n++] = EXPORT_COPY;
    return n;
}

/* Nothing of the subject is named: all is in the tar. */
static bool add_write(struct form *form, struct err *err)
{
    if (!form_clear_way(form, err))
        return false;
    buf_add(&form->final, bytes_of("ADD rootfs.tar /\n"));
    return true;
}

static void add_guard(const struct mapped_tree *moved, struct buf *warnings)
{
    struct preflight guard;
    preflight_make(&guard, moved);
    preflight_warnings(&guard, warnings);
    preflight_finish(&guard);
}

static bool write_form(struct form *form, enum export_form which, struct err *err)
{
    const struct plan *plan = form->plan;
    bool ok = which == EXPORT_STAGE ? stage_write(form, err)
              : which == EXPORT_TAR ? add_write(form, err)
                                    : copy_write(form, err);
    if (!ok || !losses_find(form, which != EXPORT_TAR || is_squashed(form), err))
        return false;
    losses_warn(form);
    if (!plan->n_put && !plan->everything)
        buf_add(&form->warnings, bytes_of("nothing is kept\n"));
    buf_add(&form->warnings, buf_bytes(&plan->moved->warnings));
    add_guard(plan->moved, &form->warnings);
    if (plan->n_sockets)
        buf_printf(&form->warnings, "%u sockets are left out: no image holds one\n",
                   plan->n_sockets);
    if (plan->n_hidden)
        buf_printf(&form->warnings,
                   "%u devices or links where the engine mounts its own are "
                   "left out\n",
                   plan->n_hidden);
    if (config_has_onbuild(plan->input) && which != EXPORT_TAR && ++form->n_losses)
        buf_add(&form->warnings, bytes_of("the subject has ONBUILD triggers: FROM runs them in "
                                          "the build; --form tar avoids it\n"));
    return true;
}

/* What image.tar will be, in words. */
static void write_image_text(const struct export_request *request, const struct mapped_tree *moved,
                             struct buf *out, struct buf *warnings)
{
    const struct keep *keep = moved->keep;
    BUF_AUTO struct buf name = {0}, unsaid = {0}; /* no line can say it, but the archive does */
    bool over = request->no_squash && moved->input.base && !request->squash_only;
    image_name(request->subject_name, &name);
    buf_printf(out, "# image.tar: %s, %s\n", name.p,
               request->style == IMAGE_OCI ? "an OCI archive (--style docker: a docker-archive)"
                                           : "a docker-archive (--style oci: an OCI archive)");
    buf_printf(out, "# %s: %" PRId64 " bytes in files, the subject has %" PRId64 "\n",
               request->squash_only ? "one layer of all that the subject has"
               : over               ? "the base's layers and one over them"
               : moved->input.base  ? "one layer of the base and what is kept"
                                    : "one layer of what is kept",
               request->squash_only ? keep->subject_bytes : keep->final_bytes, keep->subject_bytes);
    buf_add(warnings, buf_bytes(&moved->warnings));
    if (!request->squash_only)
        add_guard(moved, warnings);
    add_comments(buf_bytes(&moved->notes), out);
    add_comments(buf_bytes(warnings), out);
    config_write(&moved->input, CONFIG_ON_SCRATCH, out, &unsaid);
}

static bool write_lines(struct form *form, struct buf *out, struct err *err)
{
    const struct export_request *request = form->request;
    const struct keep_input *input = form->plan->input;
    if (!write_form(form, request->form, err))
        return false;
    if (form->as_table) {
        table_write(form, is_squashed(form) || request->form == EXPORT_TAR ? 1 : form->n_copies,
                    out);
        return true;
    }
    if (request->snippet) {
        write_snippet(form, out);
        return true;
    }
    BUF_AUTO struct buf config = {0};
    bool on_base = request->no_squash && input->base;
    config_write(input, on_base ? CONFIG_ON_BASE : CONFIG_ON_SCRATCH, &config, &form->warnings);
    write_dockerfile(form, &config, out);
    return true;
}

/* What one form gives. */
struct written {
    bool ok;
    enum export_form form;
    uint32_t n_losses;
    struct buf text, warnings;
    struct err err;
};

static void write_one(struct written *w, const struct export_request *request,
                      const struct mapped_tree *moved, enum export_form which)
{
    struct export_request chosen = *request;
    struct plan plan;
    chosen.form = which;
    plan_make(&plan, moved, which);
    struct form form = {.plan = &plan,
                        .request = &chosen,
                        .stage = request->snippet && request->stage ? request->stage : "build",
                        .sources_max = FORM_SOURCES,
                        .as_table = request->form == EXPORT_PLAN,
                        .lost = mem_zero(plan.tree->n, 1)};
    *w = (struct written){.form = which};
    w->ok = write_lines(&form, &w->text, &w->err);
    w->n_losses = form.n_losses;
    w->warnings = form.warnings;
    form.warnings = (struct buf){0};
    form_finish(&form);
    plan_finish(&plan);
}

static void written_finish(struct written *w)
{
    buf_finish(&w->text);
    buf_finish(&w->warnings);
}

/* The first that loses nothing; else the first that can be said; else the first. */
static void write_best(struct written *best, const struct export_request *request,
                       const struct mapped_tree *moved)
{
    enum export_form forms[N_EXPORT_FORMS];
    size_t n = list_forms(request, moved->source, forms);
    write_one(best, request, moved, forms[0]);
    for (size_t i = 1; i < n && !(best->ok && !best->n_losses); i++) {
        struct written other;
        write_one(&other, request, moved, forms[i]);
        if (other.ok && (!best->ok || !other.n_losses)) {
            struct written worse = *best;
            *best = other;
            other = worse;
        }
        written_finish(&other);
    }
}

static bool write_dockerfile_form(const struct export_request *request,
                                  const struct mapped_tree *moved, struct buf *out,
                                  enum export_form *form_used, struct buf *warnings,
                                  struct err *err)
{
    struct written best;
    write_best(&best, request, moved);
    *form_used = request->form == EXPORT_PLAN ? EXPORT_PLAN : best.form;
    if (best.ok) {
        buf_add(out, buf_bytes(&best.text));
        buf_add(warnings, buf_bytes(&best.warnings));
    } else {
        *err = best.err;
    }
    written_finish(&best);
    return best.ok;
}

bool export_write(const struct export_request *request, const struct mapped_tree *moved,
                  struct buf *out, enum export_form *form_used, struct buf *warnings,
                  struct err *err)
{
    if (!moved->source || moved->source_keep->n != moved->source->n)
        return err_set(err, "export: no image is loaded");
    *form_used = request->form;
    switch (request->form) {
    case EXPORT_LIST:
    case EXPORT_REMOVED:
        return list_write(moved->source, moved->source_keep,
                          request->form == EXPORT_LIST ? PATHS_KEPT : PATHS_REMOVED, request->list,
                          request->null, out, err);
    case EXPORT_JSON:
        json_write(request, moved, out);
        return true;
    case EXPORT_IMAGE:
        write_image_text(request, moved, out, warnings);
        return true;
    default:
        break;
    }
    if (!check_names(request, &moved->input, err))
        return false;
    if (!request->squash_only)
        return write_dockerfile_form(request, moved, out, form_used, warnings, err);
    *form_used = EXPORT_COPY;
    write_squash(request, &moved->input, out, warnings);
    return true;
}
