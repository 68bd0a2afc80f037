/* SPDX-License-Identifier: MIT
 *
 * The text of an export: the kept tree, mapped, in one of the forms (forms/export_form.h).
 *
 * Not here: files (export_files.h).
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
    const struct export_form *form; /* NULL: choose one of those of a Dockerfile */
    enum export_builder builder;
    bool with_files; /* there is a directory for rootfs.tar: form tar can be chosen */
    bool no_squash;
    bool verify;               /* verify.sh is written too (verify_script.h) */
    bool squash_only;          /* the subject as it is, in one layer */
    int style;                 /* the value of one of the form's styles */
    bool null;                 /* lists: a NUL after each path */
    bool why;                  /* comments: why each path is there (plan_reasons.h) */
    bool snippet;              /* only the lines to paste into another Dockerfile */
    const char *stage;         /* the snippet's source stage; NULL: build */
    struct bytes subject_name; /* for FROM */
    struct bytes base_name;    /* n 0: no base */
    struct bytes base_config;  /* JSON, for an image's history; n 0: none */
};

struct export_text {
    struct buf text;     /* owned */
    struct buf warnings; /* owned; lines: what the form cannot carry. In a Dockerfile each
                            is also a comment */
    const struct export_form *form; /* the form that was used */
};
void export_text_finish(struct export_text *text);

/* Appends the Dockerfile (or the list, …) to out. Without a form in the request, the first of a
 * Dockerfile that loses nothing with this builder is used; where each loses something, the first. A
 * form that cannot express the plan: false with ERR_NO, naming what and the form that can. */
bool export_write(const struct export_request *request, const struct mapped_tree *mapped,
                  struct export_text *out, struct err *err);

#endif
