/* SPDX-License-Identifier: MIT
 *
 * The table of export forms: the name of each form, its output, and the function that writes it. A
 * form is one file, form_NAME.c, with its row; its name is in the list of export_form.c. The
 * command line, its help and completions, and the explorer read the rows.
 *
 * Not here: code that the forms of a Dockerfile share (dockerfile.h).
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
    int value; /* defined by the form; 0 is the default */
};

struct export_form {
    const char *name; /* value of --form */
    const char *help; /* its output: one line, without a full stop */
    const char
        *text_file; /* file name of its text in an output directory; NULL: no text is written */
    /* An archive next to the text; the form then needs an output directory. NULL: no archive. */
    const char *archive_file;
    /* Writes the archive to fd. */
    bool (*write_archive)(const struct export_output *output, int fd, struct err *err);
    const struct export_style *styles; /* NULL: no styles */
    bool has_squash_only;              /* --squash-only can be combined with the form */
    /* Set for forms of a Dockerfile (dockerfile.h); else NULL. */
    const struct dockerfile_form *dockerfile;
    /* Appends to out->text and out->warnings; sets out->form if another form is used. Returns false
     * with ERR_NO, and out unchanged, if the form cannot express the plan. */
    bool (*write)(const struct export_request *request, const struct mapped_tree *mapped,
                  struct export_text *out, struct err *err);
};

/* Returns a form by number from 0; NULL after the last form. */
const struct export_form *export_form_at(size_t i);
/* Finds a form by name; *out is NULL for "auto", the automatic choice. Returns false if no form has
 * the name. */
bool export_form_find(const char *name, const struct export_form **out);
/* Returns the next form; after the last form, the first. NULL means "auto" and precedes the first.
 */
const struct export_form *export_form_next(const struct export_form *form);

/* For NULL, these return "auto", the text file of a Dockerfile, false and false. */
const char *export_form_name(const struct export_form *form);
const char *export_form_text_file(const struct export_form *form);
bool export_form_has_archive(const struct export_form *form);
bool export_form_has_reasons(const struct export_form *form); /* --why adds comments to its text */

#endif
