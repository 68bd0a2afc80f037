/* SPDX-License-Identifier: MIT */
#include "screen/screen.h"

#include <stdlib.h>
#include <wchar.h>

#include "screen/search_match.h"
#include "util/text.h"

void screen_resize(struct screen *screen, int width, int height)
{
    screen->width = width > 0 ? width : 1;
    screen->height = height > 0 ? height : 1;
    screen->cells = mem_array(screen->cells, (size_t)screen->width * (size_t)screen->height,
                              sizeof *screen->cells);
    screen_clear(screen);
}

void screen_finish(struct screen *screen)
{
    free(screen->cells);
    *screen = (struct screen){0};
}

void screen_clear(struct screen *screen)
{
    for (int y = 0; y < screen->height; y++)
        screen_fill(screen, y, ROLE_TEXT, false);
    screen->cursor_x = screen->cursor_y = -1;
}

void screen_fill(struct screen *screen, int y, enum role role, bool selected)
{
    for (int x = 0; y >= 0 && y < screen->height && x < screen->width; x++)
        screen->cells[y * screen->width + x] = (struct cell){' ', (uint8_t)role, selected};
}

/* Returns the columns of a safe code point, 1 or 2; 0 for unsafe or zero-width code points. */
static int rune_width(uint32_t rune)
{
    if (rune >= 0x20 && rune < 0x7f)
        return 1;
    return text_is_safe(rune) ? wcwidth((wchar_t)rune) : 0;
}

/* A part of a text that is shown together: a code point, or an escape sequence such as \x1b. */
struct piece {
    uint32_t rune; /* 0: the escape in text is shown */
    char text[16];
    int width;
    size_t n_bytes; /* length in the input */
};

static struct piece next_piece(struct bytes text)
{
    struct piece piece = {0};
    piece.n_bytes = text_decode(text, &piece.rune);
    if (!piece.n_bytes)
        piece.n_bytes = 1;
    else if ((piece.width = rune_width(piece.rune)) > 0)
        return piece;
    BUF_AUTO struct buf escaped = {0};
    text_escape(bytes_from(text.p, piece.n_bytes), TEXT_PASS_NONE, &escaped);
    if (piece.n_bytes > 1 && escaped.p[0] != '\\') { /* a combining mark has no cell */
        buf_clear(&escaped);
        buf_printf(&escaped, "\\u%04x", piece.rune);
    }
    piece.rune = 0;
    for (size_t i = 0; i < escaped.n && i + 1 < sizeof piece.text; i++)
        piece.text[i] = escaped.p[i];
    piece.width = (int)escaped.n;
    return piece;
}

static void set(struct screen *screen, int x, int y, uint32_t rune, enum role role, bool selected)
{
    if (x >= 0 && x < screen->width && y >= 0 && y < screen->height)
        screen->cells[y * screen->width + x] = (struct cell){rune, (uint8_t)role, selected};
}

static void set_piece(struct screen *screen, int x, int y, const struct piece *piece,
                      enum role role, bool selected)
{
    if (piece->rune) {
        set(screen, x, y, piece->rune, role, selected);
        if (piece->width == 2)
            set(screen, x + 1, y, 0, role, selected);
        return;
    }
    for (int i = 0; i < piece->width; i++)
        set(screen, x + i, y, (unsigned char)piece->text[i], ROLE_ESCAPED, selected);
}

int text_width(struct bytes text)
{
    int width = 0;
    while (text.n && width < INT16_MAX) {
        struct piece piece = next_piece(text);
        width += piece.width;
        text = bytes_skip(text, piece.n_bytes);
    }
    return width;
}

/* Returns the offset in text after its first `left` columns. */
static size_t skip_columns(struct bytes text, int left)
{
    size_t at = 0;
    while (left > 0 && at < text.n) {
        struct piece piece = next_piece(bytes_skip(text, at));
        left -= piece.width;
        at += piece.n_bytes;
    }
    return at;
}

int screen_put_look(struct screen *screen, int x, int y, int end, struct bytes text,
                    const struct screen_look *look)
{
    size_t at = skip_columns(text, look->left), found_end = 0;
    if (end > screen->width)
        end = screen->width;
    while (at < text.n && x < end) {
        struct piece piece = next_piece(bytes_skip(text, at));
        if (search_match_at(bytes_skip(text, at), look->found))
            found_end = at + look->found.n;
        enum role role = at < found_end ? ROLE_MATCH : at < look->head ? ROLE_PREFIX : look->role;
        at += piece.n_bytes;
        bool fits = x + piece.width < end || (x + piece.width == end && at >= text.n);
        if (!fits) {
            set(screen, x, y, 0x2026, role, look->selected);
            return x + 1;
        }
        set_piece(screen, x, y, &piece, role, look->selected);
        x += piece.width;
    }
    return x;
}

int screen_put(struct screen *screen, int x, int y, int end, struct bytes text, enum role role,
               bool selected)
{
    return screen_put_look(screen, x, y, end, text,
                           &(struct screen_look){.role = role, .selected = selected});
}

void screen_put_right(struct screen *screen, int x, int y, int end, struct bytes text,
                      enum role role, bool selected)
{
    int start = end - text_width(text);
    screen_put(screen, start > x ? start : x, y, end, text, role, selected);
}

void screen_bar(struct screen *screen, int x, int y, int end, int64_t part, int64_t whole,
                bool selected)
{
    int64_t eighths =
        whole > 0 && part > 0 ? (int64_t)((double)part / (double)whole * (end - x) * 8) : 0;
    if (part > 0 && !eighths)
        eighths = 1;
    for (; x < end; x++, eighths -= 8) {
        uint32_t rune = eighths >= 8 ? 0x2588 : eighths > 0 ? 0x2590 - (uint32_t)eighths : 0x2591;
        set(screen, x, y, rune, eighths > 0 ? ROLE_BAR : ROLE_DIM, selected);
    }
}

/* Returns the ASCII replacement, also of one column, for a character that the program paints, or 0.
 */
static uint32_t ascii_of(uint32_t rune)
{
    static const struct {
        uint32_t rune;
        char sign;
    } signs[] = {
        {0x2500, '-'}, {0x2588, '#'}, {0x2591, '.'}, {0x2026, '>'}, /* rule, bar, "cut" sign */
        {0x25b8, '>'}, {0x25be, 'v'}, {0x2192, '>'}, {0x2191, '^'}, {0x2193, 'v'}, {0x2296, '-'},
        {0x2260, '!'}, {0x00b7, '.'}, {0x2212, '-'}, {0x2013, '-'}, {0x00d7, 'x'},
    };
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (signs[i].rune == rune)
            return (unsigned char)signs[i].sign;
    return rune > 0x2588 && rune < 0x2590 ? '=' : 0; /* a part of a bar's cell */
}

void screen_write_in(struct screen *screen, enum screen_charset charset)
{
    int n = charset == SCREEN_UTF8 ? 0 : screen->width * screen->height;
    for (int i = 0; i < n; i++) {
        struct cell *cell = &screen->cells[i];
        bool is_plain = cell->rune && cell->rune < 0x7f;
        uint32_t sign = is_plain ? cell->rune : ascii_of(cell->rune);
        if (sign) {
            cell->rune = sign;
        } else if (charset == SCREEN_ASCII) {
            cell->rune = '?';
            cell->role = ROLE_ESCAPED;
        }
    }
}

void screen_dump(const struct screen *screen, struct buf *out)
{
    for (int y = 0; y < screen->height; y++) {
        size_t keep = out->n;
        for (int x = 0; x < screen->width; x++) {
            uint32_t rune = screen->cells[y * screen->width + x].rune;
            if (!rune)
                continue;
            text_encode(rune, out);
            if (rune != ' ')
                keep = out->n;
        }
        out->n = keep;
        buf_byte(out, '\n');
    }
}
