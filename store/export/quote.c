/* SPDX-License-Identifier: MIT */
#include "export/quote.h"

#include <string.h>

#include "util/text.h"

static void add_escaped(uint32_t rune, struct buf *out)
{
    if (rune < 0x10000) {
        buf_printf(out, "\\u%04x", rune);
        return;
    }
    rune -= 0x10000; /* a surrogate pair (RFC 8259, section 7) */
    buf_printf(out, "\\u%04x\\u%04x", 0xd800 + (rune >> 10), 0xdc00 + (rune & 0x3ff));
}

void quote_json(struct bytes text, struct buf *out)
{
    BUF_AUTO struct buf json = {0};
    json_quote(text, &json);
    for (struct bytes rest = buf_bytes(&json); rest.n;) {
        uint32_t rune;
        size_t n = text_decode(rest, &rune);
        if (n && (rune == '<' || !text_is_safe(rune)))
            add_escaped(rune, out);
        else
            buf_add(out, bytes_from(rest.p, n ? n : 1));
        rest = bytes_skip(rest, n ? n : 1);
    }
}

/* Escapes the characters that a builder's word expansion interprets. */
static void escape_word(struct bytes text, const char *special, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] && strchr(special, text.p[i]))
            buf_byte(out, '\\');
        buf_byte(out, text.p[i]);
    }
}

void quote_json_word(struct bytes text, struct buf *out)
{
    BUF_AUTO struct buf word = {0};
    escape_word(text, "$\"'\\", &word);
    quote_json(buf_bytes(&word), out);
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Returns whether the text has only characters without meaning in a shell and in a Dockerfile. */
static bool is_all_safe(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!is_alphanumeric(text.p[i]) && (!text.p[i] || !strchr("_./+:,@%-", text.p[i])))
            return false;
    return text.n > 0;
}

bool quote_word(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++)
        if (((unsigned char)text.p[i] < 0x20 && text.p[i] != '\t') || text.p[i] == 0x7f)
            return false;
    if (!text_is_utf8(text))
        return false;
    if (is_all_safe(text)) {
        buf_add(out, text);
        return true;
    }
    buf_byte(out, '"');
    escape_word(text, "$\"\\", out);
    buf_byte(out, '"');
    return true;
}

static bool has_any(struct bytes text, const char *letters)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] && strchr(letters, text.p[i]))
            return true;
    return false;
}

/* Globs are matched after the word expansion. A glob character is literal only as a class with one
 * element; next to a class, or always, a backslash needs a class too. If a builder matches globs
 * twice, a class does not escape. */
bool quote_source(struct bytes path, enum export_builder builder, struct buf *out)
{
    bool is_glob = has_any(path, "[*?");
    const struct builder *can = builder_of(builder);
    if (!text_is_utf8(path) || (can->globs_twice && (is_glob || has_any(path, "\\"))))
        return false;
    BUF_AUTO struct buf word = {0};
    for (size_t i = 0; i < path.n; i++) {
        char c = path.p[i];
        if (strchr("[*?", c)) {
            buf_byte(&word, '[');
            buf_byte(&word, c);
            buf_byte(&word, ']');
        } else if (c == '\\' && (is_glob || can->backslash)) {
            buf_add(&word, bytes_of("[\\\\\\\\]"));
        } else {
            escape_word(bytes_from(&c, 1), "$\"'\\", &word);
        }
    }
    quote_json(buf_bytes(&word), out);
    return true;
}

bool quote_is_plain(struct bytes name)
{
    return bytes_index(name, '\n') == name.n && text_is_utf8(name);
}

void quote_shell(struct bytes name, struct buf *out)
{
    if (is_all_safe(name)) {
        buf_add(out, name);
        return;
    }
    buf_byte(out, '\'');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '\'')
            buf_add(out, bytes_of("'\\''"));
        else
            buf_byte(out, name.p[i]);
    }
    buf_byte(out, '\'');
}

void quote_octal(struct bytes name, struct buf *out)
{
    for (size_t i = 0; i < name.n; i++) {
        if (is_alphanumeric(name.p[i]) || strchr("_./-", name.p[i]))
            buf_byte(out, name.p[i]);
        else
            buf_printf(out, "\\%03o", (unsigned char)name.p[i]);
    }
    buf_add(out, bytes_of("\\000"));
}

void quote_comment(struct bytes text, struct buf *out)
{
    text_escape(text, TEXT_PASS_NONE, out);
}
