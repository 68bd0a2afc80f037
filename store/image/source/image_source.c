/* SPDX-License-Identifier: MIT
 *
 * The members of an image's archive lie at most two directories deep (blobs/sha256/HEX,
 * ID/layer.tar), so that only those are put into the index: a root file system, which is a tar too,
 * costs no memory here.
 */
#include "image/source/image_source.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "image/source/fetch.h"
#include "image/layer/layer.h"
#include "image/source/spool.h"
#include "util/path.h"

enum { DEPTH_MAX = 3, MEMBERS_MAX = 1000 * 1000, SMALL_MAX = 16 * 1024 * 1024, LINKS_MAX = 40 };

struct source_member {
    enum layer_member_kind kind;
    char *link; /* owned; a link's target, canonical; else NULL */
    uint64_t offset, size;
};

void image_source_extent_finish(struct image_source_extent *extent)
{
    buf_finish(&extent->name);
}

void image_source_finish(struct image_source *source)
{
    spool_close_at(&source->fd);
    for (size_t i = 0; i < source->n; i++)
        free(source->members[i].link);
    free(source->members);
    map_finish(&source->index);
    free(source->path);
    free(source->name);
    *source = SOURCE_NONE;
}

static size_t depth_of(struct bytes path)
{
    size_t n = 0;
    while (path_next(&path).n)
        n++;
    return n;
}

/* A link's target as a canonical member name. A symlink's is relative to its directory (old docker
 * save: ../ID/layer.tar). */
static char *link_target(struct bytes name, const struct layer_member *member)
{
    BUF_AUTO struct buf dir = {0};
    BUF_AUTO struct buf target = {0};
    buf_byte(&dir, '/');
    if (member->kind == MEMBER_SYMLINK)
        buf_add(&dir, path_dir(name));
    path_absolute(buf_bytes(&dir), member->link, &target);
    return mem_dup(bytes_skip(buf_bytes(&target), 1));
}

static bool add_member(void *with, const struct layer_member *from)
{
    struct image_source *source = with;
    BUF_AUTO struct buf name = {0};
    if (from->kind == MEMBER_OTHER || !path_member(from->name, &name) || !name.n ||
        depth_of(buf_bytes(&name)) > DEPTH_MAX)
        return true;
    if (source->n == MEMBERS_MAX)
        return false;
    uint64_t *place = map_at(&source->index, buf_bytes(&name), NULL);
    if (!*place) {
        ARRAY_ROOM(source->members, source->n, source->cap);
        *place = ++source->n;
    } else {
        free(source->members[*place - 1].link); /* the last one of a name counts */
    }
    struct source_member *member = &source->members[*place - 1];
    *member = (struct source_member){from->kind, NULL, from->offset, from->size};
    if (from->kind != MEMBER_FILE)
        member->link = link_target(buf_bytes(&name), from);
    return true;
}

/* Whether a compressed archive may be an image's: it has one of the files that say so. */
static bool look_for_manifest(void *with, const struct layer_member *member)
{
    BUF_AUTO struct buf name = {0};
    if (!path_member(member->name, &name))
        return true;
    struct bytes is = buf_bytes(&name);
    bool *found = with;
    *found = bytes_equal(is, bytes_of("manifest.json")) || bytes_equal(is, bytes_of("oci-layout"));
    return !*found;
}

static void expect_bytes(struct progress *progress, uint64_t n)
{
    if (progress)
        atomic_fetch_add(&progress->total_bytes, n);
}

/* A temporary file being filled. */
struct source_spool {
    int fd;
    uint64_t n, stored; /* bytes in it; of the archive */
};

/* Decodes a compressed archive into a temporary file, whose members can then be read at their
 * offsets. */
static bool spool_archive(struct image_source *source, struct progress *progress, struct err *err)
{
    BLOB_AUTO struct blob blob = {0};
    FD_AUTO int fd = spool_open(err);
    struct bytes chunk;
    if (fd < 0)
        return false;
    expect_bytes(progress, source->size);
    if (!blob_open(&blob, source->fd, 0, source->size, progress, err))
        return false;
    do {
        uint64_t at = blob.out_bytes;
        if (!blob_next(&blob, &chunk, err) || !spool_write(fd, chunk, at, err))
            return false;
    } while (chunk.n);
    source->size = blob.out_bytes;
    int old = source->fd;
    source->fd = fd;
    fd = old;
    return true;
}

static bool spool_chunk(void *with, struct bytes chunk, struct err *err)
{
    struct source_spool *spool = with;
    if (!spool_write(spool->fd, chunk, spool->n, err))
        return false;
    spool->n += chunk.n;
    return blob_no_bomb(spool->stored, spool->n, err);
}

/* The same for codecs that no layer has. */
static bool spool_other(struct image_source *source, struct progress *progress, struct err *err)
{
    struct source_spool spool = {spool_open(err), 0, source->size};
    if (spool.fd < 0)
        return false;
    expect_bytes(progress, source->size);
    if (!layer_unpack(source->fd, source->size, progress, spool_chunk, &spool, err)) {
        close(spool.fd);
        return false;
    }
    close(source->fd);
    source->fd = spool.fd;
    source->size = spool.n;
    return blob_sniff(source->fd, 0, source->size, &source->codec, err) &&
           (source->codec != CODEC_OTHER || err_set(err, "compressed with xz or bzip2 twice"));
}

static bool index_archive(struct image_source *source, struct progress *progress, struct err *err)
{
    if (!blob_sniff(source->fd, 0, source->size, &source->codec, err))
        return false;
    if (source->codec == CODEC_OTHER && !spool_other(source, progress, err))
        return false;
    if (source->codec != CODEC_PLAIN) {
        bool found = false;
        expect_bytes(progress, source->size);
        if (!layer_members(source->fd, source->size, progress, look_for_manifest, &found, err))
            return false;
        if (!found)
            return true;
        if (!spool_archive(source, progress, err))
            return false;
    }
    if (!layer_members(source->fd, source->size, progress, add_member, source, err))
        return false;
    return source->n < MEMBERS_MAX || err_set(err, "more than %d members", MEMBERS_MAX);
}

static bool open_fetched(struct image_source *source, const char *ref, struct progress *progress,
                         struct err *err)
{
    BUF_AUTO struct buf name = {0};
    source->path = mem_dup(bytes_of(fetch_public(ref)));
    fetch_name(ref, &name);
    if (name.n)
        source->name = buf_steal(&name);
    source->fd = fetch_open(ref, progress, &source->size, err);
    source->file_size = source->size;
    return source->fd >= 0;
}

static bool open_path(struct image_source *source, const char *ref, struct err *err)
{
    struct stat st;
    source->fd = open(ref, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (source->fd < 0 || fstat(source->fd, &st) != 0)
        return err_sys(err, "%s", ref);
    source->path = realpath(ref, NULL);
    if (!source->path)
        return err_sys(err, "%s", ref);
    source->is_dir = S_ISDIR(st.st_mode);
    source->codec = CODEC_NONE;
    if (source->is_dir)
        return true;
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: neither a file nor a directory", ref);
    source->size = source->file_size = (uint64_t)st.st_size;
    source->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    return true;
}

bool image_source_open(struct image_source *source, const char *ref, struct progress *progress,
                       struct err *err)
{
    *source = SOURCE_NONE;
    bool fetched = fetch_is_reference(ref);
    if (!fetched && !open_path(source, ref, err))
        return false;
    if (source->is_dir)
        return true;
    bool ok = !fetched || open_fetched(source, ref, progress, err);
    if (ok && progress)
        progress->phase = PROGRESS_INDEX;
    if (ok && index_archive(source, progress, err))
        return true;
    return err->kind == ERR_CANCELLED ? false : err_wrap(err, "%s", fetch_public(ref));
}

static int openat_beneath(int dir, const char *name)
{
    struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, dir, name, &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM)) /* an old kernel, or a filter that is */
        fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
    return fd;
}

/* Opens a regular file below the directory; links in it may not lead out of it. */
static int open_beneath(const struct image_source *source, const char *name, uint64_t *size,
                        struct err *err)
{
    struct stat st;
    int fd = openat_beneath(source->fd, name);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        if (fd >= 0)
            err_set(err, "%s: not a file", name);
        else
            err_sys(err, "%s", name);
        spool_close_at(&fd);
        return -1;
    }
    *size = (uint64_t)st.st_size;
    return fd;
}

/* Follows links between members. */
static const struct source_member *follow(const struct image_source *source, struct buf *name)
{
    for (int hops = 0; hops <= LINKS_MAX; hops++) {
        uint64_t *place = map_find(&source->index, buf_bytes(name));
        if (!place)
            return NULL;
        const struct source_member *member = &source->members[*place - 1];
        if (member->kind == MEMBER_FILE)
            return member;
        buf_clear(name);
        buf_add(name, bytes_of(member->link));
    }
    return NULL;
}

bool image_source_find(const struct image_source *source, struct bytes name,
                       struct image_source_extent *out, struct err *err)
{
    if (!path_member(name, &out->name) || !out->name.n)
        return err_set(err, "%.*s: a name that is refused", (int)name.n, name.p);
    if (source->is_dir) {
        out->offset = 0;
        FD_AUTO int fd = open_beneath(source, out->name.p, &out->size, err);
        return fd >= 0;
    }
    const struct source_member *member = follow(source, &out->name);
    if (!member)
        return err_set(err, "%.*s: not in the archive", (int)name.n, name.p);
    out->offset = member->offset;
    out->size = member->size;
    return true;
}

bool image_source_has(const struct image_source *source, struct bytes name)
{
    EXTENT_AUTO struct image_source_extent extent = {0};
    struct err ignored;
    return image_source_find(source, name, &extent, &ignored);
}

int image_source_member_fd(const struct image_source *source,
                           const struct image_source_extent *extent, struct err *err)
{
    uint64_t size;
    if (source->is_dir)
        return open_beneath(source, extent->name.p, &size, err);
    int fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        err_sys(err, "%s", source->path);
    return fd;
}

bool image_source_read(const struct image_source *source, struct bytes name, struct buf *out,
                       struct err *err)
{
    EXTENT_AUTO struct image_source_extent extent = {0};
    if (!image_source_find(source, name, &extent, err))
        return false;
    if (extent.size > SMALL_MAX)
        return err_set(err, "%.*s: longer than %d bytes", (int)name.n, name.p, SMALL_MAX);
    FD_AUTO int fd = image_source_member_fd(source, &extent, err);
    if (fd < 0)
        return false;
    buf_clear(out);
    buf_reserve(out, (size_t)extent.size);
    if (!blob_pread(fd, out->p, (size_t)extent.size, extent.offset, err))
        return err_wrap(err, "%.*s", (int)name.n, name.p);
    out->n = (size_t)extent.size;
    out->p[out->n] = 0;
    return true;
}
