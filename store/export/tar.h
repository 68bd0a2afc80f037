/* SPDX-License-Identifier: MIT
 *
 * The kept tree as a tar archive, for ADD: every kept path with all that it is, in the order of the
 * tree. The same session gives the same bytes on any machine.
 */
#ifndef XSMALL_EXPORT_TAR_H
#define XSMALL_EXPORT_TAR_H

#include "image/contents.h"
#include "keep/keep.h"

/* Writes it to fd. The contents are read from the subject's source and checked. */
bool export_tar(const struct keep_input *input, const struct keep *keep, struct contents *contents,
                int fd, struct err *err);

#endif
