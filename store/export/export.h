/* SPDX-License-Identifier: MIT
 *
 * The plan (what goes where), then its forms: stage, tar, copy, image, list, removed, json.
 */
#ifndef XSMALL_EXPORT_EXPORT_H
#define XSMALL_EXPORT_EXPORT_H

#include "export/builder.h"
#include "export/forms/form_image.h"
#include "export/forms/form_list.h"
#include "export/mapped_tree.h"

enum export_form {
    EXPORT_AUTO,
    EXPORT_PLAN, /* AUTO's as a table (plan_table.h) */
    EXPORT_STAGE,
    EXPORT_TAR, /* the text names rootfs.tar beside it (slim_tar.h) */
    EXPORT_COPY,
    EXPORT_IMAGE, /* the text says what image.tar will be (form_image.h) */
    EXPORT_LIST,
    EXPORT_REMOVED, /* what the subject has and the small image has not */
    EXPORT_JSON,    /* the plan with its reasons (form_json.h) */
    N_EXPORT_FORMS
};
struct export_request {
    enum export_form form;
    enum export_builder builder;
    bool with_files; /* there is a place for rootfs.tar: AUTO may be EXPORT_TAR */
    bool no_squash;
    bool verify;               /* verify.sh beside it (verify_script.h) */
    bool squash_only;          /* the subject as it is, in one layer; AUTO or IMAGE */
    enum list_style list;      /* LIST, REMOVED */
    bool null;                 /* likewise: NUL behind each path */
    bool why;                  /* comments: why each path is there (plan_reasons.h) */
    bool snippet;              /* only the lines to paste into one's own Dockerfile */
    const char *stage;         /* the snippet's source stage; NULL: build */
    struct bytes subject_name; /* for FROM */
    struct bytes base_name;    /* n 0: no base */
    enum image_style style;    /* IMAGE */
    struct bytes base_config;  /* IMAGE: as in image_archive */
};

/* Appends the Dockerfile (or the list) to out. AUTO becomes *form_used: the first of stage, tar and
 * copy that loses nothing with this builder; where each loses something, the first. A form that
 * cannot say the plan: false with ERR_NO, naming what and the form that can; out is unchanged.
 * warnings: lines about what the form cannot carry, each also a comment in the Dockerfile. */
bool export_write(const struct export_request *request, const struct mapped_tree *moved,
                  struct buf *out, enum export_form *form_used, struct buf *warnings,
                  struct err *err);
bool export_form_from(const char *name, enum export_form *out);
const char *export_form_name(enum export_form form);

#endif
