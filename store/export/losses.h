/* SPDX-License-Identifier: MIT
 *
 * What is lost of the kept tree, path by path: a form's own commands mark it
 * (dockerfile_mark_loss), here is what a builder loses with any lines, and
 * how losses are printed.
 */
#ifndef XSMALL_EXPORT_LOSSES_H
#define XSMALL_EXPORT_LOSSES_H

#include "export/forms/dockerfile.h"

/* Marks fifos and devices that the builder's COPY does not bring, extended attributes that its
 * engine does not keep. copied: a COPY brings all of the image, or what is kept, from another
 * stage. */
bool losses_find(struct dockerfile *dockerfile, bool copied, struct err *err);

/* A line of dockerfile->warnings for each kind, "PATH and N more: what"; counts them in n_losses.
 */
void losses_warn(struct dockerfile *dockerfile);

/* A comment line for each kind, badge first; appended. */
void losses_print_legend(const struct dockerfile *dockerfile, struct buf *out);

/* A letter for each kind of a path's loss, H hard link, T time, X extended attributes, S special
 * file; appended. */
void losses_print_badges(uint8_t lost, struct buf *out);

#endif
