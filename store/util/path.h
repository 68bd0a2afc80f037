/* SPDX-License-Identifier: MIT
 *
 * Paths as bytes: textual work only; nothing here looks at a file system or an image.
 */
#ifndef XSMALL_UTIL_PATH_H
#define XSMALL_UTIL_PATH_H

#include "util/bytes.h"

/* Takes the next component off *rest: skips slashes, returns the bytes up to the next one.
 * Empty (n 0) at the end. "." and ".." are returned as they are. */
struct bytes path_next(struct bytes *rest);

/* A tar member name or hard-link target to its canonical form inside the image: no leading or
 * trailing slash, no "." or "//"; the root is "". False where a ".." would leave the image or is
 * followed anywhere (such names are refused, not clamped) or a NUL is in it. out is overwritten. */
bool path_member(struct bytes name, struct buf *out);

/* The absolute path of `path` as asked for in directory `dir` (absolute): dir + "/" + path, then
 * "//", "/." and "X/.." removed textually, no trailing slash, ".." at the root dropped; "/" is the
 * root. An absolute path ignores dir. A `dir` of n 0 means unknown: a relative path is copied as
 * it is. out is overwritten. (semantics.md, Paths of accesses.) */
void path_absolute(struct bytes dir, struct bytes path, struct buf *out);

struct bytes path_base(struct bytes path); /* behind the last slash */
struct bytes path_dir(struct bytes path);  /* before the last slash; n 0 if there is none */

#endif
