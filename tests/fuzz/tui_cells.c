/* SPDX-License-Identifier: MIT
 * Any bytes in cells of any width, scrolled, with a prefix and a search text: the output to the
 * terminal consists of printable characters at their positions. */
#include <locale.h>
#include <stdlib.h>
#include <wchar.h>

#include "screen/screen.h"
#include "util/text.h"

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void check(const struct screen *screen)
{
    for (int i = 0; i < screen->width * screen->height; i++) {
        uint32_t rune = screen->cells[i].rune;
        bool is_half = i % screen->width && wcwidth((wchar_t)screen->cells[i - 1].rune) == 2;
        need(rune ? text_is_safe(rune) && wcwidth((wchar_t)rune) > 0 : is_half);
        need(rune == 0 || wcwidth((wchar_t)rune) < 2 || (i + 1) % screen->width);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct screen screen = {0};
    BUF_AUTO struct buf dump = {0}, escaped = {0};
    if (n < 4)
        return 0;
    setlocale(LC_CTYPE, "C.UTF-8");
    struct bytes text = bytes_from((const char *)data + 4, n - 4);
    struct screen_look look = {.head = data[1], .left = data[2] % 100, .found = text};
    look.found.n = text.n < 3 ? text.n : data[3] % 3;
    look.head = look.head < text.n ? look.head : text.n;
    screen_resize(&screen, 1 + data[0] % 90, 3);
    int end = screen_put(&screen, data[3] % 90, 0, 200, text, ROLE_TEXT, false);
    need(end >= data[3] % 90 && text_width(text) >= 0);
    screen_put_look(&screen, 0, 1, screen.width, text, &look);
    screen_put_right(&screen, 2, 2, screen.width, text, ROLE_TEXT, true);
    check(&screen);
    screen_write_in(&screen, data[0] % 3);
    check(&screen);
    screen_dump(&screen, &dump);
    need(text_is_utf8(buf_bytes(&dump)));
    screen_finish(&screen);
    text_escape(text, TEXT_PASS_NONE, &escaped);
    for (size_t at = 0; at < escaped.n;) {
        uint32_t rune;
        size_t k = text_decode(bytes_from(escaped.p + at, escaped.n - at), &rune);
        need(k && text_is_safe(rune));
        at += k;
    }
    return 0;
}
