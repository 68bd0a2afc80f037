/* SPDX-License-Identifier: MIT
 *
 * Losses: attributes of kept paths that the built image does not have. The forms mark the losses of
 * their own commands (dockerfile_mark_loss); this file marks the losses of the builder, and prints
 * all losses.
 */
#ifndef XSMALL_EXPORT_LOSSES_H
#define XSMALL_EXPORT_LOSSES_H

#include "export/forms/dockerfile.h"

/* Marks fifos and devices that the builder's COPY does not copy, and extended attributes that its
 * engine does not keep. copied: a COPY from another stage copies the kept files or the whole image.
 */
bool losses_find(struct dockerfile *dockerfile, bool copied, struct err *err);

/* Appends to dockerfile->warnings a line for each kind, "PATH and N more: TEXT"; counts the lines
 * in n_losses. */
void losses_warn(struct dockerfile *dockerfile);

/* Appends a comment line for each kind, badge first. */
void losses_print_legend(const struct dockerfile *dockerfile, struct buf *out);

/* Appends a letter for each kind of loss of a path: H hard link, T time, X extended attributes, S
 * special file. */
void losses_print_badges(uint8_t lost, struct buf *out);

#endif
