/* SPDX-License-Identifier: MIT
 * Archives as tools of all ages write them, made by a shell with tar and sha256sum: where layers
 * and configs are, which image is selected, and which damage --verify detects. */
#include "image_fixture.h"

/* Two layers; S makes them and their digests: $a, $b. */
static const char LAYERS[] =
    "set -e; cd $D; umask 022; mkdir -p one/etc two/etc; printf 'hello' > one/etc/a; "
    "printf 'other' > one/etc/b; rm -f two/etc/*; printf x > two/etc/.wh.b; "
    "printf 'more' > two/etc/c; t='tar --numeric-owner --owner=0 --group=0 --mtime=@1 "
    "--sort=name'; "
    "$t -C one -cf a.tar etc; $t -C two -cf b.tar etc; a=$(sha256sum <a.tar | cut -c1-64); "
    "b=$(sha256sum <b.tar | cut -c1-64); "
    "config() { printf '{\"os\":\"linux\",\"architecture\":\"%s\",\"config\":{\"Cmd\":[\"sh\"]},"
    "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"sha256:%s\",\"sha256:%s\"]}}' $1 $a $b; }; "
    "rm -rf i; mkdir i; ";
static const char TREE[] = "d /etc 755\nf /etc/a 5\nf /etc/c 4\n";

static void make(const struct place *place, const char *script)
{
    BUF_AUTO struct buf all = {0};
    assert_int_equal(setenv("D", place->dir, 1), 0);
    buf_printf(&all, "%s%s", LAYERS, script);
    if (system(all.p) != 0)
        fail_msg("%s", script);
}

struct asking {
    int number;
    const char *platform;
    bool verify;
};

static bool load_as(struct db *db, const char *ref, struct asking asking, struct err *err)
{
    int64_t load;
    bool was_there;
    struct progress progress = {0};
    assert_true(loading_begin(db, &load, err));
    struct image_request request = {.ref = ref,
                                    .role = "subject",
                                    .choice = {asking.number, asking.platform},
                                    .verify = asking.verify,
                                    .load = load};
    if (image_load(db, &request, &progress, &was_there, err))
        return loading_finish(db, load, err);
    loading_abandon(db, load);
    return false;
}

/* Loads i.tar, or the directory i, verified, into a new session. */
static void must_load(const struct place *place, const char *name, struct asking asking,
                      const char *want_name)
{
    MEM_AUTO char *ref = place_path(place, name);
    struct err err = {0};
    struct image_info info;
    unlink(place->session);
    struct db *db = session_open(place);
    if (!load_as(db, ref, asking, &err))
        fail_msg("%s", err.text);
    struct tree *tree = must_read(db, "subject");
    MEM_AUTO char *text = tree_text(tree);
    assert_string_equal(text, TREE);
    assert_int_equal(image_info_read(db, "subject", &info, &err), LOOKUP_FOUND);
    assert_string_equal(info.name, want_name);
    image_info_finish(&info);
    tree_destroy(tree);
    db_close(db);
}

static void must_refuse(const struct place *place, const char *name, struct asking asking,
                        const char *says)
{
    MEM_AUTO char *ref = place_path(place, name);
    struct err err = {0};
    unlink(place->session);
    struct db *db = session_open(place);
    if (load_as(db, ref, asking, &err))
        fail_msg("%s was loaded", ref);
    if (!strstr(err.text, says) || !strstr(err.text, ref))
        fail_msg("%s: %s", says, err.text);
    assert_int_equal(number_of(db, "SELECT (SELECT count(*) FROM image) + (SELECT count(*) FROM "
                                   "layer) + (SELECT count(*) FROM entry)"),
                     0);
    db_close(db);
}

#define VERIFIED ((struct asking){.verify = true})

/* One line a tool: the commands that make its archive in i, and the image's name. */
static void tools_of_all_ages(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *tool, *script, *name;
    } cases[] = {
        {"docker before 25: config HEX.json, layers in directories, the manifest last",
         "config amd64 >i/c; h=$(sha256sum <i/c | cut -c1-64); mv i/c i/$h.json; mkdir i/x i/y; "
         "cp a.tar i/x/layer.tar; cp b.tar i/y/layer.tar; printf '{}' > i/x/json; "
         "printf '[{\"Config\":\"%s.json\",\"RepoTags\":[\"n:1\",\"n:2\"],\"Layers\":"
         "[\"x/layer.tar\",\"y/layer.tar\"]}]' $h >i/manifest.json; "
         "printf '{\"n\":{\"1\":\"y\"}}' >i/repositories; "
         "tar -C i -cf i.tar $h.json x y repositories manifest.json",
         "n:1"},
        {"layers that are links to other directories, soft and hard, and a chain of them",
         "config amd64 >i/c; mkdir i/x i/y i/z i/w; cp a.tar i/x/layer.tar; cp b.tar "
         "i/y/layer.tar; "
         "ln -s ../x/layer.tar i/z/layer.tar; ln i/y/layer.tar i/w/layer.tar; "
         "printf "
         "'[{\"Config\":\"c\",\"RepoTags\":null,\"Layers\":[\"z/layer.tar\",\"w/layer.tar\"]}]' "
         ">i/manifest.json; tar -C i -cf i.tar manifest.json w z y x c",
         "i"},
        {"docker 25 and later: blobs, both kinds of manifests, an empty media type",
         "config amd64 >i/c; h=$(sha256sum <i/c | cut -c1-64); mkdir -p i/blobs/sha256; "
         "mv i/c i/blobs/sha256/$h; cp a.tar i/blobs/sha256/$a; cp b.tar i/blobs/sha256/$b; "
         "printf '{\"imageLayoutVersion\":\"1.0.0\"}' >i/oci-layout; "
         "printf '{\"schemaVersion\":2,\"manifests\":null}' >i/index.json; "
         "printf '[{\"Config\":\"blobs/sha256/%s\",\"RepoTags\":[\"n:25\"],\"Layers\":"
         "[\"blobs/sha256/%s\",\"blobs/sha256/%s\"],\"LayerSources\":{\"sha256:%s\":{\"mediaType\":"
         "\"\",\"size\":1,\"digest\":\"sha256:%s\"}}}]' $h $a $b $a $a >i/manifest.json; "
         "tar -C i -cf i.tar blobs index.json manifest.json oci-layout",
         "n:25"},
        {"podman, skopeo and buildah: HEX.tar next to links in directories",
         "config amd64 >i/c; h=$(sha256sum <i/c | cut -c1-64); mv i/c i/$h.json; "
         "cp a.tar i/$a.tar; cp b.tar i/$b.tar; mkdir i/x; ln -s ../$a.tar i/x/layer.tar; "
         "printf '[{\"Config\":\"%s.json\",\"RepoTags\":[\"localhost/n:latest\"],\"Layers\":"
         "[\"%s.tar\",\"%s.tar\"]}]' $h $a $b >i/manifest.json; tar -C i -cf i.tar $(ls i)",
         "localhost/n:latest"},
        {"kaniko: sha256:HEX, HEX.tar.gz",
         "config amd64 >i/c; h=$(sha256sum <i/c | cut -c1-64); mv i/c i/sha256:$h; "
         "gzip -c a.tar >i/$a.tar.gz; gzip -c b.tar >i/$b.tar.gz; "
         "printf '[{\"Config\":\"sha256:%s\",\"RepoTags\":[\"r/n:k\"],\"Layers\":"
         "[\"%s.tar.gz\",\"%s.tar.gz\"]}]' $h $a $b >i/manifest.json; "
         "tar -C i -cf i.tar --force-local $(ls i)",
         "r/n:k"},
        {"docker before 1.10: repositories, and each layer's json with its parent",
         "mkdir i/aa i/bb; cp a.tar i/aa/layer.tar; cp b.tar i/bb/layer.tar; "
         "printf '{\"id\":\"aa\",\"container_config\":{\"Cmd\":[\"/bin/sh\",\"-c\",\"#(nop) "
         "ADD\"]}}' "
         ">i/aa/json; printf '{\"id\":\"bb\",\"parent\":\"aa\",\"os\":\"linux\",\"architecture\":"
         "\"amd64\",\"config\":{\"Env\":[\"A=1\"]}}' >i/bb/json; "
         "printf '{\"old/n\":{\"1\":\"bb\",\"latest\":\"bb\"}}' >i/repositories; "
         "tar -C i -cf i.tar aa bb repositories",
         "old/n:1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        print_message("%s\n", cases[i].tool);
        make(place, cases[i].script);
        must_load(place, "i.tar", VERIFIED, cases[i].name);
    }
    /* the parts of the last archive that are in a config */
    struct db *db = session_open(place);
    assert_int_equal(number_of(db, "SELECT count(*) FROM image WHERE "
                                   "json_extract(config, '$.config.Env[0]') = 'A=1'"),
                     1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_layer WHERE ordinal = 1 AND "
                                   "command = '/bin/sh -c #(nop) ADD'"),
                     1);
    db_close(db);
}

/* The whole archive may be compressed, in each format. */
static void compressed_archives(void **state)
{
    struct place *place = *state;
    static const char *const tools[] = {"gzip -c", "zstd -qc", "xz -c", "bzip2 -c"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        BUF_AUTO struct buf script = {0};
        buf_printf(&script,
                   "config amd64 >i/c; cp a.tar b.tar i; printf '[{\"Config\":\"c\",\"RepoTags\":"
                   "[\"n:1\"],\"Layers\":[\"a.tar\",\"b.tar\"]}]' >i/manifest.json; "
                   "tar -C i -cf i.plain a.tar b.tar c manifest.json; %s i.plain >i.tar; "
                   "rm -rf r; mkdir r; tar -C r -xf a.tar; rm r/etc/b; printf more >r/etc/c; "
                   "tar -C r -cf r.plain etc; %s r.plain >rootfs.tar",
                   tools[i], tools[i]);
        make(place, script.p);
        must_load(place, "i.tar", VERIFIED, "n:1");
        must_load(place, "rootfs.tar", VERIFIED, "rootfs");
    }
}

/* An OCI layout with nested indexes: two platforms of one name, an attestation for each, one
 * platform whose blobs are missing, and another image. */
static const char SEVERAL[] =
    "B=i/blobs/sha256; mkdir -p $B; cp a.tar $B/$a; gzip -nc b.tar >g; "
    "put() { h=$(sha256sum <$1 | cut -c1-64); mv $1 $B/$h; echo sha256:$h; }; g=$(put g); "
    "image() { config $1 >c; c=$(put c); printf "
    "'{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\"},"
    "\"layers\":[{\"digest\":\"sha256:%s\"},{\"digest\":\"%s\"}]}' $c $a $g >m; put m; }; "
    "x=$(image amd64); y=$(image arm64); z=$(image s390x); "
    "printf '{\"manifests\":[{\"digest\":\"%s\",\"platform\":{\"os\":\"linux\",\"architecture\":"
    "\"amd64\"}},{\"digest\":\"%s\",\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\","
    "\"variant\":\"v8\"}},{\"digest\":\"sha256:%064d\",\"platform\":{\"os\":\"linux\","
    "\"architecture\":\"riscv64\"}},{\"digest\":\"%s\",\"annotations\":"
    "{\"vnd.docker.reference.type\":\"attestation-manifest\"},\"platform\":{\"os\":\"unknown\","
    "\"architecture\":\"unknown\"}}]}' $x $y 0 $y >n; n=$(put n); "
    "printf '{\"manifests\":[{\"digest\":\"%s\",\"annotations\":{\"io.containerd.image.name\":"
    "\"r.io/n:1\",\"org.opencontainers.image.ref.name\":\"1\"}},{\"digest\":\"%s\",\"annotations\":"
    "{\"org.opencontainers.image.ref.name\":\"r.io/other:2\"}}]}' $n $z >i/index.json; "
    "printf '{\"imageLayoutVersion\":\"1.0.0\"}' >i/oci-layout; tar -C i -cf i.tar .";

static void chooses_one_of_several(void **state)
{
    struct place *place = *state;
    make(place, SEVERAL);
    static const char *const names[] = {"i", "i.tar"};
    for (size_t i = 0; i < 2; i++) {
        must_refuse(place, names[i], (struct asking){0},
                    "3 images; choose one by number (--image N) or platform (--platform P): "
                    "1 r.io/n:1 (linux/amd64), 2 r.io/n:1 (linux/arm64), "
                    "3 r.io/other:2 (linux/s390x)");
        must_load(place, names[i], (struct asking){.number = 3, .verify = true}, "r.io/other:2");
        must_load(place, names[i], (struct asking){.platform = "linux/amd64"}, "r.io/n:1");
        must_load(place, names[i], (struct asking){.platform = "linux/s390x", .verify = true},
                  "r.io/other:2");
        must_refuse(place, names[i], (struct asking){.platform = "linux/riscv64"},
                    "no image for --platform linux/riscv64; it has: ");
        must_refuse(place, names[i], (struct asking){.number = 1, .platform = "linux/arm64"},
                    "no image for --platform linux/arm64 with this --image number; it has: ");
        must_refuse(place, names[i], (struct asking){.platform = "linux"}, "OS/ARCH");
        must_refuse(place, names[i], (struct asking){.number = 4}, "3 images; choose one");
    }
    /* the same choice in docker's manifest.json, where the configs contain the platforms */
    make(place,
         "config amd64 >i/c; config arm64 >i/d; cp a.tar b.tar i; "
         "printf '[{\"Config\":\"c\",\"RepoTags\":[\"n:1\"],\"Layers\":[\"a.tar\",\"b.tar\"]},"
         "{\"Config\":\"d\",\"RepoTags\":[\"n:1\"],\"Layers\":[\"a.tar\",\"b.tar\"]}]' "
         ">i/manifest.json; tar -C i -cf i.tar .");
    must_refuse(place, "i.tar", (struct asking){0},
                "2 images; choose one by number (--image N) or platform (--platform P): "
                "1 n:1 (linux/amd64), 2 n:1 (linux/arm64)");
    must_load(place, "i.tar", (struct asking){.platform = "linux/arm64"}, "n:1");
}

/* A blob that differs from its digest is named; without --verify it is not read. */
static void verifies(void **state)
{
    struct place *place = *state;
    static const char set_i[] = "set -e; cd $D/i; x() { printf \"$2\" | dd of=$1 bs=1 seek=$3 "
                                "conv=notrunc 2>/dev/null; }; ";
    static const struct {
        const char *harm, *says;
        bool loads_otherwise;
    } cases[] = {
        /* the content of etc/a, in the first layer: another letter */
        {"f=$(grep -lr ^hello blobs | head -n 1); o=$(grep -abo hello $f | head -n 1 | cut -d: "
         "-f1); "
         "x $f J $o",
         "layer 1 (sha256:", true},
        {"f=$(grep -lr riscv blobs); sed -i s/riscv64/riscv32/ $f", "has the digest sha256:", true},
        {"f=$(grep -l Cmd blobs/sha256/* | xargs grep -l amd64 | head -n 1); sed -i s/Cmd/Cmx/ $f",
         "has the digest sha256:", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make(place, SEVERAL);
        BUF_AUTO struct buf script = {0};
        buf_printf(&script, "%s%s", set_i, cases[i].harm);
        assert_int_equal(system(script.p), 0);
        MEM_AUTO char *ref = place_path(place, "i");
        struct asking asking = {.number = 1, .verify = true};
        must_refuse(place, "i", asking, cases[i].says);
        asking.verify = false;
        unlink(place->session);
        struct db *db = session_open(place);
        struct err err = {0};
        if (!load_as(db, ref, asking, &err))
            fail_msg("%s", err.text);
        db_close(db);
    }
    /* a compressed layer whose content differs from the config's diff_id: the config is wrong */
    make(place,
         "b=$a; config amd64 >i/c; b=$(sha256sum <b.tar | cut -c1-64); gzip -c b.tar >i/b.tgz; "
         "cp a.tar i; printf '[{\"Config\":\"c\",\"RepoTags\":[\"n:1\"],\"Layers\":"
         "[\"a.tar\",\"b.tgz\"]}]' >i/manifest.json; tar -C i -cf i.tar .");
    must_refuse(place, "i.tar", VERIFIED, "layer 2 (sha256:");
}

/* False sizes and loops: rejected with the name of the archive, no rows remain. */
static void should_fail(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *script, *says;
    } cases[] = {
        {"config amd64 >i/c; cp a.tar i; printf '[{\"Config\":\"c\",\"Layers\":[\"a.tar\","
         "\"lost.tar\"]}]' >i/manifest.json; tar -C i -cf i.tar .",
         "lost.tar: not in the archive"},
        {"cp a.tar b.tar i; printf '[{\"Config\":\"c\",\"Layers\":[\"a.tar\",\"b.tar\"]}]' "
         ">i/manifest.json; tar -C i -cf i.tar .",
         "c: not in the archive"},
        {"config amd64 >i/c; mkdir i/x i/y; ln -s ../y/layer.tar i/x/layer.tar; "
         "ln -s ../x/layer.tar i/y/layer.tar; printf '[{\"Config\":\"c\",\"Layers\":["
         "\"x/layer.tar\",\"y/layer.tar\"]}]' >i/manifest.json; tar -C i -cf i.tar c x y "
         "manifest.json",
         "layer 1 (sha256:"},
        {"config amd64 >i/c; cp a.tar b.tar i; printf '[{\"Config\":\"c\",\"Layers\":[\"a.tar\","
         "\"../../b.tar\"]}]' >i/manifest.json; tar -C i -cf i.tar .",
         "leads out of the archive"},
        {"config amd64 >i/c; cp a.tar i; printf '[{\"Config\":\"c\",\"Layers\":[\"a.tar\"]}]' "
         ">i/manifest.json; tar -C i -cf i.tar .",
         "has 1 layer, the config's rootfs more"},
        {"mkdir i/aa i/bb; cp a.tar i/aa/layer.tar; cp a.tar i/bb/layer.tar; "
         "printf '{\"parent\":\"bb\"}' >i/aa/json; printf '{\"parent\":\"aa\"}' >i/bb/json; "
         "printf '{\"n\":{\"1\":\"bb\"}}' >i/repositories; tar -C i -cf i.tar .",
         "a loop of parent layers"},
        {"mkdir i/aa; cp a.tar i/aa/layer.tar; printf '{\"parent\":\"../x\"}' >i/aa/json; "
         "printf '{\"n\":{\"1\":\"aa\"}}' >i/repositories; tar -C i -cf i.tar .",
         "invalid ID"},
        {"mkdir -p i/blobs/sha256; printf '{}' >i/oci-layout; printf '{\"manifests\":[{\"digest\":"
         "\"sha256:%064d\"}]}' 0 >i/index.json; tar -C i -cf i.tar .",
         "names no image whose blobs are all present"},
        {"head -c 17000000 /dev/zero | tr '\\0' ' ' >i/manifest.json; tar -C i -cf i.tar .",
         "longer than"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make(place, cases[i].script);
        must_refuse(place, "i.tar", (struct asking){0}, cases[i].says);
    }
}

/* The functions of the scripts below. blob FILE: stores a blob, prints its digest. layout: makes an
 * OCI layout i with one image; $m is the descriptor's digest. */
static const char OCI[] =
    "B=i/blobs/sha256; mkdir -p $B; "
    "blob() { h=$(sha256sum <$1 | cut -c1-64); cp $1 $B/$h; echo sha256:$h; }; "
    "index() { printf '{\"imageLayoutVersion\":\"1.0.0\"}' >i/oci-layout; "
    "printf '{\"manifests\":[{\"digest\":\"%s\"}]}' $1 >i/index.json; }; "
    "image() { config amd64 >c; printf '{\"config\":{\"digest\":\"%s\"},\"layers\":["
    "{\"digest\":\"%s\"},{\"digest\":\"%s\"}]}' $(blob c) $(blob a.tar) $(blob b.tar) >m; blob m; "
    "}; ";

static void make_oci(const struct place *place, const char *script)
{
    BUF_AUTO struct buf all = {0};
    buf_printf(&all, "%s%s", OCI, script);
    make(place, all.p);
}

/* The directory of skopeo copy to dir:PATH, with one image and with an index of two. */
static void directories_of_skopeo(void **state)
{
    struct place *place = *state;
    static const char flat[] = "m=$(image); rm -rf o; mv i o; mkdir i; mv o/blobs/sha256/* i; "
                               "printf 'Directory Transport Version: 1.1\\n' >i/version; ";
    BUF_AUTO struct buf one = {0};
    BUF_AUTO struct buf all = {0};
    buf_printf(&one, "%smv i/${m#sha256:} i/manifest.json; tar -C i -cf i.tar .", flat);
    make_oci(place, one.p);
    must_load(place, "i", VERIFIED, "i");
    must_load(place, "i.tar", VERIFIED, "i");
    buf_printf(&all,
               "%sh=${m#sha256:}; mv i/$h i/$h.manifest.json; printf '{\"manifests\":[{\"digest\":"
               "\"%%s\"},{\"digest\":\"sha256:%%064d\"}]}' $m 0 >i/manifest.json; "
               "tar -C i -cf i.tar .",
               flat);
    make_oci(place, all.p);
    must_load(place, "i", VERIFIED, "i");
    must_load(place, "i.tar", VERIFIED, "i");
}

/* An archive of the folder that has the image, an OCI layout without its version file. */
static void images_in_a_folder(void **state)
{
    struct place *place = *state;
    static const char *const packs[] = {
        "tar -cf i.tar i",
        "tar -cf i.tar ./i",
        "tar -czf i.tar i",
        "tar -cJf i.tar i",
        "printf x >._i; tar -cf i.tar ._i i",
        "rm i/oci-layout; tar -C i -cf i.tar .",
    };
    for (size_t i = 0; i < sizeof packs / sizeof *packs; i++) {
        BUF_AUTO struct buf script = {0};
        buf_printf(&script, "index $(image); %s", packs[i]);
        make_oci(place, script.p);
        must_load(place, "i.tar", VERIFIED, "i");
    }
    make_oci(place, "index $(image); rm i/oci-layout");
    must_load(place, "i", VERIFIED, "i");
    /* docker save, with links between equal layers, in a folder */
    make(place, "config amd64 >i/c; mkdir i/x i/y; cp a.tar i/x/layer.tar; cp b.tar i/b.tar; "
                "ln -s ../b.tar i/y/layer.tar; printf '[{\"Config\":\"c\",\"RepoTags\":null,"
                "\"Layers\":[\"x/layer.tar\",\"y/layer.tar\"]}]' >i/manifest.json; "
                "tar -cf i.tar i");
    must_load(place, "i.tar", VERIFIED, "i");
}

/* A root file system that has an image in a folder is a root file system. */
static void root_file_systems_with_images(void **state)
{
    struct place *place = *state;
    make_oci(place, "index $(image); mkdir -p r/etc; printf hello >r/etc/a; printf more >r/etc/c; "
                    "mv i r/images; tar -C r -cf i.tar etc images");
    MEM_AUTO char *ref = place_path(place, "i.tar");
    struct err err = {0};
    unlink(place->session);
    struct db *db = session_open(place);
    if (!load_as(db, ref, VERIFIED, &err))
        fail_msg("%s", err.text);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_file WHERE path IN "
                                   "('/etc/a', '/images/index.json')"),
                     2);
    db_close(db);
}

static void must_be_empty(const struct place *place, const char *name)
{
    MEM_AUTO char *ref = place_path(place, name);
    struct err err = {0};
    unlink(place->session);
    struct db *db = session_open(place);
    if (!load_as(db, ref, VERIFIED, &err))
        fail_msg("%s", err.text);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_file"), 1);
    assert_int_equal(number_of(db, "SELECT count(*) FROM v_file WHERE path = '/'"), 1);
    db_close(db);
}

/* skopeo and umoci read each of these as an image without files. */
static void images_without_layers(void **state)
{
    struct place *place = *state;
    static const char *const lists[] = {",\"%s\":null", "", ",\"%s\":[]"};
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 3; k++) {
            BUF_AUTO struct buf script = {0};
            BUF_AUTO struct buf layers = {0};
            BUF_AUTO struct buf docker = {0};
            BUF_AUTO struct buf ids = {0};
            buf_printf(&layers, lists[i], "layers");
            buf_printf(&docker, lists[i], "Layers");
            buf_printf(&ids, lists[k], "diff_ids");
            buf_printf(&script,
                       "printf '{\"os\":\"linux\",\"rootfs\":{\"type\":\"layers\"%s}}' >c; "
                       "printf '{\"config\":{\"mediaType\":"
                       "\"application/vnd.oci.image.config.v1+json\",\"digest\":\"%%s\"}%s}' "
                       "$(blob c) >m; index $(blob m); mkdir d; cp c d; "
                       "printf '[{\"Config\":\"c\"%s}]' >d/manifest.json; tar -C d -cf d.tar .; "
                       "rm -r d",
                       ids.p ? ids.p : "", layers.p ? layers.p : "", docker.p ? docker.p : "");
            make_oci(place, script.p);
            must_be_empty(place, "i");
            must_be_empty(place, "d.tar");
        }
}

/* The image loads, and its platform is a problem. */
static void windows_images(void **state)
{
    struct place *place = *state;
    make(place, "config amd64 | sed s/linux/windows/ >i/c; cp a.tar b.tar i; printf "
                "'[{\"Config\":\"c\",\"RepoTags\":[\"n:1\"],\"Layers\":[\"a.tar\","
                "\"b.tar\"]}]' >i/manifest.json; tar -C i -cf i.tar .");
    must_load(place, "i.tar", VERIFIED, "n:1");
    struct db *db = session_open(place);
    assert_int_equal(number_of(db, "SELECT count(*) FROM problem WHERE what LIKE "
                                   "'an image for windows/amd64: %'"),
                     1);
    db_close(db);
}

/* Artifacts and parts of images are refused by name and media type. */
static void not_images(void **state)
{
    struct place *place = *state;
    static const struct {
        const char *script, *says;
    } cases[] = {
        {"printf '{\"name\":\"x\"}' >c; printf '{\"config\":{\"mediaType\":"
         "\"application/vnd.cncf.helm.config.v1+json\",\"digest\":\"%s\"},\"layers\":"
         "[{\"digest\":\"%s\"}]}' $(blob c) $(blob a.tar) >m; index $(blob m)",
         "no image, only an artifact of the type application/vnd.cncf.helm.config.v1+json"},
        {"printf '{}' >c; printf '{\"artifactType\":\"application/x\",\"config\":{\"mediaType\":"
         "\"application/vnd.oci.empty.v1+json\",\"digest\":\"%s\"},\"layers\":[]}' $(blob c) >m; "
         "index $(blob m)",
         "no image, only an artifact of the type application/x"},
        /* an attestation without a platform and without the annotation of buildkit */
        {"config amd64 >c; printf '{\"config\":{\"digest\":\"%s\"},\"layers\":[{\"mediaType\":"
         "\"application/vnd.in-toto+json\",\"digest\":\"%s\"}]}' $(blob c) $(blob a.tar) >m; "
         "index $(blob m)",
         "no image, only an artifact of the type application/vnd.in-toto+json"},
        {"m=$(image); rm $B/$(sha256sum <c | cut -c1-64); index $m",
         "no image, only a manifest whose config is absent"},
        {"printf '{\"schemaVersion\":1,\"fsLayers\":[]}' >m; index $(blob m)",
         "no image, only a manifest of Docker schema 1"},
        {"config amd64 >c; printf '{\"config\":{\"digest\":\"%s\"},\"layers\":[{\"mediaType\":"
         "\"application/vnd.oci.image.layer.v1.tar+gzip+encrypted\",\"digest\":\"%s\"},"
         "{\"digest\":\"%s\"}]}' $(blob c) $(blob a.tar) $(blob b.tar) >m; index $(blob m)",
         "encrypted (application/vnd.oci.image.layer.v1.tar+gzip+encrypted)"},
        {"config amd64 >c; printf '{\"config\":{\"digest\":\"%s\"},\"layers\":[{\"mediaType\":"
         "\"application/vnd.oci.image.layer.nondistributable.v1.tar\",\"urls\":"
         "[\"https://example.invalid/b\"],\"digest\":\"sha256:%064d\"},{\"digest\":\"%s\"}]}' "
         "$(blob c) 0 $(blob b.tar) >m; index $(blob m)",
         "not stored in the image; download https://example.invalid/b as blobs/sha256/0000"},
        {"config amd64 >i/c; cp b.tar i; printf '[{\"Config\":\"c\",\"Layers\":[\"a.tar\","
         "\"b.tar\"],\"LayerSources\":{\"sha256:%s\":{\"mediaType\":\"application/"
         "vnd.docker.image.rootfs.foreign.diff.tar.gzip\",\"urls\":[\"https://example.invalid/b\"]"
         "}}}]' $a >i/manifest.json",
         "not stored in the image; download https://example.invalid/b as a.tar"},
        {"config amd64 >c; printf text >t; printf '{\"config\":{\"digest\":\"%s\"},\"layers\":"
         "[{\"digest\":\"%s\"},{\"mediaType\":\"application/x-text\",\"digest\":\"%s\"}]}' "
         "$(blob c) $(blob a.tar) $(blob t) >m; index $(blob m)",
         "media type application/x-text"},
        {"image >/dev/null", "blobs"},
    };
    static const char *const names[] = {"i", "i.tar"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        BUF_AUTO struct buf script = {0};
        buf_printf(&script, "%s; tar -C i -cf i.tar .", cases[i].script);
        make_oci(place, script.p);
        for (size_t k = 0; k < 2; k++)
            if (k || !strstr(script.p, "i/manifest.json")) /* docker save writes only archives */
                must_refuse(place, names[k], (struct asking){0}, cases[i].says);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tools_of_all_ages, place_make, place_drop),
        cmocka_unit_test_setup_teardown(compressed_archives, place_make, place_drop),
        cmocka_unit_test_setup_teardown(chooses_one_of_several, place_make, place_drop),
        cmocka_unit_test_setup_teardown(verifies, place_make, place_drop),
        cmocka_unit_test_setup_teardown(should_fail, place_make, place_drop),
        cmocka_unit_test_setup_teardown(directories_of_skopeo, place_make, place_drop),
        cmocka_unit_test_setup_teardown(images_in_a_folder, place_make, place_drop),
        cmocka_unit_test_setup_teardown(root_file_systems_with_images, place_make, place_drop),
        cmocka_unit_test_setup_teardown(images_without_layers, place_make, place_drop),
        cmocka_unit_test_setup_teardown(not_images, place_make, place_drop),
        cmocka_unit_test_setup_teardown(windows_images, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
