/* SPDX-License-Identifier: MIT
 *
 * Decodes xz and bzip2 data with the filters of libarchive. Few layers use these codecs, so the
 * speed does not matter.
 *
 * Not here: gzip and zstd, and the file that is read (blob.h).
 */
#ifndef XSMALL_IMAGE_LAYER_FOREIGN_DECODER_H
#define XSMALL_IMAGE_LAYER_FOREIGN_DECODER_H

#include "util/bytes.h"
#include "util/err.h"

struct foreign_decoder;

/* Returns the next stored bytes in out; out->n is 0 at the end. The bytes are borrowed until the
 * next call. Returns false and fills err on failure. */
typedef bool foreign_decoder_more(void *with, struct bytes *out, struct err *err);

/* The caller owns the result (foreign_decoder_destroy). `with` is passed to more. */
struct foreign_decoder *foreign_decoder_create(foreign_decoder_more *more, void *with);
/* Writes up to `room` decoded bytes to out and their number to *n; *n is 0 at the end. Fails if
 * more() fails, or if the data is damaged or cut. */
bool foreign_decoder_next(struct foreign_decoder *decoder, char *out, size_t room, size_t *n,
                          struct err *err);
void foreign_decoder_destroy(struct foreign_decoder *decoder);

#endif
