/* SPDX-License-Identifier: MIT
 * Hostile manifests, indexes and configs: the input is cut at byte 0x1e into members, whose first
 * byte selects the kind. No input may crash; an accepted image has layers with valid digests inside
 * the archive. */
#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "image/format/digest.h"
#include "image/format/image_format.h"

#define H16(c) c c c c c c c c c c c c c c c c
#define H64(c) H16(c) H16(c) H16(c) H16(c)

static const char *const names[] = {
    "manifest.json",
    "index.json",
    "oci-layout",
    "repositories",
    "c.json",
    "aa/json",
    "bb/json",
    "aa/layer.tar",
    "blobs/sha256/" H64("0"),
    "blobs/sha256/" H64("1"),
    "l.tar",
};
enum { N_NAMES = sizeof names / sizeof *names };

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void add_member(struct archive *tar, struct bytes member)
{
    if (!member.n)
        return;
    struct bytes content = bytes_skip(member, 1);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, names[(unsigned char)member.p[0] % N_NAMES]);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)content.n);
    archive_write_header(tar, entry);
    archive_write_data(tar, content.p, content.n);
    archive_entry_free(entry);
}

static void make_archive(const char *path, struct bytes input)
{
    struct archive *tar = archive_write_new();
    archive_write_set_format_ustar(tar);
    need(archive_write_open_filename(tar, path) == ARCHIVE_OK);
    while (input.n) {
        struct bytes member = bytes_from(input.p, bytes_index(input, 0x1e));
        add_member(tar, member);
        input = bytes_skip(input, member.n + 1);
    }
    archive_write_close(tar);
    archive_write_free(tar);
}

static void check(const struct image_source *source, const struct manifest *manifest)
{
    need(manifest->name && manifest->kind && (manifest->identity || manifest->n == 1));
    for (size_t i = 0; manifest->identity && i < manifest->n; i++) {
        const struct manifest_layer *layer = &manifest->layers[i];
        need(digest_is_one(bytes_of(layer->diff_id)));
        need(layer->extent.offset + layer->extent.size <= source->size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct db *db;
    char path[64];
    struct err err = {0};
    SOURCE_AUTO struct image_source source = SOURCE_NONE;
    need(db || db_open_memory(&db, &err));
    snprintf(path, sizeof path, "/dev/shm/xsmall-fuzz-%d.tar", (int)getpid());
    make_archive(path, bytes_from((const char *)data, size));
    if (image_source_open(&source, path, image_format_sign, NULL, &err))
        for (int number = 0; number < 2; number++) {
            MANIFEST_AUTO struct manifest manifest = {0};
            struct image_choice choice = {.number = number};
            if (manifest_read(&manifest, db, &source, choice, &err))
                check(&source, &manifest);
            else
                need(err.kind != ERR_NONE);
        }
    unlink(path);
    return 0;
}
