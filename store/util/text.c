/* SPDX-License-Identifier: MIT */
#include "util/text.h"

size_t text_decode(struct bytes text, uint32_t *rune)
{
    const unsigned char *p = (const unsigned char *)text.p;
    if (p[0] < 0x80) {
        *rune = p[0];
        return 1;
    }
    size_t length = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
    if (p[0] < 0xc2 || p[0] > 0xf4 || length > text.n)
        return 0;
    uint32_t value = p[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((p[i] & 0xc0) != 0x80)
            return 0;
        value = value << 6 | (p[i] & 0x3f);
    }
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff))
        return 0;
    *rune = value;
    return length;
}

void text_encode(uint32_t rune, struct buf *out)
{
    if (rune < 0x80) {
        buf_byte(out, (char)rune);
    } else if (rune < 0x800) {
        buf_byte(out, (char)(0xc0 | rune >> 6));
        buf_byte(out, (char)(0x80 | (rune & 0x3f)));
    } else if (rune < 0x10000) {
        buf_byte(out, (char)(0xe0 | rune >> 12));
        buf_byte(out, (char)(0x80 | (rune >> 6 & 0x3f)));
        buf_byte(out, (char)(0x80 | (rune & 0x3f)));
    } else {
        buf_byte(out, (char)(0xf0 | rune >> 18));
        buf_byte(out, (char)(0x80 | (rune >> 12 & 0x3f)));
        buf_byte(out, (char)(0x80 | (rune >> 6 & 0x3f)));
        buf_byte(out, (char)(0x80 | (rune & 0x3f)));
    }
}

bool text_is_utf8(struct bytes text)
{
    uint32_t rune;
    for (size_t n; text.n; text = bytes_skip(text, n))
        if (!(n = text_decode(text, &rune)))
            return false;
    return true;
}

/* Unicode 15 categories Cc, Cf, Zl, Zp, Co and the noncharacters, as sorted ranges. */
static const struct {
    uint32_t first, last;
} unsafe[] = {
    {0x0000, 0x001f},   {0x007f, 0x009f},   {0x00ad, 0x00ad},   {0x034f, 0x034f},
    {0x0600, 0x0605},   {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},
    {0x0890, 0x0891},   {0x08e2, 0x08e2},   {0x115f, 0x1160},   {0x17b4, 0x17b5},
    {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},   {0x2060, 0x206f},
    {0x3164, 0x3164},   {0xe000, 0xf8ff},   {0xfdd0, 0xfdef},   {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0xfffe, 0xffff},
    {0x110bd, 0x110bd}, {0x110cd, 0x110cd}, {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0x1fffe, 0x1ffff}, {0x2fffe, 0x2ffff}, {0x3fffe, 0x10ffff},
};

bool text_is_safe(uint32_t rune)
{
    if (rune >= 0x20 && rune < 0x7f)
        return true;
    for (size_t i = 0; i < sizeof unsafe / sizeof *unsafe && rune >= unsafe[i].first; i++)
        if (rune <= unsafe[i].last)
            return false;
    return true;
}

static void escape_rune(uint32_t rune, struct buf *out)
{
    if (rune == '\n' || rune == '\t' || rune == '\r')
        buf_printf(out, "\\%c", rune == '\n' ? 'n' : rune == '\t' ? 't' : 'r');
    else if (rune < 0x80)
        buf_printf(out, "\\x%02x", rune);
    else
        buf_printf(out, rune > 0xffff ? "\\U%08x" : "\\u%04x", rune);
}

void text_escape(struct bytes text, enum text_pass pass, struct buf *out)
{
    for (size_t i = 0; i < text.n;) {
        uint32_t rune;
        size_t n = text_decode(bytes_skip(text, i), &rune);
        bool passes = pass == TEXT_PASS_LINES && n && (rune == '\n' || rune == '\t');
        if (!n)
            buf_printf(out, "\\x%02x", (unsigned char)text.p[i]);
        else if (passes || text_is_safe(rune))
            buf_add(out, bytes_from(text.p + i, n));
        else
            escape_rune(rune, out);
        i += n ? n : 1;
    }
}

void text_base64(struct bytes bytes, struct buf *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < bytes.n; i += 3) {
        size_t n = bytes.n - i < 3 ? bytes.n - i : 3;
        uint32_t group = 0;
        for (size_t k = 0; k < 3; k++)
            group = group << 8 | (k < n ? (unsigned char)bytes.p[i + k] : 0);
        for (size_t k = 0; k < 4; k++)
            buf_byte(out, k <= n ? digits[group >> (18 - 6 * k) & 63] : '=');
    }
}
