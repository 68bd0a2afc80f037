/* SPDX-License-Identifier: MIT
 *
 * Makes images from text, for the tests of store/image. A layer is a text of lines, written as a
 * tar in that order, names and targets unchanged:
 *
 *     d PATH MODE          directory
 *     f PATH CONTENT       file with mode 0644; the content may be empty
 *     l PATH TARGET        symlink
 *     h PATH TARGET        hard link
 *     c PATH MAJOR MINOR   character device
 *     p PATH               fifo
 *
 * A docker-archive of such layers has invented diff_ids: they only must differ.
 */
#ifndef TESTS_IMAGE_FIXTURE_H
#define TESTS_IMAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "db/loading.h"
#include "image/image.h"
#include "image/tree/tree.h"

struct place {
    char dir[64];
    char session[96];
};

static inline int place_make(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    umask(022); /* the modes of what tests make are part of what they expect */
    strcpy(place->dir, "/tmp/xsmall-image-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    snprintf(place->session, sizeof place->session, "%s/s.xsmall", place->dir);
    *state = place;
    return 0;
}

static inline void place_remove(const char *dir)
{
    BUF_AUTO struct buf command = {0};
    buf_printf(&command, "rm -rf '%s'", dir);
    assert_int_equal(system(command.p), 0);
}

static inline int place_drop(void **state)
{
    struct place *place = *state;
    place_remove(place->dir);
    free(place);
    return 0;
}

static inline char *place_path(const struct place *place, const char *name)
{
    struct buf path = {0};
    buf_printf(&path, "%s/%s", place->dir, name);
    return buf_steal(&path);
}

static inline void write_file(const char *path, struct bytes content)
{
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    if (content.n)
        assert_int_equal(fwrite(content.p, 1, content.n, file), content.n);
    assert_int_equal(fclose(file), 0);
}

static inline struct buf read_file(const char *path)
{
    struct buf out = {0};
    char chunk[4096];
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    for (size_t n; (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        buf_add(&out, bytes_from(chunk, n));
    fclose(file);
    return out;
}

/* Splits a line "K PATH REST" of the text. */
static inline void tar_line(struct archive *tar, char *line)
{
    char *path = line + 2, *rest = strchr(path, ' ');
    if (rest)
        *rest++ = 0;
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, path);
    archive_entry_set_mtime(entry, 1000000000, 0);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, 0);
    archive_entry_set_filetype(entry, AE_IFREG);
    if (line[0] == 'd') {
        archive_entry_set_filetype(entry, AE_IFDIR);
        archive_entry_set_perm(entry, (mode_t)strtol(rest, NULL, 8));
    } else if (line[0] == 'f') {
        archive_entry_set_size(entry, rest ? (la_int64_t)strlen(rest) : 0);
    } else if (line[0] == 'l') {
        archive_entry_set_filetype(entry, AE_IFLNK);
        archive_entry_set_symlink(entry, rest);
    } else if (line[0] == 'h') {
        archive_entry_set_hardlink(entry, rest);
    } else if (line[0] == 'c') {
        unsigned major, minor;
        assert_int_equal(sscanf(rest, "%u %u", &major, &minor), 2);
        archive_entry_set_filetype(entry, AE_IFCHR);
        archive_entry_set_rdevmajor(entry, major);
        archive_entry_set_rdevminor(entry, minor);
    } else if (line[0] == 'p') {
        archive_entry_set_filetype(entry, AE_IFIFO);
    } else {
        fail_msg("a line of a fixture: %s", line);
    }
    assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
    if (line[0] == 'f' && rest)
        archive_write_data(tar, rest, strlen(rest));
    archive_entry_free(entry);
}

/* Writes the layer's tar. */
static inline void tar_make(const char *file, const char *text)
{
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax_restricted(tar);
    archive_write_set_bytes_per_block(tar, 512);
    assert_int_equal(archive_write_open_filename(tar, file), ARCHIVE_OK);
    MEM_AUTO char *copy = mem_dup(bytes_of(text));
    for (char *line = strtok(copy, "\n"); line; line = strtok(NULL, "\n"))
        tar_line(tar, line);
    assert_int_equal(archive_write_close(tar), ARCHIVE_OK);
    archive_write_free(tar);
}

static inline void tar_add(struct archive *tar, const char *name, struct bytes content)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)content.n);
    assert_int_equal(archive_write_header(tar, entry), ARCHIVE_OK);
    archive_write_data(tar, content.p, content.n);
    archive_entry_free(entry);
}

/* A docker-archive of n layer files (any codec), the manifest last, as docker save writes it. */
static inline void docker_make(const char *file, const char *tag, char *const *layers, size_t n)
{
    BUF_AUTO struct buf config = {0};
    BUF_AUTO struct buf manifest = {0};
    buf_printf(&config,
               "{\"os\":\"linux\",\"config\":{\"Env\":[\"A=1\"]},\"history\":["
               "{\"created_by\":\"first\"},{\"created_by\":\"ENV A=1\",\"empty_layer\":true},"
               "{\"created_by\":\"second\"}],\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[");
    buf_printf(&manifest, "[{\"Config\":\"c.json\",\"RepoTags\":[\"%s\"],\"Layers\":[", tag);
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax_restricted(tar);
    assert_int_equal(archive_write_open_filename(tar, file), ARCHIVE_OK);
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf content = read_file(layers[i]);
        char name[32];
        snprintf(name, sizeof name, "%zu/layer.tar", i);
        tar_add(tar, name, buf_bytes(&content));
        buf_printf(&config, "%s\"sha256:%064zx\"", i ? "," : "", i + 1);
        buf_printf(&manifest, "%s\"%s\"", i ? "," : "", name);
    }
    buf_add(&config, bytes_of("]}}"));
    buf_add(&manifest, bytes_of("]}]"));
    tar_add(tar, "c.json", buf_bytes(&config));
    tar_add(tar, "manifest.json", buf_bytes(&manifest));
    assert_int_equal(archive_write_close(tar), ARCHIVE_OK);
    archive_write_free(tar);
}

/* Loads; on failure sets err. */
static inline bool load_ref(struct db *db, const char *role, const char *ref, int choice,
                            bool replace, bool *was_there, struct err *err)
{
    int64_t load;
    struct progress progress = {0};
    assert_true(loading_begin(db, &load, err));
    struct image_request request = {
        .ref = ref, .role = role, .choice = {.number = choice}, .replace = replace, .load = load};
    if (image_load(db, &request, &progress, was_there, err))
        return loading_finish(db, load, err);
    loading_abandon(db, load);
    return false;
}

static inline struct db *session_open(const struct place *place)
{
    struct db *db;
    struct err err = {0};
    if (!db_open(place->session, DB_CREATE, &db, &err))
        fail_msg("%s", err.text);
    return db;
}

/* Loads the texts, up to the first NULL, as the layers of the subject. */
static inline void load_layers(struct db *db, const struct place *place, const char *const *layers,
                               size_t *n)
{
    struct err err = {0};
    char *files[4] = {0};
    bool was_there;
    for (*n = 0; *n < 4 && layers[*n]; ++*n) {
        char name[16];
        snprintf(name, sizeof name, "%zu.tar", *n);
        files[*n] = place_path(place, name);
        tar_make(files[*n], layers[*n]);
    }
    MEM_AUTO char *image = place_path(place, "image.tar");
    docker_make(image, "t:1", files, *n);
    if (!load_ref(db, "subject", image, 0, false, &was_there, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < *n; i++)
        free(files[i]);
}

static inline struct tree *must_read(struct db *db, const char *role)
{
    struct tree *tree;
    struct err err = {0};
    if (!tree_read(db, role, &tree, &err))
        fail_msg("%s", err.text);
    return tree;
}

static inline int64_t number_of(struct db *db, const char *sql)
{
    struct err err = {0};
    struct stmt *q = db_query(db, sql, &err);
    if (!q || stmt_step(q, &err) != STEP_ROW)
        fail_msg("%s: %s", sql, err.text);
    int64_t n = stmt_int(q, 0);
    stmt_reset(q);
    return n;
}

/* The tree as text: "KIND PATH", then of a directory its mode, of a file its size, of a link its
 * target, of a device its numbers, and the group's first name of a hard link. The root is left
 * out. */
static inline char *tree_text(const struct tree *tree)
{
    struct buf out = {0};
    for (uint32_t i = 1; i < tree->n; i++) {
        const struct node *node = &tree->nodes[i];
        buf_printf(&out, "%c ", "dflcbps"[node->kind]);
        tree_path(tree, i, &out);
        if (node->kind == NODE_DIR)
            buf_printf(&out, " %o", node->mode);
        else if (node->kind == NODE_FILE)
            buf_printf(&out, " %lld", (long long)node->size);
        else if (node->kind == NODE_LINK)
            buf_printf(&out, " %s", node->link.p);
        else if (node->kind == NODE_CHAR)
            buf_printf(&out, " %u:%u", node->device_major, node->device_minor);
        if (node->peer != NODE_NONE) {
            buf_printf(&out, " = ");
            tree_path(tree, node->peer, &out);
        }
        buf_byte(&out, '\n');
    }
    return buf_steal(&out);
}

#endif
