/* SPDX-License-Identifier: MIT
 *
 * Writes the text of an export: the mapped kept tree in one of the forms (forms/export_form.h).
 *
 * Not here: output files (export_files.h).
 *
 *     struct export_text text = {0};
 *     if (!export_write(&request, &mapped, &text, err)) …
 *     export_text_finish(&text);
 */
#ifndef XSMALL_EXPORT_EXPORT_H
#define XSMALL_EXPORT_EXPORT_H

#include "export/builder.h"
#include "export/forms/export_form.h"
#include "export/mapped_tree.h"

struct export_request {
    const struct export_form *form; /* NULL: choose a form of a Dockerfile */
    enum export_builder builder;
    bool with_files; /* an output directory exists for rootfs.tar: form tar can be chosen */
    bool no_squash;
    bool verify;               /* also write verify.sh (verify_script.h) */
    bool squash_only;          /* the whole subject image in one layer */
    int style;                 /* value of a style of the form */
    bool null;                 /* lists: a NUL after each path */
    bool why;                  /* comments with the reason of each path (plan_reasons.h) */
    bool snippet;              /* only the lines to paste into another Dockerfile */
    const char *stage;         /* the snippet's source stage; NULL: build */
    struct bytes subject_name; /* for FROM */
    struct bytes base_name;    /* n 0: no base */
    struct bytes base_config;  /* JSON, for the image history; n 0: none */
};

struct export_text {
    struct buf text;                /* owned */
    struct buf warnings;            /* owned; lines: what is lost in this form; also comments in a
                                       Dockerfile */
    const struct export_form *form; /* the form that was used */
};
void export_text_finish(struct export_text *text);

/* Appends the Dockerfile (or the list, …) to out. If the request has no form, uses the first form
 * of a Dockerfile that loses nothing with this builder; if every form loses something, the first.
 * If the form cannot express the plan, returns false with ERR_NO, which names the path and another
 * form. */
bool export_write(const struct export_request *request, const struct mapped_tree *mapped,
                  struct export_text *out, struct err *err);

#endif
