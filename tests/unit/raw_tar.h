/* SPDX-License-Identifier: MIT
 *
 * Writes tars byte by byte, for headers that no tool writes: fields as given, in the layout of
 * ustar (POSIX.1-2017, pax, "ustar Interchange Format"), with a correct checksum.
 *
 *     raw_pax(&tar, 'x', (const char *const[]){"path=long name", NULL});
 *     raw_file(&tar, (struct raw){.name = "x", .uid = 7}, bytes_of("content"));
 *     raw_end(&tar);
 */
#ifndef TESTS_RAW_TAR_H
#define TESTS_RAW_TAR_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "util/bytes.h"

enum { RAW_BLOCK = 512, RAW_CHECKSUM_AT = 148 };

struct raw {
    char type; /* 0: '0' */
    const char *name, *link;
    unsigned mode, uid, gid;            /* mode 0: 0644 */
    struct bytes size_field, uid_field; /* n 0: the number in octal */
    const char *owner;                  /* uname and gname */
    bool is_old;                        /* no magic: as tars before POSIX */
};

/* Writes a big number in GNU's format in twelve or eight bytes: the first bit set, then big-endian.
 */
static inline struct bytes raw_base256(char *field, size_t width, uint64_t number)
{
    memset(field, 0, width);
    for (size_t i = 0; i < 8 && i < width; i++)
        field[width - 1 - i] = (char)(number >> (8 * i));
    field[0] |= (char)0x80;
    return bytes_from(field, width);
}

/* Returns the sum of all bytes, with spaces in place of the checksum field. */
static inline void raw_sum(char *block)
{
    unsigned sum = 0;
    memset(block + RAW_CHECKSUM_AT, ' ', 8);
    for (size_t i = 0; i < RAW_BLOCK; i++)
        sum += (unsigned char)block[i];
    snprintf(block + RAW_CHECKSUM_AT, 8, "%06o", sum);
    block[RAW_CHECKSUM_AT + 7] = ' ';
}

static inline void raw_text(char *field, size_t width, const char *text)
{
    size_t n = text ? strlen(text) : 0;
    memcpy(field, text ? text : "", n < width ? n : width);
}

static inline void raw_header(struct buf *tar, struct raw raw, uint64_t size)
{
    char block[RAW_BLOCK] = {0};
    raw_text(block, 100, raw.name);
    snprintf(block + 100, 8, "%07o", raw.mode ? raw.mode : 0644);
    snprintf(block + 108, 8, "%07o", raw.uid);
    snprintf(block + 116, 8, "%07o", raw.gid);
    snprintf(block + 124, 12, "%011llo", (unsigned long long)size);
    snprintf(block + 136, 12, "%011o", 1000000000);
    block[156] = raw.type || raw.is_old ? raw.type : '0';
    raw_text(block + 157, 100, raw.link);
    if (!raw.is_old)
        memcpy(block + 257, "ustar\00000", 8);
    raw_text(block + 265, 32, raw.owner);
    raw_text(block + 297, 32, raw.owner);
    if (raw.size_field.n)
        memcpy(block + 124, raw.size_field.p, 12);
    if (raw.uid_field.n)
        memcpy(block + 108, raw.uid_field.p, 8);
    raw_sum(block);
    buf_add(tar, bytes_from(block, sizeof block));
}

/* Appends n bytes and fills the last block with zeros. */
static inline void raw_content(struct buf *tar, struct bytes content)
{
    static const char zeros[RAW_BLOCK];
    buf_add(tar, content);
    buf_add(tar, bytes_from(zeros, (RAW_BLOCK - content.n % RAW_BLOCK) % RAW_BLOCK));
}

static inline void raw_file(struct buf *tar, struct raw raw, struct bytes content)
{
    raw_header(tar, raw, content.n);
    raw_content(tar, content);
}

/* Writes an extended header of type 'x' or 'g': records "LENGTH KEY=VALUE\n"; LENGTH counts its own
 * digits. */
static inline void raw_pax(struct buf *tar, char type, const char *const *records)
{
    BUF_AUTO struct buf all = {0};
    for (; *records; records++) {
        size_t rest = strlen(*records) + 2, n = rest + 1;
        while ((size_t)snprintf(NULL, 0, "%zu", n) + rest != n)
            n++;
        buf_printf(&all, "%zu %s\n", n, *records);
    }
    raw_file(tar, (struct raw){.type = type, .name = "PaxHeaders/x"}, buf_bytes(&all));
}

static inline void raw_end(struct buf *tar)
{
    static const char zeros[2 * RAW_BLOCK];
    buf_add(tar, bytes_from(zeros, sizeof zeros));
}

#endif
