/* SPDX-License-Identifier: MIT */
#include "run/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK_BYTES = 1 << 16, UNMAPPED_ID = 65534 };

struct unpacking {
    struct archive *in, *out; /* owned */
    const struct id_map *map;
    struct unpack_result *result;
};

static bool fail(const char *object, struct archive *archive, struct err *err)
{
    const char *text = archive_error_string(archive);
    return err_set(err, "%s: %s", object, text ? text : "cannot be unpacked");
}

/* Files of owners that the sandbox cannot represent. */
static void map_owner(struct unpacking *u, struct archive_entry *entry)
{
    int64_t uid = archive_entry_uid(entry), gid = archive_entry_gid(entry);
    int64_t other = u->map->count > UNMAPPED_ID ? UNMAPPED_ID : 0;
    bool maps = uid >= 0 && uid < u->map->count && gid >= 0 && gid < u->map->count;
    archive_entry_set_uname(entry, NULL);
    archive_entry_set_gname(entry, NULL);
    if (maps)
        return;
    u->result->n_owners++;
    archive_entry_set_uid(entry, uid >= 0 && uid < u->map->count ? uid : other);
    archive_entry_set_gid(entry, gid >= 0 && gid < u->map->count ? gid : other);
}

static bool is_device(struct archive_entry *entry)
{
    unsigned kind = archive_entry_filetype(entry);
    return !archive_entry_hardlink(entry) && (kind == AE_IFCHR || kind == AE_IFBLK);
}

static bool copy_data(struct unpacking *u, const char *path, struct err *err)
{
    const void *bytes;
    size_t n;
    la_int64_t offset;
    int code;
    while ((code = archive_read_data_block(u->in, &bytes, &n, &offset)) == ARCHIVE_OK) {
        if (archive_write_data_block(u->out, bytes, n, offset) < ARCHIVE_WARN)
            return fail(path, u->out, err);
        u->result->n_bytes += n;
    }
    return code == ARCHIVE_EOF || fail(path, u->in, err);
}

static bool unpack_entry(struct unpacking *u, struct archive_entry *entry, struct err *err)
{
    const char *path = archive_entry_pathname(entry);
    if (!path)
        return err_set(err, "image: an entry has no name");
    if (is_device(entry)) {
        u->result->n_devices++;
        return true;
    }
    map_owner(u, entry);
    int code = archive_write_header(u->out, entry);
    if (code == ARCHIVE_WARN)
        u->result->n_attributes++;
    else if (code != ARCHIVE_OK)
        return fail(path, u->out, err);
    if (archive_entry_size(entry) > 0 && !copy_data(u, path, err))
        return false;
    code = archive_write_finish_entry(u->out);
    if (code == ARCHIVE_WARN)
        u->result->n_attributes++;
    return code >= ARCHIVE_WARN || fail(path, u->out, err);
}

static bool unpack_entries(struct unpacking *u, struct err *err)
{
    struct archive_entry *entry;
    int code;
    while ((code = archive_read_next_header(u->in, &entry)) == ARCHIVE_OK || code == ARCHIVE_WARN)
        if (!unpack_entry(u, entry, err))
            return false;
    if (code != ARCHIVE_EOF)
        return fail("image", u->in, err);
    return archive_write_close(u->out) >= ARCHIVE_WARN || fail("image", u->out, err);
}

bool unpack_tar(int tar, const char *directory, const struct id_map *map,
                struct unpack_result *result, struct err *err)
{
    *result = (struct unpack_result){0};
    if (chdir(directory) != 0)
        return err_sys(err, "%s", directory);
    umask(0);
    struct unpacking u = {archive_read_new(), archive_write_disk_new(), map, result};
    archive_read_support_format_tar(u.in);
    archive_read_support_format_empty(u.in);
    archive_write_disk_set_options(
        u.out, ARCHIVE_EXTRACT_OWNER | ARCHIVE_EXTRACT_PERM | ARCHIVE_EXTRACT_TIME |
                   ARCHIVE_EXTRACT_XATTR | ARCHIVE_EXTRACT_UNLINK | ARCHIVE_EXTRACT_SPARSE |
                   ARCHIVE_EXTRACT_SECURE_SYMLINKS | ARCHIVE_EXTRACT_SECURE_NODOTDOT |
                   ARCHIVE_EXTRACT_SECURE_NOABSOLUTEPATHS);
    bool ok = archive_read_open_fd(u.in, tar, BLOCK_BYTES) == ARCHIVE_OK ? unpack_entries(&u, err)
                                                                         : fail("image", u.in, err);
    archive_read_free(u.in);
    archive_write_free(u.out);
    return ok;
}
