/* SPDX-License-Identifier: MIT
 *
 * The plan: how each node is copied from the subject into the slim image. The forms write it as
 * text.
 *
 * Not here: text, and names that a builder cannot express; the forms check these.
 *
 *     struct plan plan;
 *     plan_make(&plan, &mapped, CARRY_BY_RUN);
 *     if (plan.how[node] == PLAN_WHOLE) …
 *     plan_finish(&plan);
 */
#ifndef XSMALL_EXPORT_PLAN_H
#define XSMALL_EXPORT_PLAN_H

#include "export/export.h"

/* What copies the files into the final stage. */
enum plan_carrier {
    CARRY_BY_RUN,  /* cp in a RUN of a stage of the subject, then one COPY */
    CARRY_BY_COPY, /* COPY from a stage of the subject */
    CARRY_BY_TAR   /* ADD of an archive that xsmall writes */
};

enum plan_how {
    PLAN_NOT,    /* not copied */
    PLAN_MADE,   /* a created directory: kept, or a parent of a kept path; its content is copied
                    separately */
    PLAN_WHOLE,  /* a directory, copied with everything in it */
    PLAN_INSIDE, /* copied with a parent directory */
    PLAN_SINGLE, /* a file, symlink, device or fifo, copied separately */
    PLAN_MOUNT /* CARRY_BY_RUN only: a file that cp in a RUN cannot copy: the engine mounts its own
                  there, or busybox's cp would lose its extended attributes */
};

/* Maximum number of COPY lines from another stage that every builder accepts; BuildKit fails at 60.
 */
enum { PLAN_MAX_COPIES = 40 };

struct plan {
    const struct mapped_tree *mapped; /* borrowed, like the next four */
    const struct keep_input *input;   /* mapped's */
    const struct keep *keep;          /* mapped's */
    const struct tree *tree;          /* the needed paths, with their paths in the slim image */
    const struct tree *source;        /* the subject */
    uint8_t *how;                     /* owned; enum plan_how, by node */
    uint32_t *base_of;                /* owned; the base's node at the same path, or NODE_NONE */
    bool everything;    /* the whole subject is needed: one COPY of its root is enough */
    uint32_t n_planned; /* nodes other than PLAN_NOT, without the root */
    uint32_t n_sockets; /* kept, but omitted: an image cannot contain sockets */
    uint32_t n_hidden;  /* kept, but omitted: devices where the engine mounts its own */
};

void plan_make(struct plan *plan, const struct mapped_tree *mapped, enum plan_carrier carrier);
void plan_finish(struct plan *plan);

bool plan_is_device(const struct node *node);

/* Lists the topmost base paths that block a copy, because they have another kind. *nodes contains
 * nodes of plan->tree; the caller frees it. */
void plan_find_conflicts(const struct plan *plan, uint32_t **nodes, size_t *n);

/* Returns whether COPY leaves the directory with other attributes than in the kept tree: builders
 * create directories with mode 0755 and owner 0:0, and do not change directories of the base. */
bool plan_loses_meta(const struct plan *plan, uint32_t node);

/* Returns the node whose copy includes this one: itself or a parent directory; NODE_NONE if the
 * node is not copied. */
uint32_t plan_item(const struct plan *plan, uint32_t node);

/* Appends the path of a node of tree in the subject. */
void plan_source_path(const struct plan *plan, uint32_t node, struct buf *out);
/* Returns whether the path in the subject differs from the path in the slim image. */
bool plan_is_moved(const struct plan *plan, uint32_t node);

/* Returns whether the image has an executable of that name in the PATH of the scripts. */
bool plan_has_program(const struct tree *tree, const char *name);
/* Returns the same, also true if the shell is a busybox with that applet. */
bool plan_has_tool(const struct tree *tree, const char *name);
bool plan_cp_is_busybox(const struct tree *subject);
/* Return whether the image has the tools for form stage, and for the script after COPY. */
bool plan_can_stage(const struct tree *subject);
bool plan_can_repair(const struct tree *base);

#endif
