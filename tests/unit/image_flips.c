/* SPDX-License-Identifier: MIT
 * Damaged archives: small archives of each kind with bits flipped at random places. Each is loaded,
 * or rejected with an error that names it and with an unchanged session. XSMALL_SEED=N chooses
 * other places, XSMALL_FLIPS=N the number of archives of each kind. */
#include "image_fixture.h"

#include "chance.h"
#include "raw_tar.h"

enum { FLIPS = 150, AT_ONCE = 6 };

/* Headers of all kinds, as GNU tar and the compressors write them for a small tree. */
static const char MAKE[] =
    "set -e; cd $D; mkdir -p r/etc r/usr/lib; cd r; printf hello >etc/a; ln etc/a usr/a; "
    "ln -s ../etc usr/l; mkfifo usr/p; printf '#!/bin/sh -e\\n' >usr/s; cp /bin/true usr/lib/t; "
    "printf x >usr/.wh.gone; printf x >etc/.wh..wh..opq; n=$(printf '%0120d' 7); "
    "printf long >etc/$n; ln -s $n etc/link; truncate -s 100000 usr/sparse; "
    "printf end >>usr/sparse; cd ..; t='tar --sort=name --numeric-owner -S -C r -cf'; "
    "$t gnu.tar --format=gnu .; $t pax.tar --format=pax .; "
    "$t one.tar --format=pax --xattrs etc usr/a usr/s; gzip -k one.tar; zstd -q one.tar; "
    "gzip -c gnu.tar >gnu.tar.gz; zstd -q -c pax.tar >pax.tar.zst; "
    "s=$(sha256sum <one.tar | cut -c1-64); mkdir -p o/blobs/sha256; "
    "printf '{\"imageLayoutVersion\":\"1.0.0\"}' >o/oci-layout; "
    "put() { h=$(sha256sum <$1 | cut -c1-64); z=$(stat -c %s $1); cp $1 o/blobs/sha256/$h; }; "
    "put one.tar.zst; l=$h; lz=$z; printf "
    "'{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":{},"
    "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\"]}}' $s >c; put c; "
    "printf '{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:%s\",\"size\":%d},\"layers\":[{"
    "\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+zstd\",\"digest\":\"sha256:%s\","
    "\"size\":%d}]}' $h $z $l $lz >m; put m; printf '{\"schemaVersion\":2,\"manifests\":[{"
    "\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",\"digest\":\"sha256:%s\","
    "\"size\":%d}]}' $h $z >o/index.json; tar -C o -cf oci.tar .";

static const char ROWS[] = "SELECT (SELECT count(*) FROM image) + (SELECT count(*) FROM layer) + "
                           "(SELECT count(*) FROM entry) + (SELECT count(*) FROM path) + "
                           "(SELECT count(*) FROM merged) + (SELECT count(*) FROM xattr) + "
                           "(SELECT count(*) FROM need) + (SELECT count(*) FROM problem)";

enum sums { SUMS_LEFT, SUMS_CORRECTED };

/* Corrects the checksums of all headers, so that the damage is found by later checks. */
static void mend(struct buf *tar)
{
    for (size_t at = 0; at + RAW_BLOCK <= tar->n; at += RAW_BLOCK)
        if (!memcmp(tar->p + at + 257, "ustar", 5))
            raw_sum(tar->p + at);
}

/* Returns the start of a header if there is one after a random place; else a random place. */
static size_t somewhere(struct chance *chance, const struct buf *content)
{
    for (int tries = 0; tries < 20; tries++) {
        size_t at = chance_below(chance, content->n / RAW_BLOCK + 1) * RAW_BLOCK;
        if (at + RAW_BLOCK <= content->n && !memcmp(content->p + at + 257, "ustar", 5))
            return at;
    }
    return chance_below(chance, content->n);
}

/* Flips a few bits: in one header or near it, or anywhere. */
static void damage(struct chance *chance, struct buf *content, enum sums sums)
{
    bool near = chance_one_in(chance, 2);
    size_t around = somewhere(chance, content), width = near ? 2 * RAW_BLOCK : content->n;
    for (size_t n = 1 + chance_below(chance, AT_ONCE); n > 0; n--) {
        size_t at = (around + chance_below(chance, width)) % content->n;
        content->p[at] = (char)(content->p[at] ^ (1 << chance_below(chance, 8)));
    }
    if (sums == SUMS_CORRECTED)
        mend(content);
}

/* One session for all archives: rows left by a rejected archive would show in the next check. */
static void load_damaged(struct db *db, const char *file, const char *kind, uint64_t seed,
                         size_t *n_loaded)
{
    struct err err = {0};
    bool was_there;
    int64_t before = number_of(db, ROWS);
    if (load_ref(db, "subject", file, 0, true, &was_there, &err)) {
        struct tree *tree = must_read(db, "subject");
        assert_true(tree->n > 0);
        tree_destroy(tree);
        ++*n_loaded;
        return;
    }
    if (!strstr(err.text, "/damaged"))
        fail_msg("%s, seed %llu: %s", kind, (unsigned long long)seed, err.text);
    if (number_of(db, ROWS) != before)
        fail_msg("%s, seed %llu: the session is not as before", kind, (unsigned long long)seed);
}

static void flip(const struct place *place, const char *kind, enum sums sums)
{
    const char *wanted = getenv("XSMALL_FLIPS");
    size_t n = wanted ? (size_t)strtoull(wanted, NULL, 10) : FLIPS, n_loaded = 0;
    MEM_AUTO char *from = place_path(place, kind);
    MEM_AUTO char *file = place_path(place, "damaged");
    BUF_AUTO struct buf whole = read_file(from);
    struct chance chance = chance_begin(20);
    unlink(place->session);
    struct db *db = session_open(place);
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf content = {0};
        buf_add(&content, buf_bytes(&whole));
        damage(&chance, &content, sums);
        write_file(file, buf_bytes(&content));
        load_damaged(db, file, kind, chance.number, &n_loaded);
    }
    print_message("%s%s: seed %llu, %zu of %zu loaded\n", kind,
                  sums == SUMS_CORRECTED ? ", checksums corrected" : "",
                  (unsigned long long)chance.number, n_loaded, n);
    db_close(db);
}

static void flipped_bits(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *kind;
        enum sums sums;
    } cases[] = {
        {"gnu.tar", SUMS_LEFT},      {"gnu.tar", SUMS_CORRECTED}, {"pax.tar", SUMS_LEFT},
        {"pax.tar", SUMS_CORRECTED}, {"gnu.tar.gz", SUMS_LEFT},   {"pax.tar.zst", SUMS_LEFT},
        {"docker.tar", SUMS_LEFT},   {"oci.tar", SUMS_LEFT},      {"oci.tar", SUMS_CORRECTED},
    };
    assert_int_equal(setenv("D", place->dir, 1), 0);
    assert_int_equal(system(MAKE), 0);
    char *layers[] = {place_path(place, "one.tar"), place_path(place, "one.tar.gz"),
                      place_path(place, "one.tar.zst")};
    MEM_AUTO char *docker = place_path(place, "docker.tar");
    docker_make(docker, "localhost/x:1", layers, 3);
    for (size_t i = 0; i < 3; i++)
        free(layers[i]);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        flip(place, cases[i].kind, cases[i].sums);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(flipped_bits, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
