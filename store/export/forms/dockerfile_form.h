/* SPDX-License-Identifier: MIT
 *
 * What the forms of a Dockerfile give: the lines of its two stages. What store/export's files
 * share; nobody else includes it.
 *
 *     struct form form = {.plan = &plan, .request = request, .stage = "build", .sources_max =
 * FORM_SOURCES}; if (!stage_write(&form, err)) … form_finish(&form);
 */
#ifndef XSMALL_EXPORT_FORMS_DOCKERFILE_FORM_H
#define XSMALL_EXPORT_FORMS_DOCKERFILE_FORM_H

#include "export/plan.h"

/* With many sources on a COPY line BuildKit 0.8 breaks off, the more often the busier the machine:
 * "flightcontrol: exceeded retry timeout"; never seen at 10, often at 20 (moby/buildkit#1822). */
enum { FORM_SOURCES = 8 };

/* What of a kept path a form or a builder does not bring; one bit each of form->lost. */
enum loss {
    LOSS_HARD_LINK,
    LOSS_TIME,
    LOSS_XATTRS_COPIED, /* by the RUN's cp and mkdir */
    LOSS_XATTRS_STORED, /* by the engine */
    LOSS_FIFO,
    LOSS_DEVICE,
    N_LOSSES
};

struct form {
    const struct plan *plan;              /* borrowed */
    const struct export_request *request; /* borrowed */
    const char *stage;                    /* name of the stage that is copied from */
    struct buf build;                     /* lines behind FROM subject */
    struct buf final;                     /* lines behind FROM base */
    struct buf warnings;                  /* lines */
    uint8_t *lost;                        /* owned; by node */
    uint32_t n_losses;                    /* of the warnings, what the built image will not have */
    size_t n_copies;                      /* COPY lines in final */
    size_t sources_max;                   /* files on one COPY line */
    bool runs;                            /* final has a RUN, as user 0 */
    bool as_table;                        /* EXPORT_PLAN: told as a table */
};

void form_finish(struct form *form);

/* The two forms. False with ERR_NO where the form cannot say the plan. */
bool stage_write(struct form *form, struct err *err);
bool copy_write(struct form *form, struct err *err);

/* What both begin the final stage with: takes away what is in the way of the copies. */
bool form_clear_way(struct form *form, struct err *err);
/* COPY of the nodes, all of one directory, each with its name: as many lines as that takes. */
bool form_copy_files(struct form *form, const uint32_t *nodes, size_t n, struct err *err);
/* COPY --from=STAGE / / where all of the subject is needed. */
void form_copy_everything(struct form *form);
/* ERR_NO: what is wrong with a node, and the form that can say it. */
bool form_cannot(const struct form *form, uint32_t node, const char *what, struct err *err);
void form_lose(struct form *form, enum loss loss, uint32_t node);

#endif
