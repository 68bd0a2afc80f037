/* SPDX-License-Identifier: MIT
 *
 * Parses the files that configure the search directories of a loader: glibc's /etc/ld.so.conf, the
 * files in /etc/ld.so.conf.d that it includes, and musl's /etc/ld-musl-ARCH.path.
 *
 *     if (ld_so_conf_is_one(path))
 *         ld_so_conf_needs(path, text, add, with);
 */
#ifndef XSMALL_IMAGE_CONTENT_LD_SO_CONF_H
#define XSMALL_IMAGE_CONTENT_LD_SO_CONF_H

#include "image/tree/tree.h"

enum { SEARCH_MAX_BYTES = 64 * 1024 }; /* of a configuration file; the rest is not read */

/* Returns true if a canonical path ("etc/ld.so.conf") is one of these files. */
bool ld_so_conf_is_one(struct bytes path);

/* Calls add for each directory, and for each glob of an include line, in the order of the file, by
 * the rules of ldconfig(8) and of musl's dynlink.c. value is borrowed. */
void ld_so_conf_needs(struct bytes path, struct bytes text,
                      void (*add)(void *with, enum need_kind kind, struct bytes value), void *with);

#endif
