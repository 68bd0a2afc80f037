/* SPDX-License-Identifier: MIT
 *
 * Contents read again, compared with the bytes of the tar: plain, gzip and zstd; sparse files,
 * several in a layer, with two names; a name that occurs twice; files changed since the load.
 */
#include "image_fixture.h"

#include "chance.h"
#include "image/files/file_contents.h"

enum { N_FILES = 9, HOLE = 300000 };

/* Files of at least HOLE bytes are sparse, except the fourth; 5 and 6 occur twice; 8 is another
 * name of 7. */
static const size_t sizes[N_FILES] = {0, 1, 5000, 700001, 400000, 9000, 450000, 350001, 350001};

static bool is_sparse(size_t i)
{
    return sizes[i] > HOLE && i != 3;
}

struct files {
    struct buf content[N_FILES];
};

static void name_of(size_t i, char name[16])
{
    snprintf(name, 16, "/dir/%zu", i);
}

static void make_contents(struct files *files, struct chance *chance)
{
    for (size_t i = 0; i < N_FILES; i++) {
        buf_reserve(&files->content[i], sizes[i] + 1);
        for (size_t k = 0; k < sizes[i]; k++)
            buf_byte(&files->content[i], (char)chance_below(chance, i % 2 ? 256 : 4));
    }
    for (size_t i = 0; i < N_FILES; i++)
        if (is_sparse(i))
            memset(files->content[i].p + 50000, 0, HOLE);
    memcpy(files->content[8].p, files->content[7].p, sizes[8]);
}

/* The content without its hole. */
static void add_sparse(struct archive *tar, const char *name, struct bytes content)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)content.n);
    archive_entry_sparse_add_entry(entry, 0, 50000);
    archive_entry_sparse_add_entry(entry, 50000 + HOLE, (la_int64_t)content.n - 50000 - HOLE);
    assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
    assert_int_equal(archive_write_data(tar, content.p, content.n), content.n);
    archive_entry_free(entry);
}

static void add_hard_link(struct archive *tar, const char *name, const char *target)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_hardlink(entry, target);
    assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
    archive_entry_free(entry);
}

/* The layer: of two entries with one name, the last counts. */
static void make_layer(const char *file, const struct files *files)
{
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax(tar);
    assert_int_equal(archive_write_open_filename(tar, file), ARCHIVE_OK);
    tar_add(tar, "dir/5", bytes_of("the first of that name"));
    add_sparse(tar, "dir/6", buf_bytes(&files->content[4]));
    for (size_t i = 0; i < N_FILES; i++) {
        char name[16];
        name_of(i, name);
        if (i == 8)
            add_hard_link(tar, name + 1, "dir/7");
        else if (is_sparse(i))
            add_sparse(tar, name + 1, buf_bytes(&files->content[i]));
        else
            tar_add(tar, name + 1, buf_bytes(&files->content[i]));
    }
    assert_int_equal(archive_write_close(tar), ARCHIVE_OK);
    archive_write_free(tar);
}

static uint32_t node_of(const struct tree *tree, size_t i)
{
    char name[16];
    name_of(i, name);
    uint32_t node = tree_find(tree, bytes_of(name));
    assert_int_not_equal(node, NODE_NONE);
    return node;
}

struct whole {
    const struct tree *tree;
    const struct files *files;
    uint64_t at[N_FILES];
    size_t now; /* the file that is handed out, N_FILES: none */
    int n_done;
};

static bool take(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct whole *whole = with;
    (void)err;
    size_t i = 0;
    while (node_of(whole->tree, i) != node)
        i++;
    assert_true(whole->now == N_FILES || whole->now == i);
    whole->now = chunk.n ? i : N_FILES;
    assert_int_equal(at, whole->at[i]);
    assert_true(at + chunk.n <= sizes[i]);
    assert_memory_equal(chunk.n ? chunk.p : "", whole->files->content[i].p + at, chunk.n);
    whole->at[i] += chunk.n;
    if (!chunk.n) {
        assert_int_equal(at, sizes[i]);
        whole->n_done++;
    }
    return true;
}

static void check_image(const struct place *place, const char *image, const struct files *files)
{
    struct db *db = session_open(place);
    struct err err = {0};
    bool was_there;
    if (!load_ref(db, "subject", image, 0, true, &was_there, &err))
        fail_msg("%s", err.text);
    struct tree *tree = must_read(db, "subject");
    struct progress progress = {0};
    struct file_contents *contents;
    if (!file_contents_open(db, tree, &progress, &contents, &err))
        fail_msg("%s", err.text);
    struct whole whole = {.tree = tree, .files = files, .now = N_FILES};
    uint32_t nodes[N_FILES];
    for (size_t i = 0; i < N_FILES; i++)
        nodes[i] = node_of(tree, N_FILES - 1 - i);
    if (!file_contents_each(contents, nodes, N_FILES, take, &whole, &err))
        fail_msg("%s", err.text);
    assert_int_equal(whole.n_done, N_FILES);
    assert_int_equal(progress.done_bytes, 2264004);
    assert_int_equal(progress.total_bytes, 2264004);
    uint32_t dir = tree_find(tree, bytes_of("/dir"));
    assert_false(file_contents_each(contents, &dir, 1, take, &whole, &err));
    file_contents_close(contents);
    tree_destroy(tree);
    db_close(db);
    unlink(place->session);
}

static void whole_files(void **state)
{
    const struct place *place = *state;
    static const char *const tools[] = {"cat", "gzip -1", "zstd -q -1"};
    struct chance chance = chance_begin(20261123);
    struct files files = {0};
    MEM_AUTO char *layer = place_path(place, "layer.tar");
    make_contents(&files, &chance);
    make_layer(layer, &files);
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        MEM_AUTO char *packed = place_path(place, "packed");
        MEM_AUTO char *image = place_path(place, "image.tar");
        BUF_AUTO struct buf command = {0};
        buf_printf(&command, "%s <'%s' >'%s'", tools[i], layer, packed);
        assert_int_equal(system(command.p), 0);
        docker_make(image, "t:1", &packed, 1);
        check_image(place, image, &files);
        check_image(place, packed, &files); /* as a root file system */
    }
    for (size_t i = 0; i < N_FILES; i++)
        buf_finish(&files.content[i]);
}

static bool nothing(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    (void)with, (void)node, (void)at, (void)chunk, (void)err;
    return true;
}

/* A file of the same size and date, with another content than when it was loaded. */
static void tells_other_bytes(void **state)
{
    const struct place *place = *state;
    static const char *const layers[] = {"f a first\nf b second\n", NULL};
    struct db *db = session_open(place);
    struct err err = {0};
    size_t n;
    load_layers(db, place, layers, &n);
    MEM_AUTO char *image = place_path(place, "image.tar");
    struct stat st;
    assert_int_equal(stat(image, &st), 0);
    BUF_AUTO struct buf bytes = read_file(image);
    char *at = memmem(bytes.p, bytes.n, "second", 6);
    assert_non_null(at);
    memcpy(at, "zecond", 6);
    write_file(image, buf_bytes(&bytes));
    assert_int_equal(utimensat(-1, image, (struct timespec[]){st.st_mtim, st.st_mtim}, 0), 0);
    struct tree *tree = must_read(db, "subject");
    struct file_contents *contents;
    assert_true(file_contents_open(db, tree, NULL, &contents, &err));
    uint32_t a = tree_find(tree, bytes_of("/a")), b = tree_find(tree, bytes_of("/b"));
    assert_true(file_contents_each(contents, &a, 1, nothing, NULL, &err));
    assert_false(file_contents_each(contents, &b, 1, nothing, NULL, &err));
    assert_non_null(strstr(err.text, "/b changed since it was loaded"));
    file_contents_close(contents);
    tree_destroy(tree);
    db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(whole_files, place_make, place_drop),
        cmocka_unit_test_setup_teardown(tells_other_bytes, place_make, place_drop),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
