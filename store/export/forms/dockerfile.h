/* SPDX-License-Identifier: MIT
 *
 * Code that the forms of a Dockerfile share. A form writes the lines of two stages (a stage of the
 * subject, then the final stage); this file adds comments and image config, and chooses the form
 * that loses nothing. Only forms/, losses and plan_table include this header.
 *
 *     static const struct dockerfile_form copy = {CARRY_BY_COPY, is_candidate, write_lines};
 *     const struct export_form form_copy = {.name = "copy", …, .dockerfile = &copy,
 *                                           .write = dockerfile_write};
 */
#ifndef XSMALL_EXPORT_FORMS_DOCKERFILE_H
#define XSMALL_EXPORT_FORMS_DOCKERFILE_H

#include "export/plan.h"

/* Files on a COPY line. With many files BuildKit 0.8 fails on busy machines with "flightcontrol:
 * exceeded retry timeout"; never seen with 10, often with 20 (moby/buildkit#1822). */
enum { DOCKERFILE_SOURCES = 8 };

/* Losses of a kept path by a form or a builder; one bit each in dockerfile->lost. */
enum loss {
    LOSS_HARD_LINK,
    LOSS_TIME,
    LOSS_XATTRS_COPIED, /* lost by cp and mkdir of the RUN */
    LOSS_XATTRS_STORED, /* lost by the engine */
    LOSS_FIFO,
    LOSS_DEVICE,
    N_LOSSES
};

struct dockerfile {
    const struct plan *plan;              /* borrowed */
    const struct export_request *request; /* borrowed */
    const struct export_form *form;       /* the form that writes the lines */
    const char *stage;                    /* name of the stage from which COPY copies */
    const char *other_form;               /* the form that error messages propose */
    struct buf build;                     /* owned; lines after FROM subject */
    struct buf final;                     /* owned; lines after FROM base */
    struct buf warnings;                  /* owned; lines */
    struct buf platform;                  /* owned; for FROM; n 0: the builder's own */
    uint8_t *lost;                        /* owned; by node */
    uint32_t n_losses;                    /* number of warnings about a loss */
    size_t n_copies;                      /* COPY lines in the stage `final` */
    size_t sources_max;                   /* files on one COPY line */
    bool runs;                            /* the stage `final` has a RUN, as user 0 */
};

struct dockerfile_form {
    enum plan_carrier carrier; /* copies the files; determines the losses */
    /* Returns whether the form can be chosen for a request without a form. */
    bool (*is_candidate)(const struct export_request *request, const struct tree *subject);
    /* Fills build and final. Returns false with ERR_NO if the form cannot express the plan. */
    bool (*write_lines)(struct dockerfile *dockerfile, struct err *err);
};

/* Prints a Dockerfile whose lines are written; can add warnings. */
typedef void dockerfile_printer(struct dockerfile *dockerfile, struct buf *out);
/* Prints a Dockerfile, or a snippet of one. */
dockerfile_printer dockerfile_print;

/* The function `write` of each form of a Dockerfile. */
bool dockerfile_write(const struct export_request *request, const struct mapped_tree *mapped,
                      struct export_text *out, struct err *err);
/* Uses the first candidate that loses nothing, else the first that can express the plan; sets
 * out->form. */
bool dockerfile_write_best(const struct export_request *request, const struct mapped_tree *mapped,
                           dockerfile_printer *print, struct export_text *out, struct err *err);
/* Writes the whole subject in one layer; sets out->form. */
bool dockerfile_write_squash(const struct export_request *request, const struct mapped_tree *mapped,
                             struct export_text *out, struct err *err);
/* Returns the number of layers that the built image adds to the base. */
size_t dockerfile_n_layers(const struct dockerfile *dockerfile);
/* Appends each line with the prefix "# ". */
void dockerfile_comment(struct bytes lines, struct buf *out);

/* Lines that the forms share (dockerfile_lines.c). */

/* Appends to final a command that removes the base paths that block a copy. */
bool dockerfile_remove_conflicts(struct dockerfile *dockerfile, struct err *err);
/* Appends to final COPY lines for nodes of one directory; the names do not change. */
bool dockerfile_copy_files(struct dockerfile *dockerfile, const uint32_t *nodes, size_t n,
                           struct err *err);
/* Appends to final COPY --from=STAGE / /, if the whole subject is needed. */
void dockerfile_copy_all(struct dockerfile *dockerfile);
/* Returns false with ERR_NO: "PATH: what; use --form OTHER". */
bool dockerfile_refuse(const struct dockerfile *dockerfile, uint32_t node, const char *what,
                       struct err *err);
void dockerfile_mark_loss(struct dockerfile *dockerfile, enum loss loss, uint32_t node);

#endif
