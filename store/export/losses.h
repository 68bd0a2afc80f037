/* SPDX-License-Identifier: MIT
 *
 * What a builder loses of the kept tree whatever the form's lines say: fifos and devices that its
 * COPY does not bring, extended attributes that its engine does not keep.
 *
 * Not here: what a form's own commands lose (stage.c, copy.c).
 */
#ifndef XSMALL_EXPORT_LOSSES_H
#define XSMALL_EXPORT_LOSSES_H

#include "export/form.h"

/* Lines of form->warnings. copied: a COPY brings all of the image, or what is kept, from another
 * stage. */
bool losses_warn(struct form *form, bool copied, struct err *err);

#endif
