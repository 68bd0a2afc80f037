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

/* Appends one warning line for each kind of loss to dockerfile->warnings, as "PATH and N more:
 * TEXT". Sets n_losses to the number of lines. */
void losses_warn(struct dockerfile *dockerfile);

/* Appends one comment line for each kind of loss: its letter, then its text. */
void losses_print_legend(const struct dockerfile *dockerfile, struct buf *out);

/* Appends a letter for each kind of loss of a path: H hard link, T time, X extended attributes, S
 * special file. */
void losses_print_badges(uint8_t lost, struct buf *out);

#endif
