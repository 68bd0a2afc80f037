/* SPDX-License-Identifier: MIT */
#include "trace/log/number_text.h"

enum { TURN = 55000, SHIFT = 10537, BASE = 65536 };

/* Appends the character of a digit, in UTF-8 (RFC 3629). */
static void put(struct buf *out, uint32_t digit)
{
    uint32_t c = digit < TURN ? digit + 1 : digit + SHIFT;
    if (c < 0x80) {
        buf_byte(out, (char)c);
    } else if (c < 0x800) {
        buf_byte(out, (char)(0xc0 | c >> 6));
        buf_byte(out, (char)(0x80 | (c & 0x3f)));
    } else {
        if (c < 0x10000) {
            buf_byte(out, (char)(0xe0 | c >> 12));
        } else {
            buf_byte(out, (char)(0xf0 | c >> 18));
            buf_byte(out, (char)(0x80 | (c >> 12 & 0x3f)));
        }
        buf_byte(out, (char)(0x80 | (c >> 6 & 0x3f)));
        buf_byte(out, (char)(0x80 | (c & 0x3f)));
    }
}

/* Removes the next digit from the text and returns it. */
static bool take(struct bytes *text, uint32_t *digit)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (!text->n)
        return false;
    uint8_t first = (uint8_t)text->p[0];
    size_t n = first < 0x80 ? 1 : first < 0xc0 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (!n || n > text->n)
        return false;
    uint32_t c = n == 1 ? first : first & (0x7fu >> n);
    for (size_t i = 1; i < n; i++) {
        if (((uint8_t)text->p[i] & 0xc0) != 0x80)
            return false;
        c = c << 6 | ((uint8_t)text->p[i] & 0x3f);
    }
    if (c < least[n] || !c || (c > TURN && c < TURN + SHIFT) || c >= BASE + SHIFT)
        return false;
    *digit = c <= TURN ? c - 1 : c - SHIFT;
    *text = bytes_skip(*text, n);
    return true;
}

void number_text_write(const uint32_t *numbers, size_t n, struct buf *low, struct buf *high)
{
    uint32_t all = 0;
    buf_clear(low);
    buf_clear(high);
    for (size_t i = 0; i < n; i++) {
        put(low, numbers[i] % BASE);
        all |= numbers[i];
    }
    for (size_t i = 0; all >= BASE && i < n; i++)
        put(high, numbers[i] / BASE);
}

bool number_text_read(struct bytes low, struct bytes high, size_t n, uint32_t *numbers)
{
    uint32_t digit;
    bool any = high.n > 0;
    for (size_t i = 0; i < n; i++)
        if (!take(&low, &numbers[i]))
            return false;
    if (low.n)
        return false;
    for (size_t i = 0; any && i < n; i++) {
        if (!take(&high, &digit))
            return false;
        numbers[i] += digit * BASE;
    }
    return !high.n;
}
