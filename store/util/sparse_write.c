/* SPDX-License-Identifier: MIT */
#include "util/sparse_write.h"

#include "util/write_all.h"

enum { BLOCK = 4096 };

static bool is_zero(struct bytes b)
{
    return b.n && !b.p[0] && !memcmp(b.p, b.p + 1, b.n - 1);
}

/* Returns the number of bytes up to the next block boundary of the file. */
static size_t in_block(struct bytes b, uint64_t offset)
{
    size_t n = BLOCK - (size_t)(offset % BLOCK);
    return n < b.n ? n : b.n;
}

bool sparse_write(int fd, struct bytes bytes, uint64_t offset)
{
    while (bytes.n) {
        size_t n = 0, step = in_block(bytes, offset);
        if (is_zero(bytes_from(bytes.p, step))) {
            bytes = bytes_skip(bytes, step);
            offset += step;
            continue;
        }
        do
            n += step;
        while ((step = in_block(bytes_skip(bytes, n), offset + n)) &&
               !is_zero(bytes_from(bytes.p + n, step)));
        if (!write_all_at(fd, bytes_from(bytes.p, n), offset))
            return false;
        bytes = bytes_skip(bytes, n);
        offset += n;
    }
    return true;
}
