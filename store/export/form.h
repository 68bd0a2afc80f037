/* SPDX-License-Identifier: MIT
 *
 * What the forms of a Dockerfile give: the lines of its two stages. What store/export's files
 * share; nobody else includes it.
 *
 *     struct form form = {.plan = &plan, .request = request, .stage = "build", .sources_max =
 * FORM_SOURCES}; if (!stage_write(&form, err)) … form_finish(&form);
 */
#ifndef XSMALL_EXPORT_FORM_H
#define XSMALL_EXPORT_FORM_H

#include "export/plan.h"

/* With many sources on a COPY line BuildKit 0.8 breaks off, the more often the busier the machine:
 * "flightcontrol: exceeded retry timeout"; never seen at 10, often at 20 (moby/buildkit#1822). */
enum { FORM_SOURCES = 8 };

struct form {
    const struct plan *plan;              /* borrowed */
    const struct export_request *request; /* borrowed */
    const char *stage;                    /* name of the stage that is copied from */
    struct buf build;                     /* lines behind FROM subject */
    struct buf final;                     /* lines behind FROM base */
    struct buf warnings;                  /* lines */
    uint32_t n_losses;                    /* of them, what the built image will not have */
    size_t n_copies;                      /* COPY lines in final */
    size_t sources_max;                   /* files on one COPY line */
    bool runs;                            /* final has a RUN, as user 0 */
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
/* A loss: a line of form->warnings, "path and N more: what". n 0: none. */
void form_warn(struct form *form, const char *what, uint32_t node, uint32_t n);

#endif
