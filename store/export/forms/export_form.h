/* SPDX-License-Identifier: MIT
 *
 * The export forms as a table: what a form is called, what it writes, and the function that writes
 * it. A form is one file, form_NAME.c, with its row, and its name in the list of export_form.c; the
 * command line, its help and completions, and the explorer read the rows.
 *
 * Not here: what the forms of a Dockerfile share (dockerfile.h).
 *
 *     const struct export_form *form;
 *     if (export_form_find("copy", &form)) …
 */
#ifndef XSMALL_EXPORT_FORMS_EXPORT_FORM_H
#define XSMALL_EXPORT_FORMS_EXPORT_FORM_H

#include <stdbool.h>
#include <stddef.h>

#include "util/err.h"

struct dockerfile_form;
struct export_output;
struct export_request;
struct export_text;
struct mapped_tree;

/* A value of --style. */
struct export_style {
    const char *name; /* NULL ends a list */
    const char *help;
    int value; /* the form's own; 0 is what the form does without --style */
};

struct export_form {
    const char *name; /* as --form takes it */
    const char *help; /* what it writes: one line, without a full stop */
    const char
        *text_file; /* the name of its text in an output directory; NULL: no text is written */
    /* A file next to the text, so that the form needs an output directory; NULL: none. */
    const char *archive_file;
    /* Writes that file to fd. */
    bool (*write_archive)(const struct export_output *output, int fd, struct err *err);
    const struct export_style *styles; /* NULL: it has none */
    bool has_squash_only;              /* --squash-only may be combined with it */
    /* What makes it a form of a Dockerfile (dockerfile.h); NULL: its text is no Dockerfile. */
    const struct dockerfile_form *dockerfile;
    /* Appends to out->text and out->warnings; sets out->form where that is another form than this
     * one. False with ERR_NO where the form cannot express the plan; out is then unchanged. */
    bool (*write)(const struct export_request *request, const struct mapped_tree *mapped,
                  struct export_text *out, struct err *err);
};

/* The forms, by number from 0; NULL after the last one. */
const struct export_form *export_form_at(size_t i);
/* The form of that name, NULL with "auto": the form that fits is to be chosen. False: no form has
 * the name. */
bool export_form_find(const char *name, const struct export_form **out);
/* The form after this one, the first after the last. NULL, the choice: the first. */
const struct export_form *export_form_next(const struct export_form *form);

/* NULL, the choice: "auto"; that of a Dockerfile; false; false. */
const char *export_form_name(const struct export_form *form);
const char *export_form_text_file(const struct export_form *form);
bool export_form_has_archive(const struct export_form *form);
bool export_form_has_reasons(const struct export_form *form); /* --why adds comments to its text */

#endif
