/* SPDX-License-Identifier: MIT */
#include "image/layer/foreign_decoder.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>

struct foreign_decoder {
    struct archive *archive; /* owned; NULL before the first read */
    foreign_decoder_more *more;
    void *with;
    bool ended;
    struct err err; /* error of more(); kind ERR_NONE: no error */
};

struct foreign_decoder *foreign_decoder_create(foreign_decoder_more *more, void *with)
{
    struct foreign_decoder *decoder = mem_zero(1, sizeof *decoder);
    decoder->more = more;
    decoder->with = with;
    return decoder;
}

void foreign_decoder_destroy(struct foreign_decoder *decoder)
{
    if (!decoder)
        return;
    if (decoder->archive)
        archive_read_free(decoder->archive);
    free(decoder);
}

static la_ssize_t read_more(struct archive *archive, void *with, const void **out)
{
    struct foreign_decoder *decoder = with;
    struct bytes chunk;
    if (!decoder->more(decoder->with, &chunk, &decoder->err)) {
        archive_set_error(archive, EIO, "%s", decoder->err.text);
        return -1;
    }
    *out = chunk.p;
    return (la_ssize_t)chunk.n;
}

/* Sets err to the error of more() if there is one, else to libarchive's. Returns false. */
static bool fail(struct foreign_decoder *decoder, struct err *err)
{
    if (decoder->err.kind != ERR_NONE) {
        err_copy(err, &decoder->err);
        return false;
    }
    const char *what = archive_error_string(decoder->archive);
    return err_set(err, "damaged or truncated xz or bzip2 data: %s", what ? what : "not readable");
}

static bool open_stream(struct foreign_decoder *decoder, struct err *err)
{
    struct archive_entry *entry;
    decoder->archive = archive_read_new();
    if (!decoder->archive)
        return err_set(err, "libarchive: out of memory");
    archive_read_support_filter_xz(decoder->archive);
    archive_read_support_filter_bzip2(decoder->archive);
    archive_read_support_format_raw(decoder->archive);
    archive_read_support_format_empty(decoder->archive);
    archive_read_set_read_callback(decoder->archive, read_more);
    archive_read_set_callback_data(decoder->archive, decoder);
    if (archive_read_open1(decoder->archive) != ARCHIVE_OK)
        return fail(decoder, err);
    int code = archive_read_next_header(decoder->archive, &entry);
    decoder->ended = code == ARCHIVE_EOF;
    return code == ARCHIVE_OK || code == ARCHIVE_EOF || fail(decoder, err);
}

bool foreign_decoder_next(struct foreign_decoder *decoder, char *out, size_t room, size_t *n,
                          struct err *err)
{
    *n = 0;
    if (!decoder->archive && !open_stream(decoder, err))
        return false;
    if (decoder->ended)
        return true;
    la_ssize_t got = archive_read_data(decoder->archive, out, room);
    if (got < 0)
        return fail(decoder, err);
    *n = (size_t)got;
    decoder->ended = got == 0;
    return true;
}
