/* SPDX-License-Identifier: MIT
 *
 * libarchive runs in the C locale of the reading thread. For a name that it cannot convert, it
 * returns ARCHIVE_WARN, but the bytes are correct. Other locales could change the name.
 *
 * libarchive receives chunks that are already decoded and returns pointers into them, so the
 * content of a file is hashed without a copy.
 */
#include "image/layer/layer.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image/layer/content_scan.h"
#include "image/layer/tar_member.h"
#include "image/layer/tar_xattrs.h"
#include "util/path.h"

enum {
    TAR_BLOCK = 512,
    SEEK_BUFFER = 32 * 1024,
    ENTRIES_MAX = 20 * 1000 * 1000,
    NS_PER_S = 1000 * 1000 * 1000
};
#define HOLES_MAX (64ull << 30) /* bytes of holes per layer */

/* An archive that is being read, and the stream of its bytes. */
struct reading {
    struct archive *archive; /* owned */
    struct blob blob;
    uint64_t size;  /* size of the region, to seek in an uncompressed archive */
    uint64_t holes; /* bytes of holes in sparse files so far */
    bool seeks;     /* seek over contents: not compressed, and contents are not needed */
    bool uncounted; /* progress is used only to cancel */
    char *buffer;   /* owned; for seeking */
    char zeros[TAR_BLOCK];
    bool padded;
    struct err err; /* error of the stream; kind ERR_NONE: no error */
    locale_t before, plain_locale;
};

static void reading_finish(struct reading *r)
{
    if (r->archive)
        archive_read_free(r->archive);
    blob_finish(&r->blob);
    mem_free_at(&r->buffer);
    if (r->plain_locale) {
        uselocale(r->before);
        freelocale(r->plain_locale);
    }
}
#define READING_AUTO __attribute__((cleanup(reading_finish)))

/* Reads the next chunk. Adds the padding after the last content, which some tools do not write. */
static la_ssize_t read_more(struct archive *archive, void *with, const void **out)
{
    struct reading *r = with;
    struct bytes chunk;
    if (!blob_next(&r->blob, &chunk, &r->err)) {
        archive_set_error(archive, EIO, "%s", r->err.text);
        return -1;
    }
    size_t rest = (size_t)(r->blob.out_bytes % TAR_BLOCK);
    *out = chunk.p;
    if (chunk.n || !rest || r->padded)
        return (la_ssize_t)chunk.n;
    r->padded = true;
    *out = r->zeros;
    return (la_ssize_t)(TAR_BLOCK - rest);
}

static la_ssize_t read_here(struct archive *archive, void *with, const void **out)
{
    struct reading *r = with;
    uint64_t left = r->blob.end - r->blob.at;
    size_t n = left < SEEK_BUFFER ? (size_t)left : SEEK_BUFFER;
    if (r->blob.progress && atomic_load(&r->blob.progress->cancel)) {
        err_cancelled(&r->err);
        return -1;
    }
    if (!blob_pread(r->blob.fd, r->buffer, n, r->blob.at, &r->err)) {
        archive_set_error(archive, EIO, "%s", r->err.text);
        return -1;
    }
    r->blob.at += n;
    *out = r->buffer;
    return (la_ssize_t)n;
}

/* Skips at most to the end: the next read then detects that bytes are missing. */
static la_int64_t skip_here(struct archive *archive, void *with, la_int64_t n)
{
    (void)archive;
    struct reading *r = with;
    uint64_t left = r->blob.end - r->blob.at;
    if (n < 0)
        return 0;
    uint64_t step = (uint64_t)n < left ? (uint64_t)n : left;
    r->blob.at += step;
    return (la_int64_t)step;
}

/* Sets err to the stream's error if there is one, else to libarchive's. Returns false. */
static bool fail(struct reading *r, struct err *err)
{
    if (r->err.kind != ERR_NONE) {
        err_copy(err, &r->err);
        return false;
    }
    const char *what = archive_error_string(r->archive);
    return err_set(err, "damaged tar archive: %s", what ? what : "not readable");
}

enum reading_want { WANT_CONTENTS, WANT_NAMES };

static bool reading_open(struct reading *r, int fd, uint64_t offset, uint64_t size,
                         enum reading_want want, struct progress *progress, struct err *err)
{
    if (!blob_open(&r->blob, fd, offset, size, progress, err))
        return false;
    r->blob.uncounted = r->uncounted;
    r->seeks = want == WANT_NAMES && r->blob.codec == CODEC_PLAIN;
    if (r->seeks)
        r->buffer = mem_alloc(SEEK_BUFFER);
    r->plain_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (r->plain_locale)
        r->before = uselocale(r->plain_locale);
    r->archive = archive_read_new();
    if (!r->archive)
        return err_set(err, "libarchive: out of memory");
    archive_read_support_format_tar(r->archive);
    archive_read_support_format_empty(r->archive);
    archive_read_set_read_callback(r->archive, r->seeks ? read_here : read_more);
    if (r->seeks)
        archive_read_set_skip_callback(r->archive, skip_here);
    archive_read_set_callback_data(r->archive, r);
    if (archive_read_open1(r->archive) == ARCHIVE_OK)
        return true;
    return fail(r, err);
}

enum reading_step { READING_ENTRY, READING_END, READING_FAILED };

static enum reading_step next_header(struct reading *r, struct archive_entry **entry,
                                     struct err *err)
{
    int code = archive_read_next_header(r->archive, entry);
    if (code == ARCHIVE_EOF)
        return READING_END;
    if (code == ARCHIVE_OK || code == ARCHIVE_WARN)
        return READING_ENTRY;
    fail(r, err);
    return READING_FAILED;
}

static enum entry_kind kind_of(struct archive_entry *from)
{
    if (archive_entry_hardlink(from))
        return ENTRY_HARDLINK;
    switch (archive_entry_filetype(from)) {
    case AE_IFDIR:
        return ENTRY_DIR;
    case AE_IFLNK:
        return ENTRY_LINK;
    case AE_IFCHR:
        return ENTRY_CHAR;
    case AE_IFBLK:
        return ENTRY_BLOCK;
    case AE_IFIFO:
        return ENTRY_FIFO;
    case AE_IFSOCK:
        return ENTRY_SOCKET;
    default:
        return ENTRY_FILE;
    }
}

/* libarchive (3.6.2, pax_time) reads the sign for the seconds only: of -1.25 it returns -1 s and
 * 250 000 000 ns. */
static void take_mtime(struct archive_entry *from, struct entry *entry)
{
    long ns = archive_entry_mtime_nsec(from);
    entry->mtime_s = archive_entry_mtime(from);
    entry->mtime_ns = ns >= 0 && ns < NS_PER_S ? (uint32_t)ns : 0;
    if (entry->mtime_s >= 0 || !entry->mtime_ns || entry->mtime_s == INT64_MIN)
        return;
    entry->mtime_s--;
    entry->mtime_ns = NS_PER_S - entry->mtime_ns;
}

/* Reads everything except the content. Returns false if the member must not be loaded. */
static bool take_header(struct archive_entry *from, struct entry_feed *feed, struct entry *entry)
{
    entry->kind = kind_of(from);
    if (!tar_member_name(feed, bytes_of(archive_entry_pathname(from)), entry))
        return false;
    if (entry->kind == ENTRY_WHITEOUT || entry->kind == ENTRY_OPAQUE)
        return true;
    if (entry->kind == ENTRY_HARDLINK)
        return tar_member_hardlink(feed, bytes_of(archive_entry_hardlink(from)), entry);
    entry->mode = (uint32_t)archive_entry_perm(from) & 07777;
    entry->uid = tar_member_owner(feed, entry, archive_entry_uid(from));
    entry->gid = tar_member_owner(feed, entry, archive_entry_gid(from));
    take_mtime(from, entry);
    if (entry->kind == ENTRY_FILE && archive_entry_size(from) > 0)
        entry->size = archive_entry_size(from);
    if (entry->kind == ENTRY_LINK) {
        struct bytes target = bytes_of(archive_entry_symlink(from));
        if (!target.n || target.n > TAR_MEMBER_LINK_MAX) {
            entry_feed_problem(feed, entry->path,
                               bytes_of("a symlink without a target, or too long"));
            return false;
        }
        entry->link = arena_copy(entry_feed_arena(feed), target);
    }
    tar_xattrs_take(from, feed, entry);
    if (entry->kind == ENTRY_CHAR || entry->kind == ENTRY_BLOCK)
        tar_member_device(entry, (uint32_t)archive_entry_rdevmajor(from),
                          (uint32_t)archive_entry_rdevminor(from));
    return true;
}

/* Adds a hole. The total of holes is limited, because they use no bytes of the tar. */
static bool take_hole(struct reading *r, struct content_scan *content, uint64_t n, struct err *err)
{
    if (n > HOLES_MAX - r->holes)
        return err_set(err, "sparse files with more than 64 GiB of holes");
    r->holes += n;
    content_scan_add_hole(content, n);
    return true;
}

/* Streams the content of one file into its hash. */
static bool take_content(struct reading *r, struct content_scan *content, bool sparse, int64_t size,
                         struct err *err)
{
    uint64_t at = 0;
    for (;;) {
        const void *chunk;
        size_t n;
        la_int64_t offset;
        int code = archive_read_data_block(r->archive, &chunk, &n, &offset);
        if (code == ARCHIVE_EOF)
            break;
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
            return fail(r, err);
        if (offset < 0 || (uint64_t)offset < at || (uint64_t)offset + n > (uint64_t)size)
            return err_set(err, "damaged tar archive: content out of order");
        if (!sparse && (uint64_t)offset > at)
            return err_set(err, "damaged tar archive: a hole in a file that is not sparse");
        if (!take_hole(r, content, (uint64_t)offset - at, err))
            return false;
        if (n)
            content_scan_add(content, bytes_from(chunk, n));
        at = (uint64_t)offset + n;
    }
    uint64_t rest = (uint64_t)size - at;
    if (rest && !sparse)
        return err_set(err, "truncated: %llu bytes of a file's content are missing",
                       (unsigned long long)rest);
    return take_hole(r, content, rest, err);
}

static bool read_content(struct reading *r, struct archive_entry *from,
                         struct content_scan *content, uint64_t region, struct entry_feed *feed,
                         struct entry *entry, struct err *err)
{
    bool sparse = archive_entry_sparse_count(from) > 0;
    struct content_scan_place place = {-1, 0};
    if (!sparse) {
        entry->offset = archive_filter_bytes(r->archive, 0);
        if (r->blob.codec == CODEC_PLAIN)
            place = (struct content_scan_place){r->blob.fd, region + (uint64_t)entry->offset};
    } else {
        entry->offset = ENTRY_SPARSE - archive_read_header_position(r->archive);
    }
    content_scan_begin(content, (uint64_t)entry->size, place, entry->path);
    if (!take_content(r, content, sparse, entry->size, err))
        return err_wrap(err, "%s", entry->path.p);
    if (!sparse && (uint64_t)entry->offset + (uint64_t)entry->size > r->blob.out_bytes)
        return err_set(err, "%s: truncated: the content is incomplete", entry->path.p);
    content_scan_end(content, feed, entry);
    return true;
}

/* Records libarchive's warning for a member that it read only in part. Ignores warnings about the
 * locale. */
static void note_warning(struct reading *r, struct entry_feed *feed, const struct entry *entry)
{
    const char *what = archive_error_string(r->archive);
    if (what && !strstr(what, "converted"))
        entry_feed_problem(feed, entry->path, bytes_of(what));
}

static bool drain(struct blob *blob, struct err *err)
{
    struct bytes chunk;
    do {
        if (!blob_next(blob, &chunk, err))
            return false;
    } while (chunk.n);
    return true;
}

static bool read_entries(struct reading *r, uint64_t region, struct entry_feed *feed,
                         struct content_scan *content, struct err *err)
{
    struct archive_entry *from;
    enum reading_step step;
    uint64_t n = 0;
    while ((step = next_header(r, &from, err)) == READING_ENTRY) {
        if (++n > ENTRIES_MAX)
            return err_set(err, "more than %d entries", ENTRIES_MAX);
        struct entry *entry = entry_feed_add(feed);
        bool wanted = take_header(from, feed, entry);
        if (wanted && archive_errno(r->archive))
            note_warning(r, feed, entry);
        if (wanted && entry->kind == ENTRY_FILE &&
            !read_content(r, from, content, region, feed, entry, err))
            return false;
        if (!wanted)
            entry_feed_remove_last(feed);
        if (!entry_feed_pass(feed))
            return err_cancelled(err);
    }
    return step == READING_END && drain(&r->blob, err);
}

bool layer_read(int fd, uint64_t offset, uint64_t size, struct entry_feed *feed,
                struct progress *progress, struct err *err)
{
    READING_AUTO struct reading r = {0};
    struct content_scan content = {.spool = -1};
    bool ok = reading_open(&r, fd, offset, size, WANT_CONTENTS, progress, err) &&
              read_entries(&r, offset, feed, &content, err);
    content_scan_finish(&content);
    return ok;
}

bool layer_members(int fd, uint64_t size, struct progress *progress,
                   bool (*each)(void *with, const struct layer_member *member), void *with,
                   struct err *err)
{
    READING_AUTO struct reading r = {0};
    if (!reading_open(&r, fd, 0, size, WANT_NAMES, progress, err))
        return false;
    struct archive_entry *from;
    enum reading_step step;
    while ((step = next_header(&r, &from, err)) == READING_ENTRY) {
        struct layer_member member = {.name = bytes_of(archive_entry_pathname(from)),
                                      .kind = LAYER_MEMBER_OTHER};
        if (archive_entry_hardlink(from)) {
            member.kind = LAYER_MEMBER_HARDLINK;
            member.link = bytes_of(archive_entry_hardlink(from));
        } else if (archive_entry_filetype(from) == AE_IFLNK) {
            member.kind = LAYER_MEMBER_SYMLINK;
            member.link = bytes_of(archive_entry_symlink(from));
        } else if (archive_entry_filetype(from) == AE_IFREG &&
                   archive_entry_sparse_count(from) == 0) {
            member.kind = LAYER_MEMBER_FILE;
            member.offset = (uint64_t)archive_filter_bytes(r.archive, 0);
            member.size = (uint64_t)archive_entry_size(from);
        }
        if (!each(with, &member))
            return true;
    }
    return step == READING_END;
}

/* By position, and by path where the position is unknown. */
static int compare_file(const void *left, const void *right)
{
    const struct layer_file *a = left, *b = right;
    if (a->header != b->header)
        return a->header < b->header ? -1 : 1;
    return a->header < 0 ? bytes_compare(a->path, b->path) : 0;
}

/* Returns the requested file that this member is; NULL if it was not requested or is not a regular
 * file. */
static struct layer_file *file_of(struct reading *r, struct archive_entry *from, struct buf *name,
                                  const struct layer_files *files)
{
    if (kind_of(from) != ENTRY_FILE || !path_member(bytes_of(archive_entry_pathname(from)), name))
        return NULL;
    struct layer_file key = {.path = buf_bytes(name),
                             .header = archive_read_header_position(r->archive)};
    struct layer_file *file = bsearch(&key, files->all, files->n, sizeof *files->all, compare_file);
    if (file)
        return file;
    key.header = -1;
    return bsearch(&key, files->all, files->n, sizeof *files->all, compare_file);
}

/* Counts the members of the layer with the name of each requested file. A file whose position is
 * known is one member. */
static bool count_named(int fd, uint64_t offset, uint64_t size, const struct layer_files *files,
                        struct progress *progress, struct err *err)
{
    READING_AUTO struct reading r = {.uncounted = true};
    BUF_AUTO struct buf name = {0};
    struct archive_entry *from;
    enum reading_step step;
    if (!reading_open(&r, fd, offset, size, WANT_NAMES, progress, err))
        return false;
    while ((step = next_header(&r, &from, err)) == READING_ENTRY) {
        struct layer_file *file = file_of(&r, from, &name, files);
        if (file)
            file->n_left++;
    }
    for (size_t i = 0; step == READING_END && i < files->n; i++)
        if (!files->all[i].n_left)
            return err_set(err, "%.*s: not in the layer", (int)files->all[i].path.n,
                           files->all[i].path.p);
    return step == READING_END;
}

static bool give_zeros(const struct layer_files *files, const struct layer_file *file, uint64_t at,
                       uint64_t end, struct err *err)
{
    static const char zeros[64 * 1024];
    while (at < end) {
        size_t n = end - at < sizeof zeros ? (size_t)(end - at) : sizeof zeros;
        if (!files->take(files->with, file, at, bytes_from(zeros, n), err))
            return false;
        at += n;
    }
    return true;
}

static bool give_pieces(struct reading *r, const struct layer_files *files,
                        const struct layer_file *file, uint64_t size, struct err *err)
{
    uint64_t at = 0;
    for (;;) {
        const void *chunk;
        size_t n;
        la_int64_t offset;
        int code = archive_read_data_block(r->archive, &chunk, &n, &offset);
        if (code == ARCHIVE_EOF)
            break;
        if (code != ARCHIVE_OK && code != ARCHIVE_WARN)
            return fail(r, err);
        if (offset < 0 || (uint64_t)offset < at || (uint64_t)offset + n > size)
            return err_set(err, "damaged tar archive: content out of order");
        if (!give_zeros(files, file, at, (uint64_t)offset, err))
            return false;
        at = (uint64_t)offset;
        if (n && !files->take(files->with, file, at, bytes_from(chunk, n), err))
            return false;
        at += n;
    }
    return give_zeros(files, file, at, size, err) &&
           files->take(files->with, file, size, bytes_from("", 0), err);
}

/* If the position of a file is unknown, reads the layer twice, because the last member of a name is
 * known only at the end. */
bool layer_contents(int fd, uint64_t offset, uint64_t size, const struct layer_files *files,
                    struct progress *progress, struct err *err)
{
    for (size_t i = 0; i < files->n; i++)
        files->all[i].n_left = 0;
    qsort(files->all, files->n, sizeof *files->all, compare_file);
    if (!count_named(fd, offset, size, files, progress, err))
        return false;
    READING_AUTO struct reading r = {.uncounted = true};
    BUF_AUTO struct buf name = {0};
    struct archive_entry *from;
    enum reading_step step = READING_ENTRY;
    size_t n_left = files->n;
    if (!reading_open(&r, fd, offset, size, WANT_CONTENTS, progress, err))
        return false;
    while (n_left && (step = next_header(&r, &from, err)) == READING_ENTRY) {
        struct layer_file *file = file_of(&r, from, &name, files);
        if (!file || --file->n_left)
            continue;
        if (!give_pieces(&r, files, file, (uint64_t)archive_entry_size(from), err))
            return false;
        n_left--;
    }
    return step == READING_ENTRY ||
           (step == READING_END &&
            err_set(err, "changed since it was loaded; run xsmall load again"));
}

bool layer_is_tar(int fd, uint64_t size)
{
    READING_AUTO struct reading r = {0};
    struct archive_entry *from;
    struct err ignored = {0};
    return size && reading_open(&r, fd, 0, size, WANT_NAMES, NULL, &ignored) &&
           next_header(&r, &from, &ignored) == READING_ENTRY;
}
