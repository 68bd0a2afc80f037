/* SPDX-License-Identifier: MIT
 * Layer waste with its writer, killer and reason, and dive's figures: small layers, counted by
 * hand. */
#include "image_fixture.h"
#include "image/merge/layers.h"

static const struct {
    const char *name;
    const char *layers[4];
    const char *dead; /* BYTES PATH WRITER>KILLER REASON[ as LAST NAME], the biggest first */
    int64_t least, sum, wasted, user;
} cases[] = {
    {"nothing is dead", {"d a 755\nf a/x 1\n", "f b 22\n"}, "", 3, 3, 0, 2},
    {"other content, the same content, another kind, other kinds",
     {"f a 1\nf b 22\nf c 333\nf d 4444\nf e 55555\n", "f a 9\nf b 22\nl c a\nd d 755\np e\n"},
     "5 /e 1>2 replaced\n4 /d 1>2 replaced\n3 /c 1>2 replaced\n2 /b 1>2 rewritten\n"
     "1 /a 1>2 overwritten\n",
     3,
     18,
     18,
     3},
    {"whiteouts of a file, of a directory with an entry, and of one without",
     {"f x 1\nd a 755\nf a/y 22\nf a/b/z 333\n", "f .wh.x\nf .wh.a\n"},
     "3 /a/b/z 1>2 whiteout above\n2 /a/y 1>2 whiteout above\n1 /x 1>2 whiteout\n",
     /* dive: x 1 + 0; a/y 2; a/b/z 3; a, as a whiteout, 5, and no leaf before: seen once */
     10,
     11,
     1,
     0},
    {"dive does not take a directory without an entry for one",
     {"f a/y 22\n", "f .wh.a\n"},
     "2 /a/y 1>2 whiteout above\n",
     2,
     2,
     0,
     0},
    {"an opaque directory; what comes back is written again",
     {"d a 755\nf a/x 1\nf a/y 22\nf a/z 333\n", "d a 755\nf a/.wh..wh..opq\nf a/x 1\nf a/y 23\n"},
     "3 /a/z 1>2 opaque\n2 /a/y 1>2 overwritten\n1 /a/x 1>2 rewritten\n",
     /* dive: x 1 1, y 2 2, z 3; the marker is ignored */
     6,
     9,
     6,
     3},
    {"a file over a directory",
     {"d a 755\nf a/b/x 1\n", "f a 22\n"},
     "1 /a/b/x 1>2 replaced above\n",
     /* dive: a/b/x 1, a 2 */
     3,
     3,
     0,
     2},
    {"a hard link keeps contents alive; the last name's end is theirs",
     {"f a 333\nh b a\n", "f .wh.a\n", "f b 1\n", "f b 22\n"},
     "3 /a 1>3 overwritten as /b\n1 /b 3>4 overwritten\n",
     /* dive: a 3 0; b 0 1 2 */
     0,
     6,
     6,
     3},
    {"both names are removed at once: reported at the one that was written",
     {"f b 333\nh a b\n", "f .wh.a\nf .wh.b\n"},
     "3 /b 1>2 whiteout\n",
     0,
     3,
     3,
     0},
    {"a hard link to other content, one to the same, one to nothing",
     {"f a 1\nf b 22\nf c 22\nf d 4444\n", "h b a\nh c b\nh d nothing\n"},
     "4 /d 1>2 replaced\n2 /b 1>2 overwritten\n2 /c 1>2 overwritten\n",
     /* dive: a 1; b 2 0; c 2 0; d 4 0 */
     1,
     9,
     8,
     0},
    {"a layer deletes and a later one writes again",
     {"f a 1\n", "f .wh.a\n", "f a 1\n", "f .wh.a\n"},
     "1 /a 1>2 whiteout\n1 /a 3>4 whiteout\n",
     0,
     2,
     2,
     1},
    {"directories that are leaves twice, and empty files, weigh nothing",
     {"d a 755\nf b\n", "d a 700\nf b\n"},
     "",
     0,
     0,
     0,
     0},
    {"a directory's whiteout counts what dive's stack has",
     {"d a 755\nf a/x 1\nf a/y 22\n", "d a 755\nf a/.wh.x\nf a/z 4444\n", "f .wh.a\n", "f a 1\n"},
     "4 /a/z 2>3 whiteout above\n2 /a/y 1>3 whiteout above\n1 /a/x 1>2 whiteout\n",
     /* dive: x 1 0; y 2; z 4; a 6 1 */
     7,
     14,
     8,
     5},
    {"after a layer that only passes through it, dive takes it for no directory",
     {"d a 755\nf a/x 1\n", "f a/y 22\n", "f .wh.a\n"},
     "2 /a/y 2>3 whiteout above\n1 /a/x 1>3 whiteout above\n",
     3,
     3,
     0,
     2},
};

static char *dead_text(const struct layers *layers)
{
    struct buf out = {0};
    buf_add(&out, bytes_of(""));
    for (size_t i = 0; i < layers->n_dead; i++) {
        const struct dead *dead = &layers->dead[i];
        buf_printf(&out, "%lld ", (long long)dead->bytes);
        tree_path(layers->tree, dead->node, &out);
        buf_printf(&out, " %u>%u %s", dead->writer, dead->killer, death_name(dead->reason));
        if (dead->last != dead->node) {
            buf_printf(&out, " as ");
            tree_path(layers->tree, dead->last, &out);
        }
        buf_byte(&out, '\n');
    }
    return out.p ? buf_steal(&out) : mem_dup(bytes_of(""));
}

static void check_case(struct db *db, size_t i)
{
    struct layers *layers;
    struct err err = {0};
    int64_t image = number_of(db, "SELECT id FROM image WHERE complete = 1");
    if (!layers_read(db, image, NULL, &layers, &err))
        fail_msg("%s", err.text);
    MEM_AUTO char *text = dead_text(layers);
    if (strcmp(text, cases[i].dead) != 0)
        fail_msg("%s:\n%s-- wanted:\n%s", cases[i].name, text, cases[i].dead);
    double efficiency = cases[i].sum ? (double)cases[i].least / (double)cases[i].sum : 1;
    if (layers->dive.efficiency != efficiency || layers->dive.wasted_bytes != cases[i].wasted ||
        layers->dive.user_bytes != cases[i].user)
        fail_msg("%s: %.17g, not %.17g, wasted %lld, user %lld", cases[i].name,
                 layers->dive.efficiency, efficiency, (long long)layers->dive.wasted_bytes,
                 (long long)layers->dive.user_bytes);
    layers_destroy(layers);
}

static void tells_what_is_dead(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        void *at;
        size_t n;
        place_make(&at);
        struct db *db = session_open(at);
        load_layers(db, at, cases[i].layers, &n);
        check_case(db, i);
        db_close(db);
        place_drop(&at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(tells_what_is_dead)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
