/* SPDX-License-Identifier: MIT
 * Sources of images: kinds of archives and directories, codecs, names, rejected sources, and
 * repeated loads. */
#include "image_fixture.h"

#include <zstd.h>

static const char LAYER[] = "d etc 755\nd usr 755\nf usr/a some text that is here twice\n"
                            "l usr/l a\nh usr/h usr/a\nf usr/empty\n";
static const char LAYER_TREE[] = "d /etc 755\nd /usr 755\nf /usr/a 28 = /usr/a\nf /usr/empty 0\n"
                                 "f /usr/h 28 = /usr/a\nl /usr/l a\n";

static void run(const char *command)
{
    if (system(command) != 0)
        fail_msg("%s", command);
}

/* Runs a shell command with the place's directory as $D. */
static void run_in(const struct place *place, const char *command)
{
    assert_int_equal(setenv("D", place->dir, 1), 0);
    run(command);
}

/* Loads into a new session and returns the tree's text; appends the image's identity to identity,
 * unless it is NULL. */
static char *tree_of(const struct place *place, const char *ref, int choice, struct buf *identity)
{
    static const char IDENTITY[] = "SELECT identity FROM image";
    struct err err = {0};
    bool was_there;
    unlink(place->session);
    struct db *db = session_open(place);
    if (!load_ref(db, "subject", ref, choice, false, &was_there, &err))
        fail_msg("%s", err.text);
    struct tree *tree = must_read(db, "subject");
    char *text = tree_text(tree);
    if (identity) {
        struct stmt *q = db_query(db, IDENTITY, &err);
        assert_int_equal(stmt_step(q, &err), STEP_ROW);
        buf_add(identity, stmt_bytes(q, 0));
        stmt_reset(q);
    }
    tree_destroy(tree);
    db_close(db);
    return text;
}

/* A load that must fail: returns the message; the session has no new rows. */
static void must_refuse(const struct place *place, const char *ref, int choice, struct err *err)
{
    bool was_there;
    unlink(place->session);
    struct db *db = session_open(place);
    *err = (struct err){0};
    if (load_ref(db, "subject", ref, choice, false, &was_there, err))
        fail_msg("%s was loaded", ref);
    assert_int_equal(number_of(db, "SELECT (SELECT count(*) FROM image) + (SELECT count(*) FROM "
                                   "layer) + (SELECT count(*) FROM entry)"),
                     0);
    db_close(db);
}

static void docker_of(const struct place *place, const char *layer, const char *image)
{
    char *files[] = {place_path(place, layer)};
    MEM_AUTO char *file = place_path(place, image);
    docker_make(file, "localhost/x:1", files, 1);
    free(files[0]);
}

static struct buf zstd_of(struct bytes plain)
{
    struct buf out = {0};
    buf_reserve(&out, ZSTD_compressBound(plain.n));
    out.n = ZSTD_compress(out.p, out.cap, plain.p, plain.n, 3);
    assert_false(ZSTD_isError(out.n));
    return out;
}

/* Two frames between skippable ones (RFC 8878, 3.1.2), as zstd:chunked has them. */
static void write_zstd(const struct place *place)
{
    static const char skip[] = "\x50\x2a\x4d\x18\x04\x00\x00\x00"
                               "abcd";
    MEM_AUTO char *from = place_path(place, "l.tar");
    MEM_AUTO char *to = place_path(place, "l.tar.zst");
    BUF_AUTO struct buf plain = read_file(from);
    BUF_AUTO struct buf first = zstd_of(bytes_from(plain.p, 700));
    BUF_AUTO struct buf second = zstd_of(bytes_skip(buf_bytes(&plain), 700));
    BUF_AUTO struct buf out = {0};
    buf_add(&out, bytes_from(skip, sizeof skip - 1));
    buf_add(&out, buf_bytes(&first));
    buf_add(&out, bytes_from(skip, sizeof skip - 1));
    buf_add(&out, buf_bytes(&second));
    buf_add(&out, bytes_from(skip, sizeof skip - 1));
    write_file(to, buf_bytes(&out));
}

static void codecs_give_the_same(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *layer = place_path(place, "l.tar");
    tar_make(layer, LAYER);
    write_zstd(place);
    run_in(place, "cd $D && gzip -c l.tar > l.tar.gz && "
                  "(head -c 777 l.tar | gzip -c; tail -c +778 l.tar | gzip -c; "
                  "head -c 300 /dev/zero) > l.multi.gz && xz -k l.tar && bzip2 -k l.tar");
    static const struct {
        const char *file, *count;
    } kinds[] = {
        {"l.tar", "SELECT count(*) FROM image_layer WHERE codec = 'plain'"},
        {"l.tar.gz", "SELECT count(*) FROM image_layer WHERE codec = 'gzip'"},
        {"l.multi.gz", "SELECT count(*) FROM image_layer WHERE codec = 'gzip' "},
        {"l.tar.zst", "SELECT count(*) FROM image_layer WHERE codec = 'zstd'"},
        {"l.tar.xz", "SELECT count(*) FROM image_layer WHERE codec = 'xz'"},
        {"l.tar.bz2", "SELECT count(*) FROM image_layer WHERE codec = 'bzip2'"},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        docker_of(place, kinds[i].file, "i.tar");
        MEM_AUTO char *image = place_path(place, "i.tar");
        MEM_AUTO char *text = tree_of(place, image, 0, NULL);
        assert_string_equal(text, LAYER_TREE);
        struct db *db = session_open(place);
        assert_int_equal(number_of(db, kinds[i].count), 1);
        /* xxh128sum of "some text that is here twice" */
        assert_int_equal(number_of(db, "SELECT count(*) FROM entry WHERE hash = "
                                       "x'6297582f1e35e7f92707af11d966dc0e'"),
                         1);
        db_close(db);
    }
}

static void unpadded_layers_are_whole(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *layer = place_path(place, "l.tar");
    MEM_AUTO char *image = place_path(place, "i.tar");
    /* 512 bytes of header, 28 of content, and then the file ends */
    tar_make(layer, "f a some text that is here twice\n");
    assert_int_equal(truncate(layer, 512 + 28), 0);
    docker_of(place, "l.tar", "i.tar");
    MEM_AUTO char *text = tree_of(place, image, 0, NULL);
    assert_string_equal(text, "f /a 28\n");
    struct err err;
    assert_int_equal(truncate(layer, 512 + 27), 0);
    docker_of(place, "l.tar", "i.tar");
    must_refuse(place, image, 0, &err);
    assert_non_null(strstr(err.text, "i.tar: layer 1 (sha256:"));
}

static void root_file_systems(void **state)
{
    struct place *place = *state;
    run_in(place,
           "mkdir -p $D/r/etc $D/r/usr/lib && cd $D/r && umask 022 && printf hello > etc/a && "
           "ln etc/a usr/a && ln -s ../etc usr/l && mkfifo usr/p && chmod 4711 usr/lib && "
           "ln -s /proc/self/fd/0 usr/lib/out && chmod 700 . && touch -d @1000000000 usr/l -h && "
           "tar -C . -cf ../r.tar . && gzip -k ../r.tar");
    static const char want[] = "d /etc 755\nf /etc/a 5 = /etc/a\nd /usr 755\nf /usr/a 5 = /etc/a\n"
                               "l /usr/l ../etc\nd /usr/lib 4711\nl /usr/lib/out /proc/self/fd/0\n"
                               "p /usr/p\n";
    static const char *const names[] = {"r", "r.tar", "r.tar.gz"};
    for (size_t i = 0; i < 3; i++) {
        MEM_AUTO char *ref = place_path(place, names[i]);
        MEM_AUTO char *text = tree_of(place, ref, 0, NULL);
        assert_string_equal(text, want);
    }
    /* ustar has whole seconds only: with the full time in PAX the ids are equal. */
    run_in(place, "tar -C $D/r --format=pax --sort=name -cf $D/pax.tar .");
    BUF_AUTO struct buf one = {0};
    BUF_AUTO struct buf two = {0};
    MEM_AUTO char *dir = place_path(place, "r");
    MEM_AUTO char *tar = place_path(place, "pax.tar");
    free(tree_of(place, dir, 0, &one));
    free(tree_of(place, tar, 0, &two));
    assert_true(bytes_starts(buf_bytes(&one), bytes_of("xxh3:")));
    assert_string_equal(one.p, two.p);
}

/* Names are bytes: they are not converted, normalised or cut, however a tar stores them. */
static void names_are_bytes(void **state)
{
    struct place *place = *state;
    run_in(place, "mkdir -p $D/r/etc $D/r/usr && cd $D/r/usr && "
                  "a=$(printf 'ne\\314\\201') && b=$(printf '\\377\\033\\n x') && "
                  "c=$(printf '\\303\\251') && printf 1 > \"$a\" && printf 22 > \"$b\" && "
                  "ln -s \"$a\" \"$c\" && ln \"$b\" \"$c$b\"");
    static const char want[] = "d /etc 755\nd /usr 755\nf /usr/ne\314\201 1\n"
                               "l /usr/\303\251 ne\314\201\n"
                               "f /usr/\303\251\377\033\n x 2 = /usr/\303\251\377\033\n x\n"
                               "f /usr/\377\033\n x 2 = /usr/\303\251\377\033\n x\n";
    static const char *const formats[] = {"gnu", "pax", "ustar"};
    MEM_AUTO char *tar = place_path(place, "r.tar");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        BUF_AUTO struct buf command = {0};
        buf_printf(&command, "tar -C $D/r --format=%s -cf $D/r.tar .", formats[i]);
        run_in(place, command.p);
        MEM_AUTO char *text = tree_of(place, tar, 0, NULL);
        assert_string_equal(text, want);
    }
    MEM_AUTO char *dir = place_path(place, "r");
    MEM_AUTO char *text = tree_of(place, dir, 0, NULL);
    assert_string_equal(text, want);
}

/* Holes are zeros and count in the size: the hash is xxh128sum's of the whole file. */
static void sparse_files(void **state)
{
    struct place *place = *state;
    run_in(place, "mkdir -p $D/r/etc $D/r/usr && cd $D/r/etc && truncate -s 5000000 a && "
                  "printf hello | dd of=a bs=1 seek=1000000 conv=notrunc 2>/dev/null && "
                  "truncate -s 300000 b");
    static const char *const formats[] = {"gnu", "pax --sparse-version=0.0",
                                          "pax --sparse-version=0.1", "pax --sparse-version=1.0"};
    MEM_AUTO char *tar = place_path(place, "r.tar");
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        BUF_AUTO struct buf command = {0};
        buf_printf(&command, "tar -C $D/r -S --format=%s -cf $D/r.tar .", formats[i]);
        run_in(place, command.p);
        MEM_AUTO char *text = tree_of(place, tar, 0, NULL);
        assert_string_equal(text, "d /etc 755\nf /etc/a 5000000\nf /etc/b 300000\nd /usr 755\n");
        struct db *db = session_open(place);
        assert_int_equal(number_of(db, "SELECT count(*) FROM entry WHERE hash IN "
                                       "(x'11359c4ff73effe22babc805eddcc4fd', "
                                       "x'2257b674f1d4c8ada68e348d6f0dcdee')"),
                         2);
        db_close(db);
    }
}

#define HEX(c) c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c c
#define H(c)   HEX(c) HEX(c)

/* An OCI layout: a nested index of two platforms, one attestation, a missing platform. */
static void write_oci(const struct place *place)
{
    static const struct {
        const char *name, *text;
    } files[] = {
        {"oci-layout", "{\"imageLayoutVersion\":\"1.0.0\"}"},
        {"index.json", "{\"manifests\":[{\"digest\":\"sha256:" H(
                           "1") "\",\"annotations\":{"
                                "\"org.opencontainers.image.ref.name\":\"v1\","
                                "\"io.containerd.image.name\":\"docker.io/library/n:v1\"}}]}"},
        {"blobs/sha256/" H("1"),
         "{\"manifests\":[{\"digest\":\"sha256:" H(
             "2") "\"},"
                  "{\"digest\":\"sha256:" H(
                      "3") "\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\"}},"
                           "{\"digest\":\"sha256:" H(
                               "2") "\",\"annotations\":{\"vnd.docker.reference.type\":"
                                    "\"attestation-manifest\"}},"
                                    "{\"digest\":\"sha256:" H(
                                        "9") "\"},{\"digest\":\"sha256:../../x\"}]}"},
        {"blobs/sha256/" H("2"),
         "{\"config\":{\"digest\":\"sha256:" H("4") "\"},\"layers\":["
                                                    "{\"digest\":\"sha256:" H(
                                                        "6") "\",\"mediaType\":\"\"}]}"},
        {"blobs/sha256/" H("3"), "{\"config\":{\"digest\":\"sha256:" H("5") "\"},\"layers\":[]}"},
        {"blobs/sha256/" H("4"), "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{"
                                 "\"diff_ids\":[\"sha256:" H("a") "\"]}}"},
        {"blobs/sha256/" H("5"), "{\"os\":\"linux\",\"architecture\":\"arm64\",\"rootfs\":{"
                                 "\"diff_ids\":[]}}"},
    };
    run_in(place, "mkdir -p $D/o/blobs/sha256");
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        BUF_AUTO struct buf path = {0};
        buf_printf(&path, "%s/o/%s", place->dir, files[i].name);
        write_file(path.p, bytes_of(files[i].text));
    }
    BUF_AUTO struct buf layer = {0};
    buf_printf(&layer, "%s/o/blobs/sha256/" H("6"), place->dir);
    tar_make(layer.p, LAYER);
    run_in(place, "tar -C $D/o -cf $D/o.tar .");
}

static void oci_layouts(void **state)
{
    struct place *place = *state;
    static const char *const names[] = {"o", "o.tar"};
    write_oci(place);
    for (size_t i = 0; i < 2; i++) {
        struct err err;
        MEM_AUTO char *ref = place_path(place, names[i]);
        BUF_AUTO struct buf identity = {0};
        BUF_AUTO struct buf name = {0};
        must_refuse(place, ref, 0, &err);
        assert_non_null(strstr(err.text, "2 images; choose one"));
        assert_non_null(strstr(err.text, "1 docker.io/library/n:v1 (linux/amd64), "
                                         "2 docker.io/library/n:v1 (linux/arm64)"));
        must_refuse(place, ref, 3, &err);
        MEM_AUTO char *text = tree_of(place, ref, 1, &identity);
        assert_string_equal(text, LAYER_TREE);
        assert_string_equal(identity.p, "sha256:" H("4"));
        MEM_AUTO char *bare = tree_of(place, ref, 2, NULL);
        assert_string_equal(bare, "");
        assert_true(image_default_name(ref, (struct image_choice){.number = 1}, &name, &err));
        assert_string_equal(name.p, "docker.io/library/n:v1");
    }
}

/* docker save before 25: an equal layer is a link to the first one; the link may be broken. */
static void old_docker_save(void **state)
{
    struct place *place = *state;
    run_in(place, "mkdir -p $D/s/one $D/s/two $D/s/three");
    MEM_AUTO char *layer = place_path(place, "s/one/layer.tar");
    MEM_AUTO char *config = place_path(place, "s/c.json");
    MEM_AUTO char *manifest = place_path(place, "s/manifest.json");
    MEM_AUTO char *dir = place_path(place, "s");
    MEM_AUTO char *tar = place_path(place, "s.tar");
    tar_make(layer, LAYER);
    write_file(config, bytes_of("{\"rootfs\":{\"diff_ids\":[\"sha256:" H("a") "\",\"sha256:" H(
                           "a") "\",\"sha256:" H("a") "\"]}}"));
    write_file(manifest, bytes_of("[{\"Config\":\"c.json\",\"RepoTags\":null,\"Layers\":["
                                  "\"one/layer.tar\",\"two/layer.tar\",\"three/layer.tar\"]}]"));
    run_in(place, "cd $D/s && ln -s ../one/layer.tar two/layer.tar && "
                  "ln -s ../lost/layer.tar three/layer.tar && tar -cf ../s.tar *");
    const char *refs[] = {tar, dir};
    for (size_t i = 0; i < 2; i++) {
        BUF_AUTO struct buf name = {0};
        struct err err;
        MEM_AUTO char *text = tree_of(place, refs[i], 0, NULL);
        assert_string_equal(text, LAYER_TREE);
        struct db *db = session_open(place);
        assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 1);
        assert_int_equal(number_of(db, "SELECT count(*) FROM image_layer WHERE member = "
                                       "'one/layer.tar' OR member = 'two/layer.tar'"),
                         3);
        db_close(db);
        assert_true(image_default_name(refs[i], (struct image_choice){0}, &name, &err));
        assert_string_equal(name.p, "s");
    }
}

static void tells_operands(void **state)
{
    struct place *place = *state;
    write_oci(place);
    MEM_AUTO char *layer = place_path(place, "l.tar");
    tar_make(layer, LAYER);
    run_in(place,
           "cd $D && mkdir -p r/bin logs one/bin m && ln -s usr/lib r/lib && touch m/manifest.json "
           "logs/log.1 empty && echo 'open(\"a\", O_RDONLY) = 3' > log && gzip -k log && "
           "gzip -k l.tar && mkfifo fifo");
    static const struct {
        const char *name;
        enum operand want;
    } cases[] = {
        {"o", OPERAND_IMAGE},        {"o.tar", OPERAND_IMAGE},  {"l.tar", OPERAND_IMAGE},
        {"l.tar.gz", OPERAND_IMAGE}, {"r", OPERAND_IMAGE},      {"m", OPERAND_IMAGE},
        {"logs", OPERAND_LOGS_DIR},  {"one", OPERAND_LOGS_DIR}, {"log", OPERAND_FILE},
        {"log.gz", OPERAND_FILE},    {"empty", OPERAND_FILE},   {"fifo", OPERAND_FILE},
    };
    struct err err = {0};
    enum operand got;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        MEM_AUTO char *path = place_path(place, cases[i].name);
        if (!image_operand(path, &got, &err) || got != cases[i].want)
            fail_msg("%s: %d %s", cases[i].name, got, err.text);
    }
    MEM_AUTO char *none = place_path(place, "none");
    assert_false(image_operand(none, &got, &err));
    assert_non_null(strstr(err.text, none));
}

static void names_for_from(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *file, *tag, *want;
    } cases[] = {
        {"i.tar", "localhost:5000/a/b:1.2", "localhost:5000/a/b:1.2"},
        {"My Image (2).tar.gz", "<none>:<none>", "my-image--2"},
        {"x.tgz", "a\\nRUN rm", "x"},
        {"y.tar", "a@sha256:00", "y"},
        {"-.tar", "", "image"},
    };
    MEM_AUTO char *layer = place_path(place, "l.tar");
    tar_make(layer, LAYER);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        MEM_AUTO char *image = place_path(place, cases[i].file);
        BUF_AUTO struct buf name = {0};
        struct err err = {0};
        docker_make(image, cases[i].tag, &layer, 1);
        if (!image_default_name(image, (struct image_choice){0}, &name, &err))
            fail_msg("%s", err.text);
        assert_string_equal(name.p, cases[i].want);
    }
}

static void loads_again(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    bool was_there;
    MEM_AUTO char *layer = place_path(place, "l.tar");
    MEM_AUTO char *one = place_path(place, "one.tar");
    MEM_AUTO char *two = place_path(place, "two.tar");
    MEM_AUTO char *moved = place_path(place, "moved.tar");
    tar_make(layer, LAYER);
    char *files[] = {layer, layer};
    docker_make(one, "one:1", files, 1);
    docker_make(two, "two:1", files, 2);
    struct db *db = session_open(place);
    assert_true(load_ref(db, "subject", one, 0, false, &was_there, &err));
    assert_false(was_there);
    assert_true(load_ref(db, "subject", one, 0, false, &was_there, &err));
    assert_true(was_there);
    assert_false(load_ref(db, "subject", two, 0, false, &was_there, &err));
    assert_non_null(strstr(err.text, one));
    assert_non_null(strstr(err.text, two));
    assert_int_equal(rename(one, moved), 0);
    assert_true(load_ref(db, "subject", moved, 0, false, &was_there, &err));
    assert_true(was_there);
    struct image_info info;
    assert_int_equal(image_info_read(db, "subject", &info, &err), LOOKUP_FOUND);
    assert_string_equal(info.source, moved);
    assert_string_equal(info.name, "one:1");
    image_info_finish(&info);
    assert_true(load_ref(db, "subject", two, 0, true, &was_there, &err));
    assert_false(was_there);
    assert_int_equal(image_info_read(db, "subject", &info, &err), LOOKUP_FOUND);
    assert_string_equal(info.name, "two:1");
    image_info_finish(&info);
    assert_int_equal(image_info_read(db, "base", &info, &err), LOOKUP_ABSENT);
    assert_int_equal(number_of(db, "SELECT count(*) FROM image"), 1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 2);
    db_close(db);
}

static void a_rootfs_again(void **state)
{
    struct place *place = *state;
    struct err err = {0};
    bool was_there;
    MEM_AUTO char *dir = place_path(place, "r");
    MEM_AUTO char *file = place_path(place, "r/etc/a");
    run_in(place, "mkdir -p $D/r/etc $D/r/usr && echo x > $D/r/etc/a");
    struct db *db = session_open(place);
    assert_true(load_ref(db, "subject", dir, 0, false, &was_there, &err));
    assert_true(load_ref(db, "subject", dir, 0, false, &was_there, &err));
    assert_true(was_there);
    assert_true(load_ref(db, "base", dir, 0, true, &was_there, &err));
    assert_false(was_there);
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM entry"), 4);
    write_file(file, bytes_of("changed"));
    assert_false(load_ref(db, "subject", dir, 0, false, &was_there, &err));
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 1);
    assert_true(load_ref(db, "subject", dir, 0, true, &was_there, &err));
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 2);
    db_close(db);
}

/* For each truncation the error names the archive; the session has no rows of it. */
static void refuse_prefixes(const struct place *place, const char *from, size_t first, size_t end)
{
    MEM_AUTO char *whole = place_path(place, from);
    MEM_AUTO char *cut = place_path(place, "cut");
    BUF_AUTO struct buf content = read_file(whole);
    if (end > content.n)
        end = content.n - 13; /* the last bytes of the zstd file are a frame to be skipped */
    for (size_t n = first; n < end; n += 37) {
        struct err err;
        write_file(cut, bytes_from(content.p, n));
        must_refuse(place, cut, 0, &err);
        if (!strstr(err.text, "/cut: "))
            fail_msg("%s cut to %zu: %s", from, n, err.text);
    }
}

static void truncated_archives(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *layer = place_path(place, "l.tar");
    tar_make(layer, LAYER);
    write_zstd(place);
    run_in(place, "gzip -k $D/l.tar; xz -k $D/l.tar; bzip2 -k $D/l.tar");
    /* A plain tar may end at any header: the third one is at 1024, its content at 1536. */
    refuse_prefixes(place, "l.tar", 1025, 1536 + 28);
    refuse_prefixes(place, "l.tar.gz", 13, SIZE_MAX);
    refuse_prefixes(place, "l.tar.zst", 13, SIZE_MAX);
    refuse_prefixes(place, "l.tar.xz", 6, SIZE_MAX);
    refuse_prefixes(place, "l.tar.bz2", 4, SIZE_MAX);
    docker_of(place, "l.tar.gz", "l.cut");
    refuse_prefixes(place, "l.cut", 1, 1536);
}

static void refusals(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *name, *content, *says;
    } cases[] = {
        {"xz", "\xfd\x37zXZ", "xz"},
        {"bz", "BZh91AY", "bzip2"},
        {"text", "just some text, and no archive at all", "text: "},
    };
    struct err err;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        MEM_AUTO char *path = place_path(place, cases[i].name);
        write_file(path, bytes_from(cases[i].content, strlen(cases[i].content) + 1));
        must_refuse(place, path, 0, &err);
        assert_non_null(strstr(err.text, cases[i].says));
    }
    must_refuse(place, place->dir, 0, &err);
    assert_non_null(strstr(err.text, place->dir));
    MEM_AUTO char *layer = place_path(place, "l.tar");
    MEM_AUTO char *image = place_path(place, "i.tar");
    write_file(layer, bytes_of("this is no layer"));
    docker_of(place, "l.tar", "i.tar");
    must_refuse(place, image, 0, &err);
    assert_non_null(strstr(err.text, "i.tar: layer 1 (sha256:"));
    /* a manifest.json that is not docker's makes the tar a root file system */
    tar_make(image, "f manifest.json {\"name\":\"a web app\"}\n");
    MEM_AUTO char *text = tree_of(place, image, 0, NULL);
    assert_string_equal(text, "f /manifest.json 20\n");
}

static void cancels(void **state)
{
    struct place *place = *state;
    MEM_AUTO char *layer = place_path(place, "l.tar");
    MEM_AUTO char *image = place_path(place, "i.tar");
    tar_make(layer, LAYER);
    docker_of(place, "l.tar", "i.tar");
    struct db *db = session_open(place);
    struct err err = {0};
    struct progress progress = {0};
    int64_t load;
    bool was_there;
    assert_true(loading_begin(db, &load, &err));
    struct image_request request = {.ref = image, .role = "subject", .load = load};
    atomic_store(&progress.cancel, true);
    assert_false(image_load(db, &request, &progress, &was_there, &err));
    assert_int_equal(err.kind, ERR_CANCELLED);
    loading_abandon(db, load);
    assert_int_equal(number_of(db, "SELECT count(*) FROM layer"), 0);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(codecs_give_the_same, place_make, place_drop),
        cmocka_unit_test_setup_teardown(unpadded_layers_are_whole, place_make, place_drop),
        cmocka_unit_test_setup_teardown(root_file_systems, place_make, place_drop),
        cmocka_unit_test_setup_teardown(names_are_bytes, place_make, place_drop),
        cmocka_unit_test_setup_teardown(sparse_files, place_make, place_drop),
        cmocka_unit_test_setup_teardown(oci_layouts, place_make, place_drop),
        cmocka_unit_test_setup_teardown(old_docker_save, place_make, place_drop),
        cmocka_unit_test_setup_teardown(tells_operands, place_make, place_drop),
        cmocka_unit_test_setup_teardown(names_for_from, place_make, place_drop),
        cmocka_unit_test_setup_teardown(loads_again, place_make, place_drop),
        cmocka_unit_test_setup_teardown(a_rootfs_again, place_make, place_drop),
        cmocka_unit_test_setup_teardown(truncated_archives, place_make, place_drop),
        cmocka_unit_test_setup_teardown(refusals, place_make, place_drop),
        cmocka_unit_test_setup_teardown(cancels, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
