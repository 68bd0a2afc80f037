/* SPDX-License-Identifier: MIT
 *
 * A Dockerfile being written: what its forms share. A form of a Dockerfile gives the lines of its
 * two stages (a stage of the subject, then the final one); here they become the whole text, with
 * the comments and the image config, and the form that loses nothing is found. Only forms/, losses
 * and plan_table include this.
 *
 *     static const struct dockerfile_form copy = {CARRY_BY_COPY, is_candidate, write_lines};
 *     const struct export_form form_copy = {.name = "copy", …, .dockerfile = &copy,
 *                                           .write = dockerfile_write};
 */
#ifndef XSMALL_EXPORT_FORMS_DOCKERFILE_H
#define XSMALL_EXPORT_FORMS_DOCKERFILE_H

#include "export/plan.h"

/* With many sources on a COPY line BuildKit 0.8 breaks off, the more often the busier the machine:
 * "flightcontrol: exceeded retry timeout"; never seen at 10, often at 20 (moby/buildkit#1822). */
enum { DOCKERFILE_SOURCES = 8 };

/* What a form or a builder loses of a kept path; one bit each of dockerfile->lost. */
enum loss {
    LOSS_HARD_LINK,
    LOSS_TIME,
    LOSS_XATTRS_COPIED, /* by the RUN's cp and mkdir */
    LOSS_XATTRS_STORED, /* by the engine */
    LOSS_FIFO,
    LOSS_DEVICE,
    N_LOSSES
};

struct dockerfile {
    const struct plan *plan;              /* borrowed */
    const struct export_request *request; /* borrowed */
    const struct export_form *form;       /* the form that writes the lines */
    const char *stage;                    /* name of the stage that is copied from */
    const char *other_form;               /* the form that refusals name */
    struct buf build;                     /* owned; lines after FROM subject */
    struct buf final;                     /* owned; lines after FROM base */
    struct buf warnings;                  /* owned; lines */
    uint8_t *lost;                        /* owned; by node */
    uint32_t n_losses;                    /* of the warnings, what the built image will not have */
    size_t n_copies;                      /* COPY lines in final */
    size_t sources_max;                   /* files on one COPY line */
    bool runs;                            /* final has a RUN, as user 0 */
};

struct dockerfile_form {
    enum plan_carrier carrier; /* what brings the files; decides what is lost on the way */
    /* Whether the form may be chosen for a request without a form. */
    bool (*is_candidate)(const struct export_request *request, const struct tree *subject);
    /* Fills build and final. False with ERR_NO where the form cannot express the plan. */
    bool (*write_lines)(struct dockerfile *dockerfile, struct err *err);
};

/* Prints a Dockerfile whose lines are written; it may add warnings. */
typedef void dockerfile_printer(struct dockerfile *dockerfile, struct buf *out);
/* As a Dockerfile, or as a snippet of one. */
dockerfile_printer dockerfile_print;

/* export_form's write of each form of a Dockerfile. */
bool dockerfile_write(const struct export_request *request, const struct mapped_tree *mapped,
                      struct export_text *out, struct err *err);
/* Uses the first candidate that loses nothing, else the first that can express the plan; sets
 * out->form. */
bool dockerfile_write_best(const struct export_request *request, const struct mapped_tree *mapped,
                           dockerfile_printer *print, struct export_text *out, struct err *err);
/* The subject as it is, in one layer; sets out->form. */
bool dockerfile_write_squash(const struct export_request *request, const struct mapped_tree *mapped,
                             struct export_text *out, struct err *err);
/* Layers of the built image that are not the base's. */
size_t dockerfile_n_layers(const struct dockerfile *dockerfile);
/* Appends each line with "# " before it. */
void dockerfile_comment(struct bytes lines, struct buf *out);

/* The lines that forms share (dockerfile_lines.c). */

/* Appends to final the removal of base paths that are in the way of the copies. */
bool dockerfile_remove_conflicts(struct dockerfile *dockerfile, struct err *err);
/* Appends to final COPY lines for the nodes, all of one directory, each under its name. */
bool dockerfile_copy_files(struct dockerfile *dockerfile, const uint32_t *nodes, size_t n,
                           struct err *err);
/* Appends to final COPY --from=STAGE / /, where all of the subject is needed. */
void dockerfile_copy_all(struct dockerfile *dockerfile);
/* Always false, with ERR_NO: what is wrong with a node, and the form that can express it. */
bool dockerfile_refuse(const struct dockerfile *dockerfile, uint32_t node, const char *what,
                       struct err *err);
void dockerfile_mark_loss(struct dockerfile *dockerfile, enum loss loss, uint32_t node);

#endif
