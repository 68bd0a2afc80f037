/* SPDX-License-Identifier: MIT
 *
 * The plan: how each node gets from the subject into the slim image, before a form writes it.
 *
 * Not here: text. What a builder cannot express is checked by the forms.
 *
 *     struct plan plan;
 *     plan_make(&plan, &mapped, CARRY_BY_RUN);
 *     if (plan.how[node] == PLAN_WHOLE) …
 *     plan_finish(&plan);
 */
#ifndef XSMALL_EXPORT_PLAN_H
#define XSMALL_EXPORT_PLAN_H

#include "export/export.h"

/* What brings the files into the final stage. */
enum plan_carrier {
    CARRY_BY_RUN,  /* cp in a RUN of a stage of the subject, then one COPY */
    CARRY_BY_COPY, /* COPY from a stage of the subject */
    CARRY_BY_TAR   /* ADD of an archive, made by xsmall */
};

enum plan_how {
    PLAN_NOT,   /* it does not */
    PLAN_MADE,  /* a directory, made: kept itself or above something kept; what is below is apart */
    PLAN_WHOLE, /* a directory copied with all that is in it */
    PLAN_INSIDE, /* comes with a directory above */
    PLAN_SINGLE, /* a file, link, device or fifo, by itself */
    PLAN_MOUNT /* CARRY_BY_RUN alone: a file that a RUN's cp cannot bring: the engine mounts its own
                  there, or busybox's cp would lose its extended attributes */
};

/* COPY lines of one stage from another that every builder finishes: BuildKit fails with 60. */
enum { PLAN_MAX_COPIES = 40 };

struct plan {
    const struct mapped_tree *mapped; /* borrowed, as are all below */
    const struct keep_input *input;   /* mapped's */
    const struct keep *keep;          /* mapped's */
    const struct tree *tree;          /* what is needed, at its paths in the slim image */
    const struct tree *source;        /* the subject */
    uint8_t *how;                     /* owned; enum plan_how, by node */
    uint32_t *base_of;                /* owned; the base's node at the same path, or NODE_NONE */
    bool everything;    /* all of the subject is needed: one COPY of its root is enough */
    uint32_t n_planned; /* nodes that are not PLAN_NOT, the root aside */
    uint32_t n_sockets; /* kept, and left out: no image holds a socket */
    uint32_t n_hidden;  /* kept, and left out: devices where the engine mounts its own */
};

void plan_make(struct plan *plan, const struct mapped_tree *mapped, enum plan_carrier carrier);
void plan_finish(struct plan *plan);

bool plan_is_device(const struct node *node);

/* The topmost nodes of the base that are in the way: of another kind at the same path. *nodes is
 * yours, of the subject's numbering. */
void plan_find_conflicts(const struct plan *plan, uint32_t **nodes, size_t *n);

/* Whether COPY of it leaves a directory with other attributes than the kept tree has: builders give
 * a directory that they make 0755 0:0 and leave the base's as it is. */
bool plan_loses_meta(const struct plan *plan, uint32_t node);

/* Returns the node whose copy brings this one: itself or a directory above; NODE_NONE if no copy
 * does. */
uint32_t plan_item(const struct plan *plan, uint32_t node);

/* The path that a node of tree has in the subject; appended. */
void plan_source_path(const struct plan *plan, uint32_t node, struct buf *out);
/* Whether that is another path than it will have. */
bool plan_is_moved(const struct plan *plan, uint32_t node);

/* Whether an image has an executable of that name where the scripts' shell looks. */
bool plan_has_program(const struct tree *tree, const char *name);
/* …or a shell that is one itself. */
bool plan_has_tool(const struct tree *tree, const char *name);
bool plan_cp_is_busybox(const struct tree *subject);
/* The shell and tools that stage's script needs; those that the repairs after COPY need. */
bool plan_can_stage(const struct tree *subject);
bool plan_can_repair(const struct tree *base);

#endif
