/* SPDX-License-Identifier: MIT
 *
 * Paths as bytes. The functions only change text; they never look at a file system or an image.
 */
#ifndef XSMALL_UTIL_PATH_H
#define XSMALL_UTIL_PATH_H

#include "util/bytes.h"

/* Removes the next component from *rest and returns it: skips slashes, then returns the bytes up to
 * the next slash. Returns empty bytes (n 0) at the end. "." and ".." are returned unchanged. */
struct bytes path_next(struct bytes *rest);

/* Writes the canonical form of a tar entry name or hard-link target to out: no leading or trailing
 * slash, no "." and no "//"; the root is "". Returns false if the name contains a NUL, if a ".."
 * would leave the image, or if a component follows a "..". Such names are rejected, not clamped.
 * Replaces the bytes of out. */
bool path_member(struct bytes name, struct buf *out);

/* Writes the absolute path of `path`, relative to the absolute directory `dir`, to out: dir + "/" +
 * path, then "//", "/." and "X/.." are removed textually, the trailing slash is removed, and ".."
 * at the root is dropped; "/" is the root. If `path` is absolute, `dir` is ignored. If `dir` is
 * empty (n 0), the directory is unknown and a relative path is copied unchanged. Replaces the bytes
 * of out. (semantics.md, Paths of accesses.) */
void path_absolute(struct bytes dir, struct bytes path, struct buf *out);

struct bytes path_base(struct bytes path); /* the part after the last slash */
struct bytes path_dir(struct bytes path);  /* the part before it; n 0 if there is no slash */

#endif
