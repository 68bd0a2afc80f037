/* SPDX-License-Identifier: MIT
 * Merged layers: each rule of the OCI image-spec's layer.md as two or three small layers, with the
 * resulting tree written by hand. */
#include "image_fixture.h"
#include "image/merge/layers.h"

static const struct {
    const char *name;
    const char *layers[4];
    const char *want; /* as tree_text */
    int64_t dead[3];  /* bytes of each layer that the tree does not show */
    int64_t problems;
} cases[] = {
    {"a whiteout deletes from lower layers",
     {"d a 755\nf a/x 123\nf a/y 12\n", "f a/.wh.x\n"},
     "d /a 755\nf /a/y 2\n",
     {3, 0},
     0},
    {"a whiteout deletes a whole directory",
     {"d a 755\nf a/x 1\nd a/b 755\nf a/b/y 12\nf ab 1234\n", "f .wh.a\n"},
     "f /ab 4\n",
     {3, 0},
     0},
    {"a whiteout does not hide what its own layer has, before or after it",
     {"f x 1\nf y 1\n", "f .wh.x\nf x 22\nf y 22\nf .wh.y\n"},
     "f /x 2\nf /y 2\n",
     {2, 0},
     0},
    {"a whiteout of nothing is harmless, and makes no directory",
     {"f x 1\n", "f .wh.nothing\nf no/.wh.where\n"},
     "f /x 1\n",
     {0, 0},
     0},
    {"what is deleted may come back",
     {"d a 700\nf a/x 1\n", "f .wh.a\n", "f a/z 333\n"},
     "d /a 755\nf /a/z 3\n",
     {1, 0, 0},
     0},
    {"an opaque marker hides lower children at any place in the tar",
     {"d a 755\nf a/x 1\nd a/d 755\nf a/d/y 1\n", "f a/new 22\nd a 750\nf a/.wh..wh..opq\n"},
     "d /a 750\nf /a/new 2\n",
     {2, 0},
     0},
    {"an opaque marker first",
     {"d a 755\nf a/x 1\n", "f a/.wh..wh..opq\nf a/x 22\n"},
     "d /a 755\nf /a/x 2\n",
     {1, 0},
     0},
    {"whiteouts act on the literal path, not through a lower symlink",
     {"d real 755\nf real/x 1\nl link real\n", "f link/.wh.x\nf link/.wh..wh..opq\n"},
     "l /link real\nd /real 755\nf /real/x 1\n",
     {0, 0},
     0},
    {"a directory over a symlink replaces it",
     {"d real 755\nf real/x 1\nl link real\n", "d link 711\nf link/y 22\n"},
     "d /link 711\nf /link/y 2\nd /real 755\nf /real/x 1\n",
     {0, 0},
     0},
    {"an unwritten directory over a symlink replaces it too",
     {"d real 755\nf real/x 1\nl link real\n", "f link/y 22\n"},
     "d /link 755\nf /link/y 2\nd /real 755\nf /real/x 1\n",
     {0, 0},
     0},
    {"a file over a directory deletes what is in it",
     {"d a 755\nf a/x 1\nd a/b 755\nf a/b/y 1\n", "f a 333\n"},
     "f /a 3\n",
     {2, 0},
     0},
    {"a directory over a file",
     {"f a 333\n", "d a 700\nf a/x 1\n"},
     "d /a 700\nf /a/x 1\n",
     {3, 0},
     0},
    {"a directory over a directory changes its attributes only",
     {"d a 755\nf a/x 1\n", "d a 700\n"},
     "d /a 700\nf /a/x 1\n",
     {0, 0},
     0},
    {"an unwritten directory leaves the lower one's attributes",
     {"d a 700\nf a/x 1\n", "f a/y 1\n"},
     "d /a 700\nf /a/x 1\nf /a/y 1\n",
     {0, 0},
     0},
    {"directories without an entry are 0755",
     {"f a/b/c 1\n"},
     "d /a 755\nd /a/b 755\nf /a/b/c 1\n",
     {0},
     0},
    {"a child before its parent", {"f a/b 1\nd a 711\n"}, "d /a 711\nf /a/b 1\n", {0}, 0},
    {"the last of several in one tar",
     {"f a 1\nf a 22\nl b x\nf b 333\nf c 1\nd c 711\n"},
     "f /a 2\nf /b 3\nd /c 711\n",
     {0},
     0},
    {"a file and paths below it: the later",
     {"f a 1\nf a/x 22\nf b/x 1\nf b 333\n"},
     "d /a 755\nf /a/x 2\nf /b 3\n",
     {0},
     2},
    {"hard links in one layer, the peer later, written in other ways",
     {"h b ./a\nf a 333\nh c /a\nh d b\n"},
     "f /a 3 = /a\nf /b 3 = /a\nf /c 3 = /a\nf /d 3 = /a\n",
     {0},
     0},
    {"a hard link to a lower layer",
     {"f a 333\n", "h b a\n"},
     "f /a 3 = /a\nf /b 3 = /a\n",
     {0, 0},
     0},
    {"overwriting one name leaves the others",
     {"f a 333\nh b a\nh c a\n", "f a 1\n"},
     "f /a 1\nf /b 3 = /b\nf /c 3 = /b\n",
     {0, 0},
     0},
    {"deleting the first name leaves the content with the other",
     {"f a 333\nh b a\n", "f .wh.a\n"},
     "f /b 3\n",
     {0, 0},
     0},
    {"deleting all names", {"f a 333\nh b a\n", "f .wh.a\nf .wh.b\n"}, "", {3, 0}, 0},
    {"hard links to nothing, to a directory, in a ring",
     {"h a nothing\nd d 755\nh b d\nh r s\nh s r\nf x 1\n"},
     "d /d 755\nf /x 1\n",
     {0},
     4},
    {"a symlink may have further names",
     {"l a target\nh b a\n"},
     "l /a target = /a\nl /b target = /a\n",
     {0},
     0},
    {"overlay's own whiteout", {"f a 1\nf b 1\n", "c a 0 0\n"}, "f /b 1\n", {1, 0}, 0},
    {"devices and fifos", {"c null 1 3\np pipe\n"}, "c /null 1:3\np /pipe\n", {0}, 0},
    {"what aufs and stargz leave is hidden",
     {"f .wh..wh.plnk/1.2 x\nf .wh..wh.aufs x\nf stargz.index.json {}\nf .prefetch.landmark x\n"
      "f .no.prefetch.landmark x\nf a/stargz.index.json {}\n"},
     "d /a 755\nf /a/stargz.index.json 2\n",
     {0},
     0},
    {"names that leave the image, or are no names, are refused",
     {"f ../x 1\nf a/../../y 1\nf .wh. 1\nf ./b 1\nf //c//./d 22\n"},
     "f /b 1\nd /c 755\nf /c/d 2\n",
     {0},
     3},
    {"a member goes through a symlink of its own layer, relative or absolute",
     {"d usr/lib 755\nl lib usr/lib\nf lib/a 1\nl abs /usr/lib\nf abs/b 22\n"},
     "l /abs /usr/lib\nl /lib usr/lib\nd /usr 755\nd /usr/lib 755\nf /usr/lib/a 1\n"
     "f /usr/lib/b 2\n",
     {0},
     0},
    {"through several symlinks, one with .., one to a missing directory",
     {"l a b/../c/d\nd c 711\nl c/d /e/f/\nf a/x/y 1\n"},
     "l /a b/../c/d\nd /c 711\nl /c/d /e/f/\nd /e 755\nd /e/f 755\nd /e/f/x 755\nf /e/f/x/y 1\n",
     {0},
     0},
    {"a whiteout and an opaque marker go through a symlink of their own layer",
     {"f usr/lib/x 1\nf usr/lib/y 1\nf opt/z 22\n",
      "l lib usr/lib\nf lib/.wh.x\nl o opt\nf o/.wh..wh..opq\n"},
     "l /lib usr/lib\nl /o opt\nd /opt 755\nd /usr 755\nd /usr/lib 755\nf /usr/lib/y 1\n",
     {3, 0},
     0},
    {"the members before a symlink, or after its replacement, do not go through it",
     {"d usr 755\nd lib 711\nf lib/x 1\nl lib usr\nd lib 700\nf lib/y 1\n"},
     "d /lib 700\nf /lib/y 1\nd /usr 755\n",
     {0},
     1},
    {"a hard link whose target goes through a symlink",
     {"f usr/lib/old 333\nl lib usr/lib\nh usr/lib/peer lib/old\nh lib/third lib/peer\n"},
     "l /lib usr/lib\nd /usr 755\nd /usr/lib 755\nf /usr/lib/old 3 = /usr/lib/old\n"
     "f /usr/lib/peer 3 = /usr/lib/old\nf /usr/lib/third 3 = /usr/lib/old\n",
     {0},
     0},
    {"a hard link through a symlink to a lower layer",
     {"f usr/lib/old 333\n", "l lib usr/lib\nh peer lib/old\n"},
     "l /lib usr/lib\nf /peer 3 = /peer\nd /usr 755\nd /usr/lib 755\nf /usr/lib/old 3 = /peer\n",
     {0, 0},
     0},
    {"a hard link to a symlink is one more symlink",
     {"d usr 755\nl lib usr\nh lib2 lib\nf lib2/x 1\n"},
     "l /lib usr = /lib\nl /lib2 usr = /lib\nd /usr 755\nf /usr/x 1\n",
     {0},
     0},
    {"symlinks in a loop, and to a file, have entries below them: the later",
     {"l a b\nl b a\nf a/x 1\nf f 1\nl g f\nf g/x 1\n"},
     "d /a 755\nf /a/x 1\nl /b a\nf /f 1\nd /g 755\nf /g/x 1\n",
     {0},
     2},
    {"a hard link to itself changes nothing",
     {"f a 333\nh a a\nh b a\nh a b\nh b b\nh ./b //a\n"},
     "f /a 3 = /a\nf /b 3 = /a\n",
     {0},
     0},
    {"a name that is written again leaves the earlier content to its other names",
     {"f a 1\nh b a\nh c b\nf a 333\nh d c\n", "f x 1\n"},
     "f /a 3\nf /b 1 = /b\nf /c 1 = /b\nf /d 1 = /b\nf /x 1\n",
     {0, 0},
     0},
    {"all names are written again, one after the other",
     {"f a 1\nh b a\nh c a\nl a x\nd b 700\nf c 22\nh b/a c\n"},
     "l /a x\nd /b 700\nf /b/a 2 = /b/a\nf /c 2 = /b/a\n",
     {0},
     0},
    {"the content moves out of a directory that becomes a file",
     {"d d 755\nf d/a 333\nh b d/a\nh d/c b\nf d 1\n", "h e b\n"},
     "f /b 3 = /b\nf /d 1\nf /e 3 = /b\n",
     {0, 0},
     2},
    {"a directory that was a file in between is empty",
     {"d d 711\nf d/x 1\nd d/e 755\nf d 1\nd d 700\n"},
     "d /d 700\n",
     {0},
     2},
    {"a directory that was a file in between has the entries after it",
     {"d d 711\nf d/x 1\nf d 1\nf d/x 22\nf d/y 1\n"},
     "d /d 755\nf /d/x 2\nf /d/y 1\n",
     {0},
     1},
    {"the same bytes again, as after chmod, are dead below",
     {"f a 333\n", "f a 333\n", "f a 333\n"},
     "f /a 3\n",
     {3, 3, 0},
     0},
};

static const char DEAD[] = "SELECT dead_bytes FROM image_layer ORDER BY ordinal";

static void check_dead(struct db *db, const char *name, const int64_t *want, size_t n)
{
    struct err err = {0};
    struct stmt *q = db_query(db, DEAD, &err);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(stmt_step(q, &err), STEP_ROW);
        if (stmt_int(q, 0) != want[i])
            fail_msg("%s: layer %zu: %lld dead bytes", name, i + 1, (long long)stmt_int(q, 0));
    }
    stmt_reset(q);
}

/* Replaying the layers yields the same tree as merging. */
static void check_layers(struct db *db, const char *name, const struct tree *tree)
{
    struct layers *layers;
    struct err err = {0};
    uint32_t n = 0;
    if (!layers_read(db, tree->image, NULL, &layers, &err))
        fail_msg("%s", err.text);
    for (uint32_t node = 0; node < layers->tree->n; node++) {
        if (!layers->there[node])
            continue;
        BUF_AUTO struct buf path = {0};
        tree_path(layers->tree, node, &path);
        uint32_t same = tree_find(tree, buf_bytes(&path));
        if (same == NODE_NONE)
            fail_msg("%s: %s is not there", name, path.p);
        const struct node *a = &layers->tree->nodes[node], *b = &tree->nodes[same];
        if (a->kind != b->kind || a->size != b->size || a->mode != b->mode ||
            !bytes_equal(a->link, b->link) || memcmp(a->hash, b->hash, 16) != 0)
            fail_msg("%s: %s is another", name, path.p);
        n++;
    }
    if (n != tree->n)
        fail_msg("%s: %u paths of %u", name, n, tree->n);
    int64_t dead[4] = {0};
    for (size_t i = 0; i < layers->n_dead; i++)
        dead[layers->dead[i].writer - 1] += layers->dead[i].bytes;
    for (size_t i = 0; i < layers->n; i++)
        if (dead[i] != layers->all[i].dead_bytes)
            fail_msg("%s: layer %zu: %lld dead bytes by path", name, i + 1, (long long)dead[i]);
    layers_destroy(layers);
}

static void merges_by_the_spec(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *at;
        size_t n;
        place_make(&at);
        struct db *db = session_open(at);
        load_layers(db, at, cases[i].layers, &n);
        struct tree *tree = must_read(db, "subject");
        MEM_AUTO char *text = tree_text(tree);
        if (strcmp(text, cases[i].want) != 0)
            fail_msg("%s:\n%s-- wanted:\n%s", cases[i].name, text, cases[i].want);
        check_dead(db, cases[i].name, cases[i].dead, n);
        check_layers(db, cases[i].name, tree);
        int64_t problems = number_of(db, "SELECT coalesce(sum(n), 0) FROM v_problem");
        if (problems != cases[i].problems)
            fail_msg("%s: %lld problems", cases[i].name, (long long)problems);
        tree_destroy(tree);
        db_close(db);
        place_drop(&at);
    }
}

/* A layer that the session has is not read again, and yields the same tree. */
static void shared_layers_give_the_same(void **state)
{
    struct place *place = *state;
    struct db *db = session_open(place);
    const char *layers[4] = {"d a 755\nf a/x 1\nf a/y 22\nh b a/y\nl s a\n",
                             "f a/.wh.x\nh c b\nf a/n 4444\n", "d a 711\nf s/t 1\n"};
    size_t n;
    struct err err = {0};
    bool was_there;
    load_layers(db, place, layers, &n);
    MEM_AUTO char *image = place_path(place, "image.tar");
    assert_true(load_ref(db, "base", image, 0, true, &was_there, &err));
    assert_false(was_there);
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 3);
    struct tree *subject = must_read(db, "subject"), *base = must_read(db, "base");
    MEM_AUTO char *one = tree_text(subject);
    MEM_AUTO char *two = tree_text(base);
    assert_string_equal(one, "d /a 711\nf /a/n 4\nf /a/y 2 = /a/y\nf /b 2 = /a/y\nf /c 2 = /a/y\n"
                             "d /s 755\nf /s/t 1\n");
    assert_string_equal(two, one);
    uint32_t b = tree_find(base, bytes_of("/b")), c = tree_find(base, bytes_of("/c"));
    assert_int_equal(base->nodes[b].ordinal, 1);
    assert_int_equal(base->nodes[c].ordinal, 2);
    assert_int_equal(base->nodes[tree_find(base, bytes_of("/s"))].ordinal, 0);
    assert_memory_equal(base->nodes[b].hash, base->nodes[c].hash, 16);
    tree_destroy(subject);
    tree_destroy(base);
    db_close(db);
}

/* Commands of the history are matched with the layers that they made. */
static void pairs_the_history(void **state)
{
    struct place *place = *state;
    struct db *db = session_open(place);
    const char *layers[4] = {"f a 1\n", "f b 1\n", "f c 1\n"};
    size_t n;
    load_layers(db, place, layers, &n);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_layer WHERE "
                                   "(ordinal = 1 AND command = 'first') OR "
                                   "(ordinal = 2 AND command = 'second') OR "
                                   "(ordinal = 3 AND command IS NULL)"),
                     3);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(merges_by_the_spec),
        cmocka_unit_test_setup_teardown(shared_layers_give_the_same, place_make, place_drop),
        cmocka_unit_test_setup_teardown(pairs_the_history, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
