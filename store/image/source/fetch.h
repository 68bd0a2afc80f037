/* SPDX-License-Identifier: MIT
 *
 * References that are no files: what they mean, and how the archive behind them gets into a file
 * that can be read anywhere.
 *
 *     docker:NAME    what `docker save` writes
 *     podman:NAME    what `podman save` writes
 *     registry:NAME  what skopeo copies out of a registry; "registry:NAME OS/ARCH[/VARIANT]" one
 *                    platform of it
 *     -:N            standard input, already in the file open as descriptor N (fetch_stdin)
 *
 * A file of such a name is written ./docker:NAME.
 */
#ifndef XSMALL_IMAGE_SOURCE_FETCH_H
#define XSMALL_IMAGE_SOURCE_FETCH_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/progress.h"

/* Whether ref is one of those above, or "-" itself. */
bool fetch_is_reference(const char *ref);
/* The name that such a reference goes by in FROM, without a digest or a platform, into out; n 0
 * where it has none. */
void fetch_name(const char *ref, struct buf *out);
/* Whether a platform can be written behind it. */
bool fetch_takes_platform(const char *ref);
/* What the session calls it: "-" for standard input, else ref. */
const char *fetch_public(const char *ref);

/* The archive as a file: its descriptor, yours, and its length; -1 and err on failure. progress may
 * be NULL. */
int fetch_open(const char *ref, struct progress *progress, uint64_t *size, struct err *err);

/* Reads standard input to its end, into the new file `spool`, or into a temporary one where that is
 * NULL. ref becomes what it can be opened by for as long as this program runs. */
bool fetch_stdin(const char *spool, struct buf *ref, struct err *err);

#endif
