/* SPDX-License-Identifier: MIT
 *
 * Where the loaders of an image look for libraries: the text of glibc's /etc/ld.so.conf, of the
 * files that it includes from /etc/ld.so.conf.d, and of musl's /etc/ld-musl-ARCH.path.
 *
 *     if (ld_so_conf_is_one(path))
 *         ld_so_conf_needs(path, text, add, with);
 */
#ifndef XSMALL_IMAGE_CONTENT_LD_SO_CONF_H
#define XSMALL_IMAGE_CONTENT_LD_SO_CONF_H

#include "image/tree/tree.h"

enum { SEARCH_MAX_BYTES = 64 * 1024 }; /* of such a file; what is behind is not read */

/* Whether a path in canonical form ("etc/ld.so.conf") is one of these files. */
bool ld_so_conf_is_one(struct bytes path);

/* Calls add for each directory, and for each glob of an include line, in the order of the file, as
 * ldconfig(8) and musl's dynlink.c read it; value borrowed. */
void ld_so_conf_needs(struct bytes path, struct bytes text,
                      void (*add)(void *with, enum need_kind kind, struct bytes value), void *with);

#endif
