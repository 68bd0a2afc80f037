/* SPDX-License-Identifier: MIT
 * Archives with false data: sizes, checksums, holes, bombs, endless layers. Each is rejected with a
 * message that names the archive, or loaded within limits; no rows of a rejected archive remain. */
#include "image_fixture.h"

#include <sys/resource.h>
#include <zstd.h>

#include "raw_tar.h"

static const struct bytes ONE = {"1", 1};

static char big[12];

static void add_ends(struct buf *tar)
{
    raw_file(tar, (struct raw){.name = "b"}, ONE);
    raw_end(tar);
}

static void size_of(struct buf *tar, uint64_t size)
{
    raw_file(tar, (struct raw){.name = "a", .size_field = raw_base256(big, 12, size)}, ONE);
    add_ends(tar);
}

static void longer_than_all(struct buf *tar)
{
    size_of(tar, 1ull << 62);
}

static void longest(struct buf *tar)
{
    size_of(tar, INT64_MAX);
}

static void shorter_than_nothing(struct buf *tar)
{
    memset(big, 0xff, sizeof big);
    raw_file(tar, (struct raw){.name = "a", .size_field = bytes_from(big, 12)}, ONE);
    add_ends(tar);
}

static void pax_size(struct buf *tar)
{
    raw_pax(tar, 'x', (const char *const[]){"size=9223372036854775807", NULL});
    raw_file(tar, (struct raw){.name = "a"}, ONE);
    add_ends(tar);
}

static void pax_record(struct buf *tar)
{
    raw_file(tar, (struct raw){.type = 'x', .name = "x"}, bytes_of("99999 path=x\n"));
    raw_file(tar, (struct raw){.name = "a"}, ONE);
    add_ends(tar);
}

static void wrong_checksum(struct buf *tar)
{
    raw_file(tar, (struct raw){.name = "a"}, ONE);
    size_t at = tar->n;
    raw_file(tar, (struct raw){.name = "b"}, ONE);
    tar->p[at] = 'c';
    raw_end(tar);
}

/* Writes a header whose size field claims 2 GiB. */
static void extended(struct buf *tar, char type)
{
    raw_header(tar, (struct raw){.type = type, .name = "x"}, 2ull << 30);
    for (size_t i = 0; i < 4096; i++)
        raw_content(tar, bytes_of("0123456789"));
}

static void pax_header(struct buf *tar)
{
    extended(tar, 'x');
}

static void global_header(struct buf *tar)
{
    extended(tar, 'g');
}

static void long_name(struct buf *tar)
{
    extended(tar, 'L');
}

/* GNU's sparse format 0.1: the whole file is a hole. */
static void sparse(struct buf *tar, const char *size)
{
    raw_pax(tar, 'x',
            (const char *const[]){size, "GNU.sparse.numblocks=1", "GNU.sparse.map=0,1", NULL});
    raw_file(tar, (struct raw){.name = "a"}, ONE);
}

static void one_hole(struct buf *tar)
{
    sparse(tar, "GNU.sparse.size=9000000000000000000");
    add_ends(tar);
}

static void many_holes(struct buf *tar)
{
    for (int i = 0; i < 9; i++)
        sparse(tar, "GNU.sparse.size=8589934592"); /* 8 GiB */
    add_ends(tar);
}

static void add_zstd(struct buf *to, struct bytes plain)
{
    buf_reserve(to, to->n + ZSTD_compressBound(plain.n));
    size_t n = ZSTD_compress(to->p + to->n, ZSTD_compressBound(plain.n), plain.p, plain.n, 1);
    assert_false(ZSTD_isError(n));
    to->n += n;
}

/* A file of 17 GiB of zeros: one compressed frame of 64 MiB, 272 times. */
static void zstd_bomb(struct buf *layer)
{
    BUF_AUTO struct buf header = {0};
    BUF_AUTO struct buf frame = {0};
    size_t n = 64 << 20;
    MEM_AUTO char *zeros = mem_zero(n, 1);
    raw_header(&header, (struct raw){.name = "a", .size_field = raw_base256(big, 12, 17ull << 30)},
               0);
    add_zstd(layer, buf_bytes(&header));
    add_zstd(&frame, bytes_from(zeros, n));
    for (int i = 0; i < 272; i++)
        buf_add(layer, buf_bytes(&frame));
}

static void zstd_in_zstd(struct buf *layer)
{
    BUF_AUTO struct buf tar = {0};
    BUF_AUTO struct buf once = {0};
    add_ends(&tar);
    add_zstd(&once, buf_bytes(&tar));
    add_zstd(layer, buf_bytes(&once));
}

static void layer_of(const struct place *place, struct bytes layer)
{
    char *file = place_path(place, "layer");
    MEM_AUTO char *image = place_path(place, "i.tar");
    write_file(file, layer);
    docker_make(image, "localhost/x:1", &file, 1);
    free(file);
}

static bool load(const struct place *place, struct db *db, struct err *err)
{
    MEM_AUTO char *image = place_path(place, "i.tar");
    bool was_there;
    return load_ref(db, "subject", image, 0, false, &was_there, err);
}

static void lies(void **state)
{
    struct place *place = *state;
    static const struct {
        void (*make)(struct buf *layer);
        const char *says;
    } cases[] = {
        {longer_than_all, "/i.tar: layer 1 (sha256:"},
        {longest, "/i.tar: layer 1 (sha256:"},
        {shorter_than_nothing, "/i.tar: layer 1 (sha256:"},
        {pax_size, "/i.tar: layer 1 (sha256:"},
        {wrong_checksum, "/i.tar: layer 1 (sha256:"},
        {pax_header, "/i.tar: layer 1 (sha256:"},
        {global_header, "/i.tar: layer 1 (sha256:"},
        {long_name, "/i.tar: layer 1 (sha256:"},
        {zstd_in_zstd, "/i.tar: layer 1 (sha256:"},
        {one_hole, "64 GiB of holes"},
        {many_holes, "64 GiB of holes"},
        {zstd_bomb, "decompression bomb"},
    };
    struct db *db = session_open(place);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf layer = {0};
        struct err err = {0};
        cases[i].make(&layer);
        layer_of(place, buf_bytes(&layer));
        if (load(place, db, &err))
            fail_msg("case %zu was loaded", i);
        if (!strstr(err.text, cases[i].says) || !strstr(err.text, place->dir))
            fail_msg("case %zu: %s", i, err.text);
        assert_int_equal(number_of(db, "SELECT (SELECT count(*) FROM image) + "
                                       "(SELECT count(*) FROM layer) + (SELECT count(*) FROM "
                                       "entry) + (SELECT count(*) FROM problem)"),
                         0);
    }
    db_close(db);
}

/* A record that is longer than its header: ignored, and reported. */
static void an_odd_record(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf layer = {0};
    struct err err = {0};
    pax_record(&layer);
    layer_of(place, buf_bytes(&layer));
    struct db *db = session_open(place);
    if (!load(place, db, &err))
        fail_msg("%s", err.text);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_file WHERE path IN ('/a', '/b')"), 2);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_problem WHERE where_ = 'a'"), 1);
    db_close(db);
}

static long peak_kib(void)
{
    struct rusage usage;
    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* 1 GiB of zeros from 1 MiB, in 64 gzip members: loaded as any file, and memory does not grow. */
static void gzip_of_zeros(void **state)
{
    struct place *place = *state;
    BUF_AUTO struct buf header = {0};
    MEM_AUTO char *file = place_path(place, "header");
    raw_header(&header, (struct raw){.name = "a"}, 1 << 30);
    write_file(file, buf_bytes(&header));
    assert_int_equal(setenv("D", place->dir, 1), 0);
    assert_int_equal(system("cd $D && head -c 16777216 /dev/zero | gzip >z && gzip -c header >layer"
                            " && for i in $(seq 64); do cat z; done >>layer"),
                     0);
    MEM_AUTO char *path = place_path(place, "layer");
    BUF_AUTO struct buf layer = read_file(path);
    layer_of(place, buf_bytes(&layer));
    struct db *db = session_open(place);
    struct err err = {0};
    long before = peak_kib();
    if (!load(place, db, &err))
        fail_msg("%s", err.text);
    assert_true(peak_kib() - before < 64 * 1024);
    assert_int_equal(number_of(db, "SELECT bytes FROM v_file WHERE path = '/a'"), 1 << 30);
    db_close(db);
}

/* Writes a docker-archive that lists its one layer n times. */
static void listed(const struct place *place, int times)
{
    BUF_AUTO struct buf tar = {0};
    BUF_AUTO struct buf layer = {0};
    BUF_AUTO struct buf config = {0};
    BUF_AUTO struct buf manifest = {0};
    MEM_AUTO char *image = place_path(place, "i.tar");
    add_ends(&layer);
    buf_add(&config, bytes_of("{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":["));
    buf_add(&manifest, bytes_of("[{\"Config\":\"c\",\"RepoTags\":[\"x:1\"],\"Layers\":["));
    for (int i = 0; i < times; i++) {
        buf_printf(&config, "%s\"sha256:%064d\"", i ? "," : "", 7);
        buf_printf(&manifest, "%s\"l\"", i ? "," : "");
    }
    buf_add(&config, bytes_of("]}}"));
    buf_add(&manifest, bytes_of("]}]"));
    raw_file(&tar, (struct raw){.name = "l"}, buf_bytes(&layer));
    raw_file(&tar, (struct raw){.name = "c"}, buf_bytes(&config));
    raw_file(&tar, (struct raw){.name = "manifest.json"}, buf_bytes(&manifest));
    raw_end(&tar);
    write_file(image, buf_bytes(&tar));
}

static void layers_without_end(void **state)
{
    struct place *place = *state;
    struct db *db = session_open(place);
    struct err err = {0};
    listed(place, 20000);
    assert_false(load(place, db, &err));
    assert_non_null(strstr(err.text, "i.tar: x:1: more than 1000 layers"));
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 0);
    listed(place, 1000);
    if (!load(place, db, &err))
        fail_msg("%s", err.text);
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_layer"), 1000);
    assert_int_equal(number_of(db, "SELECT sum(dead_bytes) FROM v_layer"), 999);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_file WHERE path <> '/'"), 1);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lies, place_make, place_drop),
        cmocka_unit_test_setup_teardown(an_odd_record, place_make, place_drop),
        cmocka_unit_test_setup_teardown(gzip_of_zeros, place_make, place_drop),
        cmocka_unit_test_setup_teardown(layers_without_end, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
