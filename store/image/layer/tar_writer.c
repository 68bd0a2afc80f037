/* SPDX-License-Identifier: MIT
 *
 * libarchive runs in a UTF-8 locale of the writing thread: names are written to pax records without
 * a change of their bytes. Names that are not UTF-8 are marked (hdrcharset=BINARY); libarchive then
 * returns ARCHIVE_WARN.
 */
#include "image/layer/tar_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

struct tar_writer {
    struct archive *archive;     /* owned */
    struct archive_entry *entry; /* owned; reused for each member */
    locale_t locale;             /* owned */
};

/* Runs a call of libarchive in the writer's locale. */
#define UNDER(tar, call)                                                                           \
    ({                                                                                             \
        locale_t before_ = uselocale((tar)->locale);                                               \
        __auto_type result_ = (call);                                                              \
        uselocale(before_);                                                                        \
        result_;                                                                                   \
    })

static bool fail(struct tar_writer *tar, struct err *err)
{
    const char *what = archive_error_string(tar->archive);
    int code = archive_errno(tar->archive); /* an errno value if it is greater than 0 */
    return err_set(err, "writing the tar: %s%s%s", what ? what : "failed", code > 0 ? ": " : "",
                   code > 0 ? strerror(code) : "");
}

bool tar_writer_open(int fd, struct tar_writer **out, struct err *err)
{
    struct tar_writer *tar = mem_zero(1, sizeof *tar);
    tar->locale = newlocale(LC_ALL_MASK, "C.UTF-8", (locale_t)0);
    tar->archive = archive_write_new();
    tar->entry = archive_entry_new();
    *out = tar;
    if (!tar->locale || !tar->archive || !tar->entry)
        return err_set(err, tar->locale ? "libarchive: out of memory"
                                        : "the C library has no locale C.UTF-8");
    archive_write_set_format_pax(tar->archive);
    archive_write_set_bytes_per_block(tar->archive, 10240);
    bool ok =
        UNDER(tar, archive_write_set_options(tar->archive, "xattrheader=SCHILY") == ARCHIVE_OK &&
                       archive_write_open_fd(tar->archive, fd) == ARCHIVE_OK);
    return ok || fail(tar, err);
}

void tar_writer_close(struct tar_writer *tar)
{
    if (!tar)
        return;
    if (tar->archive) {
        archive_write_fail(tar->archive); /* do not write an end for an incomplete archive */
        archive_write_free(tar->archive);
    }
    if (tar->entry)
        archive_entry_free(tar->entry);
    if (tar->locale)
        freelocale(tar->locale);
    free(tar);
}

void tar_writer_close_at(struct tar_writer **tar)
{
    tar_writer_close(*tar);
}

static void set_kind(struct archive_entry *entry, const struct node *node)
{
    static const unsigned kinds[] = {
        [NODE_DIR] = AE_IFDIR,    [NODE_FILE] = AE_IFREG,  [NODE_LINK] = AE_IFLNK,
        [NODE_CHAR] = AE_IFCHR,   [NODE_BLOCK] = AE_IFBLK, [NODE_FIFO] = AE_IFIFO,
        [NODE_SOCKET] = AE_IFSOCK};
    archive_entry_set_filetype(entry, kinds[node->kind]);
    if (node->kind == NODE_CHAR || node->kind == NODE_BLOCK) {
        archive_entry_set_rdevmajor(entry, node->device_major);
        archive_entry_set_rdevminor(entry, node->device_minor);
    }
    if (node->kind == NODE_LINK)
        archive_entry_set_symlink(entry, node->link.p);
}

/* libarchive (3.6.2, add_pax_attr_time) writes the sign for the seconds only: -2 s and
 * 750 000 000 ns would become -2.75, not -1.25. A fraction of the last second before 1970 has no
 * seconds to carry the sign; it is removed. */
static void set_mtime(struct archive_entry *entry, const struct node *node)
{
    int64_t s = node->mtime_s;
    long ns = (long)node->mtime_ns;
    if (s < 0 && ns > 0) {
        ns = s == -1 ? 0 : 1000000000L - ns;
        s += s != -1;
    }
    archive_entry_set_mtime(entry, s, ns);
}

bool tar_writer_add(struct tar_writer *tar, struct bytes path, const struct node *node,
                    const struct entry_xattr *xattrs, size_t n_xattrs, struct bytes peer,
                    struct err *err)
{
    struct archive_entry *entry = archive_entry_clear(tar->entry);
    BUF_AUTO struct buf name = {0}, target = {0};
    buf_add(&name, path.n ? path : bytes_of("."));
    if (node->kind == NODE_DIR)
        buf_byte(&name, '/');
    archive_entry_set_pathname(entry, name.p);
    set_kind(entry, node);
    archive_entry_set_perm(entry, node->kind == NODE_LINK ? 0777 : node->mode);
    archive_entry_set_uid(entry, node->uid);
    archive_entry_set_gid(entry, node->gid);
    set_mtime(entry, node);
    archive_entry_set_size(entry, node->kind == NODE_FILE && !peer.n ? node->size : 0);
    if (peer.n) {
        buf_add(&target, peer);
        archive_entry_set_hardlink(entry, target.p);
    }
    for (size_t i = 0; i < n_xattrs && !peer.n; i++) {
        BUF_AUTO struct buf key = {0};
        buf_add(&key, xattrs[i].name);
        archive_entry_xattr_add_entry(entry, key.p, xattrs[i].value.p, xattrs[i].value.n);
    }
    int code = UNDER(tar, archive_write_header(tar->archive, entry));
    if (code == ARCHIVE_OK || code == ARCHIVE_WARN)
        return true;
    fail(tar, err);
    return err_wrap(err, "%s", name.p);
}

bool tar_writer_data(struct tar_writer *tar, struct bytes chunk, struct err *err)
{
    la_ssize_t n = chunk.n ? archive_write_data(tar->archive, chunk.p, chunk.n) : 0;
    return n == (la_ssize_t)chunk.n || fail(tar, err);
}

bool tar_writer_end(struct tar_writer *tar, struct err *err)
{
    return UNDER(tar, archive_write_close(tar->archive)) == ARCHIVE_OK || fail(tar, err);
}
