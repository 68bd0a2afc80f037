/* SPDX-License-Identifier: MIT
 *
 * Keys bound by a user's configuration, and rejected configurations.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "app/app.h"
#include "app/config.h"
#include "app/help.h"
#include "views/registry.h"

static void parse(struct config *config, const char *text)
{
    struct err err = {0};
    config_init(config);
    if (!config_parse(config, bytes_of(text), "c", &err))
        fail_msg("%s", err.text);
}

static enum action meaning(const struct config *config, const char *key, enum scope focus)
{
    return bindings_action(&config->bindings, key_of_word(bytes_of(key)), focus);
}

static void without_a_file_the_table_holds(void **state)
{
    (void)state;
    struct config config;
    parse(&config, "");
    for (uint32_t key = 1; key < KEY_RESIZE_; key += key == 0x7f ? KEY_UP_ - 0x7f : 1) {
        assert_int_equal(bindings_action(&config.bindings, key, SCOPE_BODY),
                         action_of_default(key, SCOPE_BODY));
        assert_int_equal(bindings_action(&config.bindings, key, SCOPE_PANEL),
                         action_of_default(key, SCOPE_PANEL));
    }
    assert_int_equal(meaning(&config, "g", SCOPE_BODY), ACTION_FIRST);
    assert_int_equal(meaning(&config, "&", SCOPE_PANEL), ACTION_INCLUDE);
}

static void a_key_means_one_thing(void **state)
{
    (void)state;
    struct config config;
    parse(&config, "# mine\n\n  bind z undo \r\nbind\tx drop\nbind \xe4\xb8\xad quit\nunbind U");
    assert_int_equal(meaning(&config, "z", SCOPE_BODY), ACTION_UNDO);
    assert_int_equal(meaning(&config, "u", SCOPE_BODY), ACTION_UNDO);
    assert_int_equal(meaning(&config, "\xe4\xb8\xad", SCOPE_PANEL), ACTION_QUIT);
    assert_int_equal(meaning(&config, "U", SCOPE_BODY), ACTION_NONE);
    assert_int_equal(meaning(&config, "C-r", SCOPE_BODY), ACTION_REDO);
    /* drop is an action of the body: in the patterns x keeps its meaning */
    assert_int_equal(meaning(&config, "x", SCOPE_BODY), ACTION_DROP);
    assert_int_equal(meaning(&config, "x", SCOPE_PANEL), ACTION_TOGGLE);
    /* quit applies everywhere, so a has no other meaning in the patterns either */
    parse(&config, "bind a quit");
    assert_int_equal(meaning(&config, "a", SCOPE_BODY), ACTION_QUIT);
    assert_int_equal(meaning(&config, "a", SCOPE_PANEL), ACTION_QUIT);
}

static void what_is_not_understood_is_named_with_its_line(void **state)
{
#define NOT_A_KEY ": not a key; expected a character, C-x or a key name"
    (void)state;
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"bind z undo\nbnid x drop", "c:2: 'bnid': expected bind, unbind, mouse, theme or border"},
        {"bind z", "c:1: wrong number of words; expected: bind KEY ACTION"},
        {"bind z undo now", "c:1: wrong number of words; expected: bind KEY ACTION"},
        {"unbind", "c:1: wrong number of words; expected: unbind KEY"},
        {"\n#\nbind PageUp undo", "c:3: 'PageUp'" NOT_A_KEY},
        {"bind \x01 undo", "c:1: '\x01'" NOT_A_KEY},
        {"bind \xff undo", "c:1: '\xff'" NOT_A_KEY},
        {"bind C-! undo", "c:1: 'C-!'" NOT_A_KEY},
        {"bind Esc undo", "c:1: Esc: this key cannot be bound; it always cancels"},
        {"bind C-[ undo", "c:1: C-[: this key cannot be bound; it always cancels"},
        {"unbind C-c", "c:1: C-c: this key cannot be bound; it always cancels"},
        {"unbind @", "c:1: @: this key is not bound"},
        {"bind z und", "c:1: 'und': unknown action; xsmall help keys lists them"},
        {"mouse off\nmouse maybe", "c:2: mouse 'maybe': expected on or off"},
        {"theme solarized", "c:1: theme 'solarized': expected dark, light or mono"},
        {"border round", "c:1: border 'round': expected unicode or ascii"},
        {"mouse", "c:1: wrong number of words; expected: mouse on|off"},
        {"bind z ", "c:1: wrong number of words; expected: bind KEY ACTION"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct config config;
        struct err err = {0};
        config_init(&config);
        assert_false(config_parse(&config, bytes_of(cases[i].text), "c", &err));
        assert_string_equal(err.text, cases[i].expected);
    }
}

#undef NOT_A_KEY

static void there_is_an_end_of_keys(void **state)
{
    (void)state;
    struct config config;
    struct err err = {0};
    BUF_AUTO struct buf text = {0};
    config_init(&config);
    size_t room = BINDINGS_MAX - config.bindings.n;
    for (size_t i = 0; i <= room; i++) {
        buf_printf(&text, "bind %c%c%c undo\n", 0xe4, (int)(0xb8 + i / 64), (int)(0x80 + i % 64));
    }
    assert_false(config_parse(&config, buf_bytes(&text), "c", &err));
    assert_non_null(strstr(err.text, "too many bound keys; the limit is 512"));
    assert_int_equal(config.bindings.n, BINDINGS_MAX);
}

static void words_and_keys_are_each_other(void **state)
{
    (void)state;
    static const char *const words[] = {"Up",  "PgDn", "Space", "Tab",      "Enter", "Backspace",
                                        "C-b", "x",    "&",     "\xc3\xa9", "C-]",   "C-_"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        BUF_AUTO struct buf out = {0};
        key_word(key_of_word(bytes_of(words[i])), &out);
        assert_string_equal(out.p, words[i]);
    }
    assert_int_equal(key_of_word(bytes_of("C-h")), KEY_BACKSPACE_); /* what a terminal sends */
    assert_int_equal(key_of_word(bytes_of("C-j")), KEY_ENTER_);
    assert_int_equal(key_of_word(bytes_of("C-@")), 0);
}

static void hints_name_the_keys_as_they_are(void **state)
{
    (void)state;
    struct config config;
    BUF_AUTO struct buf out = {0};
    parse(&config, "bind k keep\nunbind Space\nunbind w\nbind n drop\nunbind -");
    bindings_hint(&config.bindings,
                  bytes_of("Space keep  w why  - drop  Esc leave it  [ ] scroll  / search"),
                  SCOPE_BODY, &out);
    assert_string_equal(out.p, "+ keep  n drop  Esc leave it  [ ] scroll  / search");
}

/* The keys of the last row work, and the help lists them under "here" too. */
static void no_hint_names_what_its_view_does_not_take(void **state)
{
    (void)state;
    struct views views;
    views_init(&views, view_registry, N_VIEWS);
    for (size_t i = 0; i < views.n; i++) {
        const struct view *view = views.all[i];
        const char *at = view->hint;
        while (at && *at) {
            const char *gap = strstr(at, "  ");
            struct bytes rest = bytes_from(at, gap ? (size_t)(gap - at) : strlen(at));
            for (struct bytes word; (word = key_next_word(&rest)).n;) {
                enum action action = action_of_default(key_of_word(word), SCOPE_BODY);
                if (!action)
                    break;
                if (action_info(action).scope == SCOPE_BODY && !view_takes(view, action) &&
                    !views_opened_by(&views, action))
                    fail_msg("%s: %.*s is %s", view->hint, (int)word.n, word.p,
                             action_info(action).name);
            }
            at = gap ? gap + 2 : NULL;
        }
    }
    views_finish(&views);
}

static size_t place_of(const struct buf *text, const char *what)
{
    const char *at = strstr(text->p, what);
    if (!at)
        fail_msg("help does not contain: %s", what);
    return (size_t)(at - text->p);
}

static void help_tells_what_is_here_first(void **state)
{
    (void)state;
    struct config config;
    BUF_AUTO struct buf export = {0}, panel = {0};
    struct views views;
    views_init(&views, view_registry, N_VIEWS);
    struct help_place place = {&views, &view_export, SCOPE_BODY};
    parse(&config, "bind Z write\nunbind p");
    help_print(&config.bindings, &place, 200, &export);
    assert_true(place_of(&export, "o Z ") < place_of(&export, "everywhere"));
    assert_true(place_of(&export, "(:cycle)") < place_of(&export, "everywhere"));
    assert_true(place_of(&export, "everywhere") < place_of(&export, "(:quit)"));
    assert_true(place_of(&export, "(:quit)") < place_of(&export, "in other views"));
    assert_true(place_of(&export, "in other views") < place_of(&export, "(:keep)"));
    place_of(&export, "                 edit all filters as one shell pipeline (:pipeline)");
    place.focus = SCOPE_PANEL;
    help_print(&config.bindings, &place, 200, &panel);
    assert_true(place_of(&panel, "(:invert)") < place_of(&panel, "everywhere"));
    assert_true(place_of(&panel, "in other views") < place_of(&panel, "(:write)"));
    views_finish(&views);
}

static void the_file_is_where_xdg_says(void **state)
{
    (void)state;
    char dir[] = "/tmp/xsmall-config-XXXXXX";
    struct config config;
    struct err err = {0};
    BUF_AUTO struct buf path = {0};
    assert_non_null(mkdtemp(dir));
    setenv("XDG_CONFIG_HOME", dir, 1);
    config_init(&config);
    assert_true(config_read(&config, &err)); /* no file: no error */
    buf_printf(&path, "%s/xsmall", dir);
    assert_int_equal(mkdir(path.p, 0700), 0);
    buf_printf(&path, "/config");
    FILE *file = fopen(path.p, "we");
    assert_non_null(file);
    fputs("bind z undo\nunbind z\nunbind z\n", file);
    fclose(file);
    assert_false(config_read(&config, &err));
    BUF_AUTO struct buf expected = {0};
    buf_printf(&expected, "%s:3: z: this key is not bound", path.p);
    assert_string_equal(err.text, expected.p);
    unlink(path.p);
    mkdir(path.p, 0700); /* not a file */
    assert_false(config_read(&config, &err));
    rmdir(path.p);
    path.p[path.n - strlen("/config")] = 0;
    rmdir(path.p);
    rmdir(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_file_the_table_holds),
        cmocka_unit_test(a_key_means_one_thing),
        cmocka_unit_test(what_is_not_understood_is_named_with_its_line),
        cmocka_unit_test(there_is_an_end_of_keys),
        cmocka_unit_test(words_and_keys_are_each_other),
        cmocka_unit_test(hints_name_the_keys_as_they_are),
        cmocka_unit_test(no_hint_names_what_its_view_does_not_take),
        cmocka_unit_test(help_tells_what_is_here_first),
        cmocka_unit_test(the_file_is_where_xdg_says),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
