/* SPDX-License-Identifier: MIT
 *
 * Themes: readable colours, and the signs that replace colours.
 */
#include <locale.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "app/config.h"
#include "screen/theme.h"

/* Relative luminance of a colour of xterm's cube (16 to 231: levels 0, 95, 135 … 255), by WCAG 2.
 */
static double luminance(int color)
{
    static const int levels[] = {0, 95, 135, 175, 215, 255};
    static const double weights[] = {0.2126, 0.7152, 0.0722};
    int at[] = {(color - 16) / 36, (color - 16) / 6 % 6, (color - 16) % 6};
    double sum = 0;
    for (int i = 0; i < 3; i++) {
        double c = levels[at[i]] / 255.0;
        sum += weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return sum;
}

static void colors_can_be_read(void **state)
{
    (void)state;
    for (enum role role = 0; role < N_ROLES; role++) {
        int dark = theme_look(THEME_DARK, role, 256).color;
        int light = theme_look(THEME_LIGHT, role, 256).color;
        assert_int_equal(dark < 0, light < 0);
        if (dark < 0)
            continue;
        assert_in_range(dark, 16, 231);
        assert_in_range(light, 16, 231);
        assert_true((luminance(dark) + 0.05) / 0.05 >= 4.5);
        assert_true(1.05 / (luminance(light) + 0.05) >= 4.5);
    }
}

static void terminals_of_few_colors_get_those_they_have(void **state)
{
    (void)state;
    for (enum theme theme = 0; theme < N_THEMES; theme++) {
        for (enum role role = 0; role < N_ROLES; role++) {
            assert_true(theme_look(theme, role, 256).color < 256);
            assert_true(theme_look(theme, role, 88).color < 16);
            assert_true(theme_look(theme, role, 16).color < 16);
            assert_true(theme_look(theme, role, 8).color < 8);
            assert_int_equal(theme_look(theme, role, 0).color, -1);
            assert_int_equal(theme_look(THEME_MONO, role, 256).color, -1);
        }
    }
    assert_int_equal(theme_look(THEME_DARK, ROLE_ERROR, 16).color, 9);
    assert_int_equal(theme_look(THEME_DARK, ROLE_ERROR, 8).color, 1);
}

/* Roles that no sign and no word in the text shows. */
static void without_colors_roles_are_still_told(void **state)
{
    (void)state;
    static const enum role roles[] = {ROLE_TAB_ON, ROLE_MATCH, ROLE_ESCAPED, ROLE_ERROR, ROLE_DIM};
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        assert_true(theme_look(THEME_MONO, roles[i], 256).attributes != 0);
    /* a match is in a row of bold text too */
    assert_true(theme_look(THEME_MONO, ROLE_MATCH, 256).attributes !=
                theme_look(THEME_MONO, ROLE_DIR, 256).attributes);
}

static void dump(const char *text, enum screen_charset charset, const char *expected)
{
    struct screen screen = {0};
    BUF_AUTO struct buf out = {0};
    screen_resize(&screen, 12, 1);
    screen_put(&screen, 0, 0, 12, bytes_of(text), ROLE_TEXT, false);
    screen_write_in(&screen, charset);
    screen_dump(&screen, &out);
    assert_string_equal(out.p, expected);
    screen_finish(&screen);
}

static void the_border_is_ascii_where_it_must_be(void **state)
{
    (void)state;
    struct config config;
    config_init(&config);
    config_fit(&config, true);
    assert_int_equal(config.charset, SCREEN_UTF8);
    config_fit(&config, false);
    assert_int_equal(config.charset, SCREEN_ASCII);
    config.border = BORDER_UNICODE;
    config_fit(&config, false);
    assert_int_equal(config.charset, SCREEN_UTF8);
    config.border = BORDER_ASCII;
    config_fit(&config, true);
    assert_int_equal(config.charset, SCREEN_ASCII_SIGNS);
    config_fit(&config, false);
    assert_int_equal(config.charset, SCREEN_ASCII);
}

static void cells_in_ascii(void **state)
{
    (void)state;
    dump("a\xe2\x94\x80\xe2\x86\x92\xc3\xa9!", SCREEN_UTF8, "a\xe2\x94\x80\xe2\x86\x92\xc3\xa9!\n");
    dump("a\xe2\x94\x80\xe2\x86\x92\xc3\xa9!", SCREEN_ASCII_SIGNS, "a->\xc3\xa9!\n");
    dump("a\xe2\x94\x80\xe2\x86\x92\xc3\xa9!", SCREEN_ASCII, "a->?!\n");
    dump("\xe2\x96\x88\xe2\x96\x8c\xe2\x96\x91", SCREEN_ASCII_SIGNS,
         "#=.\n");                                         /* full, half, none */
    dump("abcdefghijklm", SCREEN_ASCII, "abcdefghijk>\n"); /* cut off */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(colors_can_be_read),
        cmocka_unit_test(terminals_of_few_colors_get_those_they_have),
        cmocka_unit_test(without_colors_roles_are_still_told),
        cmocka_unit_test(the_border_is_ascii_where_it_must_be),
        cmocka_unit_test(cells_in_ascii),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
