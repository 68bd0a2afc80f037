/* SPDX-License-Identifier: MIT
 *
 * The members of an image's archive are at most two directories deep (blobs/sha256/HEX,
 * ID/layer.tar). The index has only members up to that depth, and only if the archive holds an
 * image, so that the tar of a root file system costs no memory.
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

#include "image/layer/layer.h"
#include "image/source/source_kind.h"
#include "util/path.h"
#include "util/spool.h"

enum { DEPTH_MAX = 3, MEMBERS_MAX = 1000 * 1000, SMALL_MAX = 16 * 1024 * 1024, LINKS_MAX = 40 };

struct source_member {
    enum layer_member_kind kind;
    char *link; /* owned; canonical target of a link; else NULL */
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
    free(source->folder);
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

/* Removes the folder of the image from a member name. Returns false if the member is not in the
 * folder. */
static bool strip_folder(const struct image_source *source, struct bytes *name)
{
    struct bytes folder = bytes_of(source->folder ? source->folder : "");
    if (!folder.n)
        return true;
    if (!bytes_starts(*name, folder) || name->n <= folder.n || name->p[folder.n] != '/')
        return false;
    *name = bytes_skip(*name, folder.n + 1);
    return true;
}

/* Returns the target of a link as a canonical member name; "" if it is not in the folder of the
 * image. The target of a symlink is relative to the symlink's directory (old docker save:
 * ../ID/layer.tar). */
static char *link_target(const struct image_source *source, struct bytes name,
                         const struct layer_member *member)
{
    BUF_AUTO struct buf dir = {0};
    BUF_AUTO struct buf target = {0};
    buf_byte(&dir, '/');
    if (member->kind == LAYER_MEMBER_SYMLINK)
        buf_add(&dir, path_dir(name));
    path_absolute(buf_bytes(&dir), member->link, &target);
    struct bytes out = bytes_skip(buf_bytes(&target), 1);
    return mem_dup(strip_folder(source, &out) ? out : bytes_from("", 0));
}

/* Returns the member with this name; adds it if it is new. If it exists, removes its old link,
 * because the last member of a name counts. */
static struct source_member *place_member(struct image_source *source, struct bytes name)
{
    uint64_t *place = map_at(&source->index, name, NULL);
    if (*place) {
        free(source->members[*place - 1].link);
        return &source->members[*place - 1];
    }
    ARRAY_ROOM(source->members, source->n, source->cap);
    *place = ++source->n;
    return &source->members[*place - 1];
}

static bool add_member(void *with, const struct layer_member *from)
{
    struct image_source *source = with;
    BUF_AUTO struct buf full = {0};
    if (from->kind == LAYER_MEMBER_OTHER || !path_member(from->name, &full))
        return true;
    struct bytes name = buf_bytes(&full);
    if (!strip_folder(source, &name) || !name.n || depth_of(name) > DEPTH_MAX ||
        (source->n >= MEMBERS_MAX && !map_find(&source->index, name)))
        return true;
    struct source_member *member = place_member(source, name);
    *member = (struct source_member){from->kind, NULL, from->offset, from->size};
    if (from->kind != LAYER_MEMBER_FILE)
        member->link = link_target(source, buf_bytes(&full), from);
    return true;
}

/* A search for members that show whether an archive holds an image. */
struct sign_search {
    enum source_sign (*sign_of)(struct bytes member);
    bool at_top, in_folder; /* a sign was found there */
    struct buf folder;      /* the folder of the first member */
    bool several;           /* not all members are in that folder */
    uint64_t n_blobs, n_others;
};

static void sign_search_finish(struct sign_search *search)
{
    buf_finish(&search->folder);
}
#define SEARCH_AUTO __attribute__((cleanup(sign_search_finish)))

/* Returns the name below the folder of all members; n is 0 if the member is not in it, or is the
 * folder. The files that macOS adds for its own attributes are not members. */
static struct bytes look_in_folder(struct sign_search *search, struct bytes name, bool is_file)
{
    struct bytes rest = name;
    struct bytes first = path_next(&rest);
    if (bytes_starts(first, bytes_of("._")))
        return bytes_from("", 0);
    if (!search->folder.n)
        buf_add(&search->folder, first);
    if (!bytes_equal(first, buf_bytes(&search->folder)) || (!rest.n && is_file))
        search->several = true;
    return search->several ? bytes_from("", 0) : bytes_skip(rest, 1);
}

static bool look_for_sign(void *with, const struct layer_member *member)
{
    struct sign_search *search = with;
    BUF_AUTO struct buf name = {0};
    bool is_file = member->kind != LAYER_MEMBER_OTHER;
    if (!path_member(member->name, &name) || !name.n)
        return true;
    struct bytes below = look_in_folder(search, buf_bytes(&name), is_file);
    enum source_sign sign = search->sign_of(buf_bytes(&name));
    search->at_top = sign == SOURCE_SIGN_IMAGE;
    if (below.n && search->sign_of(below) == SOURCE_SIGN_IMAGE)
        search->in_folder = true;
    search->n_blobs += is_file && sign == SOURCE_SIGN_BLOB;
    search->n_others += is_file && sign == SOURCE_SIGN_NONE;
    return !search->at_top;
}

static void expect_bytes(struct progress *progress, uint64_t n)
{
    if (progress)
        atomic_fetch_add(&progress->total_bytes, n);
}

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

/* Decodes an archive whose codec is so slow that it is decoded only once. */
static bool spool_slow(struct image_source *source, struct progress *progress, struct err *err)
{
    if (!codec_is_slow(source->codec))
        return true;
    return spool_archive(source, progress, err) &&
           blob_sniff(source->fd, 0, source->size, &source->codec, err) &&
           (!codec_is_slow(source->codec) ||
            err_set(err, "compressed more than once with xz or bzip2; decompress it first"));
}

static bool index_archive(struct image_source *source, enum source_sign (*sign_of)(struct bytes),
                          struct progress *progress, struct err *err)
{
    SEARCH_AUTO struct sign_search search = {.sign_of = sign_of};
    if (!blob_sniff(source->fd, 0, source->size, &source->codec, err) ||
        !spool_slow(source, progress, err))
        return false;
    if (source->codec != CODEC_PLAIN)
        expect_bytes(progress, source->size);
    if (!layer_members(source->fd, source->size, progress, look_for_sign, &search, err))
        return false;
    bool in_folder = !search.at_top && search.in_folder && !search.several;
    if (!search.at_top && !in_folder) {
        source->only_blobs = search.n_blobs && !search.n_others;
        return true;
    }
    if (in_folder)
        source->folder = buf_steal(&search.folder);
    if (source->codec != CODEC_PLAIN && !spool_archive(source, progress, err))
        return false;
    return layer_members(source->fd, source->size, progress, add_member, source, err);
}

bool image_source_open(struct image_source *source, const char *ref,
                       enum source_sign (*sign_of)(struct bytes member), struct progress *progress,
                       struct err *err)
{
    *source = SOURCE_NONE;
    const struct source_kind *kind = source_kind_of(ref);
    bool ok = kind->open(source, ref, progress, err);
    if (source->is_dir || (!ok && kind->is_path))
        return ok;
    if (ok && progress)
        progress->phase = PROGRESS_INDEX;
    if (ok && index_archive(source, sign_of, progress, err))
        return true;
    return err_wrap(err, "%s", source_public_ref(ref));
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

/* Opens a regular file below the directory. Symlinks may not lead out of the directory. Returns -1
 * and sets errno on failure; errno is 0 if the file is not a regular file. */
static int open_beneath(const struct image_source *source, const char *name, uint64_t *size)
{
    struct stat st;
    int fd = openat_beneath(source->fd, name);
    if (fd < 0)
        return -1;
    int code = fstat(fd, &st) != 0 ? errno : 0;
    if (code == 0 && S_ISREG(st.st_mode)) {
        *size = (uint64_t)st.st_size;
        return fd;
    }
    close(fd);
    errno = code;
    return -1;
}

/* Returns true if the errno of open_beneath means that the file does not exist; false if the file
 * cannot be read. */
static bool is_absent(int code)
{
    return code == 0 || code == ENOENT || code == ENOTDIR || code == ELOOP || code == EXDEV;
}

static bool fail_beneath(const char *name, int code, struct err *err)
{
    errno = code;
    return code ? err_sys(err, "%s", name) : err_set(err, "%s: not a file", name);
}

/* Follows links between members. */
static const struct source_member *follow(const struct image_source *source, struct buf *name)
{
    for (int hops = 0; hops <= LINKS_MAX; hops++) {
        uint64_t *place = map_find(&source->index, buf_bytes(name));
        if (!place)
            return NULL;
        const struct source_member *member = &source->members[*place - 1];
        if (member->kind == LAYER_MEMBER_FILE)
            return member;
        buf_clear(name);
        buf_add(name, bytes_of(member->link));
    }
    return NULL;
}

static enum lookup find_beneath(const struct image_source *source, struct image_source_extent *out,
                                struct err *err)
{
    out->offset = 0;
    FD_AUTO int fd = open_beneath(source, out->name.p, &out->size);
    if (fd >= 0)
        return LOOKUP_FOUND;
    if (is_absent(errno))
        return LOOKUP_ABSENT;
    fail_beneath(out->name.p, errno, err);
    return LOOKUP_ERR;
}

enum lookup image_source_find(const struct image_source *source, struct bytes name,
                              struct image_source_extent *out, struct err *err)
{
    if (!path_member(name, &out->name) || !out->name.n)
        return LOOKUP_ABSENT;
    if (source->is_dir)
        return find_beneath(source, out, err);
    const struct source_member *member = follow(source, &out->name);
    if (!member)
        return LOOKUP_ABSENT;
    out->offset = member->offset;
    out->size = member->size;
    return LOOKUP_FOUND;
}

/* Sets err to the reason why a required file is absent. Returns false. */
static bool fail_absent(const struct image_source *source, struct bytes name, struct err *err)
{
    BUF_AUTO struct buf member = {0};
    uint64_t size;
    if (!path_member(name, &member) || !member.n)
        return err_set(err, "%.*s: a name that leads out of the archive", (int)name.n, name.p);
    if (!source->is_dir && source->n >= MEMBERS_MAX)
        return err_set(err,
                       "%.*s: not among the first %d entries of the archive; xsmall reads no more",
                       (int)name.n, name.p, MEMBERS_MAX);
    if (!source->is_dir)
        return err_set(err, "%.*s: not in the archive", (int)name.n, name.p);
    FD_AUTO int fd = open_beneath(source, member.p, &size);
    return fail_beneath(member.p, fd < 0 ? errno : ENOENT, err);
}

bool image_source_require(const struct image_source *source, struct bytes name,
                          struct image_source_extent *out, struct err *err)
{
    enum lookup found = image_source_find(source, name, out, err);
    return found == LOOKUP_FOUND ||
           (found == LOOKUP_ABSENT ? fail_absent(source, name, err) : false);
}

bool image_source_has(const struct image_source *source, struct bytes name)
{
    EXTENT_AUTO struct image_source_extent extent = {0};
    return image_source_find(source, name, &extent, NULL) == LOOKUP_FOUND;
}

int image_source_member_fd(const struct image_source *source,
                           const struct image_source_extent *extent, struct err *err)
{
    uint64_t size;
    int fd = source->is_dir ? open_beneath(source, extent->name.p, &size)
                            : fcntl(source->fd, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        fail_beneath(source->is_dir ? extent->name.p : source->path, errno, err);
    return fd;
}

static bool read_extent(const struct image_source *source, const struct image_source_extent *extent,
                        struct bytes name, struct buf *out, struct err *err)
{
    if (extent->size > SMALL_MAX)
        return err_set(err, "%.*s: longer than %d bytes", (int)name.n, name.p, SMALL_MAX);
    FD_AUTO int fd = image_source_member_fd(source, extent, err);
    if (fd < 0)
        return false;
    buf_clear(out);
    buf_reserve(out, (size_t)extent->size);
    if (!blob_pread(fd, out->p, (size_t)extent->size, extent->offset, err))
        return err_wrap(err, "%.*s", (int)name.n, name.p);
    out->n = (size_t)extent->size;
    out->p[out->n] = 0;
    return true;
}

enum lookup image_source_find_text(const struct image_source *source, struct bytes name,
                                   struct buf *out, struct err *err)
{
    EXTENT_AUTO struct image_source_extent extent = {0};
    enum lookup found = image_source_find(source, name, &extent, err);
    if (found == LOOKUP_FOUND && !read_extent(source, &extent, name, out, err))
        return LOOKUP_ERR;
    return found;
}

bool image_source_read(const struct image_source *source, struct bytes name, struct buf *out,
                       struct err *err)
{
    EXTENT_AUTO struct image_source_extent extent = {0};
    return image_source_require(source, name, &extent, err) &&
           read_extent(source, &extent, name, out, err);
}
