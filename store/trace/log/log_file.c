/* SPDX-License-Identifier: MIT */
#include "trace/log/log_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

bool log_file_open(struct log_file *file, const char *path, enum log_hashed hashed, struct err *err)
{
    struct stat st;
    *file = (struct log_file){.path = path, .fd = -1};
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return err_sys(err, "open %s", path);
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(fd);
        return err_set(err, "%s: not a regular file", path);
    }
    file->fd = fd;
    if (hashed == LOG_NOT_HASHED)
        return true;
    file->hash = XXH3_createState();
    if (!file->hash || XXH3_128bits_reset(file->hash) != XXH_OK)
        return err_set(err, "%s: no memory for hashing", path);
    return true;
}

void log_file_close(struct log_file *file)
{
    if (file->fd >= 0)
        close(file->fd);
    XXH3_freeState(file->hash);
    buf_finish(&file->text);
    *file = (struct log_file){.fd = -1};
}

/* Reads until text has `wanted` bytes or the file ends. */
static bool fill(struct log_file *file, size_t wanted, struct err *err)
{
    struct buf *text = &file->text;
    buf_reserve(text, wanted - text->n);
    while (text->n < wanted && !file->at_end) {
        ssize_t n = read(file->fd, text->p + text->n, wanted - text->n);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, "read %s", file->path);
        if (file->hash)
            XXH3_128bits_update(file->hash, text->p + text->n, (size_t)n);
        text->n += (size_t)n;
        file->n_bytes += (uint64_t)n;
        file->at_end = n == 0;
    }
    return true;
}

bool log_file_next(struct log_file *file, struct bytes *chunk, struct err *err)
{
    struct buf *text = &file->text;
    if (file->given) {
        memmove(text->p, text->p + file->given, text->n - file->given);
        text->n -= file->given;
        file->given = 0;
    }
    for (size_t wanted = LOG_CHUNK_BYTES;; wanted *= 2) {
        size_t before = text->n;
        if (!fill(file, wanted > before ? wanted : before, err))
            return false;
        struct bytes all = buf_bytes(text);
        size_t newline = bytes_rindex(all, '\n');
        if (newline < all.n || file->at_end) {
            file->given = newline < all.n && !file->at_end ? newline + 1 : all.n;
            break;
        }
        if (all.n >= LOG_LINE_BYTES_MAX)
            return err_set(err, "%s: a line is longer than %d MiB", file->path,
                           LOG_LINE_BYTES_MAX >> 20);
    }
    *chunk = bytes_from(text->p, file->given);
    return true;
}

void log_file_hash(const struct log_file *file, uint8_t out[LOG_HASH_BYTES])
{
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(file->hash));
    memcpy(out, canonical.digest, LOG_HASH_BYTES);
}

static bool hash_is(const struct log_file *file, struct bytes hash)
{
    uint8_t now[LOG_HASH_BYTES];
    log_file_hash(file, now);
    return bytes_equal(hash, bytes_from((const char *)now, sizeof now));
}

bool log_file_compare(const char *path, uint64_t size, struct bytes hash, enum log_change *change,
                      struct err *err)
{
    struct log_file file;
    bool ok = log_file_open(&file, path, LOG_HASHED, err);
    /* Hash the file up to the old size and compare; then check whether the file has more bytes. */
    while (ok && !file.at_end && file.n_bytes < size) {
        uint64_t left = size - file.n_bytes;
        file.text.n = 0;
        ok = fill(&file, left < LOG_CHUNK_BYTES ? (size_t)left : LOG_CHUNK_BYTES, err);
    }
    if (ok) {
        bool same = file.n_bytes == size && hash_is(&file, hash);
        file.text.n = 0;
        ok = fill(&file, 1, err);
        *change = !same ? LOG_CHANGED : file.n_bytes == size ? LOG_SAME : LOG_GROWN;
    }
    log_file_close(&file);
    return ok;
}
