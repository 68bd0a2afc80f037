/* SPDX-License-Identifier: MIT
 *
 * The buffers fit into the second-level cache, so that a chunk is hashed while it is in the cache.
 */
#include "image/layer/blob.h"

#include <errno.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zstd.h>

#include "image/layer/foreign_decoder.h"

enum { IN_BYTES = 128 * 1024, OUT_BYTES = 128 * 1024, SNIFF_BYTES = 6 };

/* Limits against decompression bombs: data that exceeds both the size and the ratio is rejected.
 * Deflate reaches a ratio of 1032; zstd and xz reach thousands. */
#define BOMB_BYTES (16ull << 30)
enum { BOMB_TIMES = 500 };

struct blob_decoder {
    struct inflate_state gzip;
    ZSTD_DCtx *zstd;
    struct foreign_decoder *foreign; /* owned; xz and bzip2 */
    bool between; /* between two gzip members or zstd frames: the stream may end here */
    bool ended;   /* after the last gzip member */
    bool pending; /* the decoder can have output that did not fit into the buffer */
};

const char *codec_name(enum codec codec)
{
    static const char *const names[] = {"plain", "gzip", "zstd", "none", "xz", "bzip2"};
    return names[codec];
}

bool codec_is_slow(enum codec codec)
{
    return codec == CODEC_XZ || codec == CODEC_BZIP2;
}

/* Reads up to n bytes; fewer only at the end of the file. Returns false and sets errno on failure.
 */
static bool read_some(int fd, char *to, size_t n, uint64_t offset, size_t *got)
{
    *got = 0;
    while (*got < n) {
        ssize_t r = pread(fd, to + *got, n - *got, (off_t)(offset + *got));
        if (r < 0 && errno == EINTR)
            continue;
        if (r < 0)
            return false;
        if (r == 0)
            break;
        *got += (size_t)r;
    }
    return true;
}

bool blob_pread(int fd, void *to, size_t n, uint64_t offset, struct err *err)
{
    size_t got;
    if (!read_some(fd, to, n, offset, &got))
        return err_sys(err, "read");
    return got == n || err_set(err, "truncated: %zu bytes are missing at offset %llu", n - got,
                               (unsigned long long)(offset + got));
}

static bool is_zstd(const unsigned char *p)
{
    /* RFC 8878, 3.1.1 and 3.1.2: a frame, or a skippable frame first */
    return (p[0] == 0x28 && p[1] == 0xb5 && p[2] == 0x2f && p[3] == 0xfd) ||
           ((p[0] & 0xf0) == 0x50 && p[1] == 0x2a && p[2] == 0x4d && p[3] == 0x18);
}

bool blob_sniff(int fd, uint64_t offset, uint64_t size, enum codec *out, struct err *err)
{
    unsigned char p[SNIFF_BYTES] = {0};
    size_t got, n = size < sizeof p ? (size_t)size : sizeof p;
    if (!read_some(fd, (char *)p, n, offset, &got))
        return err_sys(err, "read");
    *out = CODEC_PLAIN;
    if (p[0] == 0x1f && p[1] == 0x8b) /* RFC 1952, 2.3.1 */
        *out = CODEC_GZIP;
    else if (is_zstd(p))
        *out = CODEC_ZSTD;
    else if (!memcmp(p, "\xfd\x37zXZ", SNIFF_BYTES)) /* xz-file-format.txt, 2.1.1.1 */
        *out = CODEC_XZ;
    else if (!memcmp(p, "BZh", 3) && p[3] >= '1' && p[3] <= '9')
        *out = CODEC_BZIP2;
    return true;
}

static void restart_gzip(struct blob_decoder *decoder)
{
    isal_inflate_reset(&decoder->gzip);
    decoder->gzip.crc_flag = ISAL_GZIP; /* read and check header and trailer too */
}

void blob_open_stored(struct blob *blob, int fd, uint64_t offset, uint64_t size,
                      struct progress *progress)
{
    *blob = (struct blob){
        .fd = fd, .begin = offset, .at = offset, .end = offset + size, .progress = progress};
    blob->in = mem_alloc(OUT_BYTES);
}

/* Fills `in` with the next stored bytes; in_n is 0 at the end of the region. */
static bool refill(struct blob *blob, size_t room, struct err *err)
{
    struct progress *progress = blob->progress;
    if (progress && atomic_load_explicit(&progress->cancel, memory_order_relaxed))
        return err_cancelled(err);
    uint64_t left = blob->end - blob->at;
    size_t n = left < room ? (size_t)left : room;
    blob->in_at = blob->in_n = 0;
    if (!blob_pread(blob->fd, blob->in, n, blob->at, err))
        return false;
    blob->at += n;
    blob->in_n = n;
    if (progress && !blob->uncounted)
        atomic_fetch_add_explicit(&progress->done_bytes, n, memory_order_relaxed);
    return true;
}

static bool more_stored(void *with, struct bytes *out, struct err *err)
{
    struct blob *blob = with;
    bool ok = refill(blob, IN_BYTES, err);
    *out = bytes_from(blob->in, blob->in_n);
    return ok;
}

bool blob_open(struct blob *blob, int fd, uint64_t offset, uint64_t size, struct progress *progress,
               struct err *err)
{
    *blob = (struct blob){
        .fd = fd, .begin = offset, .at = offset, .end = offset + size, .progress = progress};
    if (!blob_sniff(fd, offset, size, &blob->codec, err))
        return false;
    blob->in = mem_alloc(blob->codec == CODEC_PLAIN ? OUT_BYTES : IN_BYTES);
    if (blob->codec == CODEC_PLAIN)
        return true;
    blob->out = mem_alloc(OUT_BYTES);
    blob->decoder = mem_zero(1, sizeof *blob->decoder);
    blob->decoder->between = true;
    if (blob->codec == CODEC_ZSTD) {
        blob->decoder->zstd = ZSTD_createDCtx();
        return blob->decoder->zstd || err_set(err, "zstd: out of memory");
    }
    if (codec_is_slow(blob->codec)) {
        blob->decoder->foreign = foreign_decoder_create(more_stored, blob);
        return true;
    }
    isal_inflate_init(&blob->decoder->gzip);
    restart_gzip(blob->decoder);
    return true;
}

void blob_finish(struct blob *blob)
{
    if (blob->decoder) {
        ZSTD_freeDCtx(blob->decoder->zstd);
        foreign_decoder_destroy(blob->decoder->foreign);
    }
    free(blob->decoder);
    free(blob->in);
    free(blob->out);
    *blob = (struct blob){0};
}

/* Returns true if another gzip member begins at the current stored bytes. Zeros after the last
 * member are padding, and other bytes there are ignored, as in gzip(1). */
static bool next_member(struct blob *blob)
{
    const unsigned char *p = (const unsigned char *)blob->in + blob->in_at;
    if (p[0] == 0x1f)
        return true;
    blob->decoder->ended = true;
    return false;
}

/* Decodes from `in` into `out`: *n bytes. */
static bool inflate_some(struct blob *blob, size_t *n, struct err *err)
{
    struct blob_decoder *decoder = blob->decoder;
    struct inflate_state *state = &decoder->gzip;
    if (decoder->between && (decoder->ended || !next_member(blob))) {
        blob->in_at = blob->in_n;
        return true;
    }
    state->next_in = (uint8_t *)blob->in + blob->in_at;
    state->avail_in = (uint32_t)(blob->in_n - blob->in_at);
    state->next_out = (uint8_t *)blob->out;
    state->avail_out = OUT_BYTES;
    int code = isal_inflate(state);
    if (code != ISAL_DECOMP_OK && code != ISAL_END_INPUT)
        return err_set(err, "damaged gzip data near stored byte %llu",
                       (unsigned long long)(blob->at - state->avail_in));
    blob->in_at = blob->in_n - state->avail_in;
    *n = OUT_BYTES - state->avail_out;
    decoder->between = state->block_state == ISAL_BLOCK_FINISH;
    if (decoder->between)
        restart_gzip(decoder);
    return true;
}

static bool unzstd_some(struct blob *blob, size_t *n, struct err *err)
{
    ZSTD_inBuffer in = {blob->in, blob->in_n, blob->in_at};
    ZSTD_outBuffer out = {blob->out, OUT_BYTES, 0};
    size_t code = ZSTD_decompressStream(blob->decoder->zstd, &out, &in);
    if (ZSTD_isError(code))
        return err_set(err, "damaged zstd data near stored byte %llu: %s",
                       (unsigned long long)(blob->at - (in.size - in.pos)),
                       ZSTD_getErrorName(code));
    blob->in_at = in.pos;
    *n = out.pos;
    blob->decoder->between = code == 0;
    return true;
}

static bool next_decoded(struct blob *blob, struct bytes *out, struct err *err)
{
    size_t n = 0;
    struct blob_decoder *decoder = blob->decoder;
    if (codec_is_slow(blob->codec)) {
        bool ok = foreign_decoder_next(decoder->foreign, blob->out, OUT_BYTES, &n, err);
        *out = bytes_from(blob->out, n);
        return ok;
    }
    while (n == 0) {
        if (blob->in_at == blob->in_n && !decoder->pending && !refill(blob, IN_BYTES, err))
            return false;
        bool at_end = blob->in_n == 0;
        if (at_end && decoder->between)
            break;
        bool ok =
            blob->codec == CODEC_GZIP ? inflate_some(blob, &n, err) : unzstd_some(blob, &n, err);
        if (!ok)
            return false;
        if (n == 0 && at_end)
            return err_set(err, "truncated: the %s data ends too early", codec_name(blob->codec));
        decoder->pending = n == OUT_BYTES && !decoder->between;
    }
    *out = bytes_from(blob->out, n);
    return true;
}

bool blob_no_bomb(uint64_t stored, uint64_t decoded, struct err *err)
{
    if (decoded <= BOMB_BYTES || decoded / BOMB_TIMES <= stored)
        return true;
    return err_set(err, "decompression bomb: %llu bytes expand to more than %llu GiB",
                   (unsigned long long)stored, BOMB_BYTES >> 30);
}

bool blob_next(struct blob *blob, struct bytes *out, struct err *err)
{
    if (blob->codec == CODEC_PLAIN) {
        if (!refill(blob, OUT_BYTES, err))
            return false;
        *out = bytes_from(blob->in, blob->in_n);
    } else if (!next_decoded(blob, out, err)) {
        return false;
    }
    blob->out_bytes += out->n;
    return blob_no_bomb(blob->at - blob->begin, blob->out_bytes, err);
}
