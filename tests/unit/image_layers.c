/* SPDX-License-Identifier: MIT
 * The changes of each layer: small layers, with their changes written by hand. */
#include "image_fixture.h"
#include "image/merge/layers.h"

static const struct {
    const char *name;
    const char *layers[4];
    const char *want[4]; /* a line a change of each layer: A added, M modified, R removed, m meta */
    int64_t killed[4];   /* bytes */
} cases[] = {
    {"all classes",
     {"d a 755\nf a/x 1\nf a/y 22\nf a/z 333\nd b 755\n",
      "f a/x 9\nf a/.wh.y\nf a/z 333\nf a/new 4444\nd b 700\n", "f a/y 55555\n"},
     {"A /a\nA /a/x\nA /a/y\nA /a/z\nA /b\n", "A /a/new\nM /a/x\nR /a/y\nm /a/z\nm /b\n",
      "A /a/y\n"},
     {0, 2, 0}},
    {"a directory goes with all that is in it",
     {"f a/x 1\nf a/b/y 22\nf ab 333\n", "f .wh.a\n"},
     {"A /a\nA /a/b\nA /a/b/y\nA /a/x\nA /ab\n", "R /a\nR /a/b\nR /a/b/y\nR /a/x\n"},
     {0, 3}},
    {"an opaque directory: what comes back is no removal",
     {"d a 755\nf a/x 1\nf a/y 22\nf a/z 333\n", "d a 755\nf a/.wh..wh..opq\nf a/x 1\nf a/y 23\n"},
     {"A /a\nA /a/x\nA /a/y\nA /a/z\n", "m /a\nm /a/x\nM /a/y\nR /a/z\n"},
     {0, 3}},
    {"a file over a directory, then a link over the file",
     {"f a/x 1\n", "f a 22\n", "l a elsewhere\n", "l a nowhere\n"},
     {"A /a\nA /a/x\n", "M /a\nR /a/x\n", "M /a\n", "M /a\n"},
     {0, 1, 0, 0}},
    {"hard links, the peer later, and of a lower layer",
     {"h b a\nf a 333\n", "h c b\nf a 1\n", "h b c\n"},
     {"A /a\nA /b\n", "M /a\nA /c\n", "m /b\n"},
     {0, 0, 0}},
    {"whiteouts of nothing, and of what the same layer has",
     {"f x 1\n", "f .wh.nothing\nf y 1\nf .wh.y\n"},
     {"A /x\n", "A /y\n"},
     {0, 0}},
};

static char *changes_text(const struct layers *layers)
{
    struct buf out = {0};
    for (uint32_t node = 0; node < layers->tree->n; node++) {
        if (!layers->changes[node])
            continue;
        buf_printf(&out, "%c ", " AMRm"[layers->changes[node]]);
        tree_path(layers->tree, node, &out);
        buf_byte(&out, '\n');
    }
    return out.p ? buf_steal(&out) : mem_dup(bytes_of(""));
}

/* Returns the lines of the text that begin with the letter. */
static uint32_t lines_of(const char *text, char letter)
{
    uint32_t n = 0;
    for (const char *at = text; *at; at = strchr(at, '\n') + 1)
        n += *at == letter;
    return n;
}

static void check_case(struct db *db, size_t i, size_t n)
{
    struct layers *layers;
    struct err err = {0};
    int64_t image = number_of(db, "SELECT id FROM image WHERE complete = 1");
    if (!layers_read(db, image, NULL, &layers, &err))
        fail_msg("%s", err.text);
    assert_int_equal(layers->n, n);
    assert_int_equal(layers->chosen, n);
    for (size_t k = n; k-- > 0;) { /* in another order than they were made in */
        layers_choose(layers, (uint32_t)k + 1);
        const char *want = cases[i].want[k];
        MEM_AUTO char *text = changes_text(layers);
        /* lines are in the order of paths: compared as sets, because the expected ones are grouped
         * by class */
        if (strlen(text) != strlen(want))
            fail_msg("%s, layer %zu:\n%s-- wanted:\n%s", cases[i].name, k + 1, text, want);
        MEM_AUTO char *copy = mem_dup(bytes_of(want));
        for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
            if (!strstr(text, line))
                fail_msg("%s, layer %zu: no \"%s\" in\n%s", cases[i].name, k + 1, line, text);
        static const char letters[N_CHANGES] = " AMRm";
        for (enum change change = CHANGE_ADDED; change < N_CHANGES; change++)
            assert_int_equal(layers->all[k].n[change], lines_of(want, letters[change]));
        assert_int_equal(layers->all[k].killed_bytes, cases[i].killed[k]);
    }
    layers_destroy(layers);
}

static void tells_what_each_layer_did(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *at;
        size_t n;
        place_make(&at);
        struct db *db = session_open(at);
        load_layers(db, at, cases[i].layers, &n);
        check_case(db, i, n);
        db_close(db);
        place_drop(&at);
    }
}

/* The tree after a layer has the attributes of that time. */
static void goes_back(void **state)
{
    struct place *place = *state;
    struct db *db = session_open(place);
    const char *texts[4] = {"d a 755\nf a/x 1\n", "d a 700\nf a/x 22\n", "f .wh.a\n"};
    struct layers *layers;
    struct err err = {0};
    size_t n;
    load_layers(db, place, texts, &n);
    assert_true(layers_read(db, number_of(db, "SELECT id FROM image"), NULL, &layers, &err));
    uint32_t a = tree_find(layers->tree, bytes_of("/a"));
    uint32_t x = tree_find(layers->tree, bytes_of("/a/x"));
    const struct node *nodes = layers->tree->nodes;
    assert_false(layers->there[x]); /* the topmost: removed, with what it had */
    assert_int_equal(nodes[x].size, 2);
    layers_choose(layers, 1);
    assert_true(layers->there[x]);
    assert_int_equal(nodes[x].size, 1);
    assert_int_equal(nodes[a].mode, 0755);
    layers_choose(layers, 2);
    assert_int_equal(nodes[x].size, 2);
    assert_int_equal(nodes[x].ordinal, 2);
    assert_int_equal(nodes[a].mode, 0700);
    layers_choose(layers, 99);
    assert_int_equal(layers->chosen, 3);
    assert_string_equal(layers->all[0].command.p, "first");
    assert_int_equal(layers->all[2].command.n, 0);
    assert_int_equal(layers->all[1].bytes, 2);
    layers_destroy(layers);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_each_layer_did),
        cmocka_unit_test_setup_teardown(goes_back, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
