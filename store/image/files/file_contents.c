/* SPDX-License-Identifier: MIT */
#include "image/files/file_contents_private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "image/format/image_format.h"
#include "image/layer/path_ids.h"
#include "image/source/rootfs_dir.h"
#include "image/source/source_kind.h"
#include "util/spool.h"

static const char FIND_SOURCE[] =
    "SELECT kind, source, size, mtime_ns, identity FROM image WHERE id = :image";

static const char FIND_LAYER[] =
    "SELECT member, size, codec FROM image_layer WHERE image = :image AND ordinal = :ordinal";

static const char LOCATE[] =
    "SELECT l.ordinal, e.offset, e.size, m.source_path, e.mtime_s, e.mtime_ns FROM merged m "
    "JOIN entry e ON e.layer = m.source_layer AND e.path = m.source_path AND e.kind = 'file' "
    "JOIN image_layer l ON l.image = m.image AND l.layer = m.source_layer "
    "WHERE m.image = :image AND m.path = :path ORDER BY l.ordinal LIMIT 1";

static bool has_changed(const char *source, struct err *err)
{
    return err_set(err, "%s: changed since it was loaded; run xsmall load again", source);
}

/* Checks that the image that an engine exports is still the loaded image. */
static bool check_identity(struct file_contents *c, struct bytes identity, struct err *err)
{
    MANIFEST_AUTO struct manifest manifest = {0};
    return manifest_read(&manifest, c->db, &c->source, (struct image_choice){0}, err) &&
           ((manifest.identity && bytes_equal(bytes_of(manifest.identity), identity)) ||
            has_changed(c->source.path, err));
}

static bool open_source(struct file_contents *c, const char *source, int64_t size, int64_t mtime_ns,
                        struct bytes identity, struct err *err)
{
    if (!strcmp(source, "-"))
        return err_set(err, "standard input: the image was not stored, so its contents cannot be "
                            "read; load it again with --spool FILE");
    if (!image_source_open(&c->source, source, image_format_sign, c->progress, err))
        return false;
    if (!source_kind_of(source)->is_path)
        return check_identity(c, identity, err);
    return ((int64_t)c->source.file_size == size && c->source.mtime_ns == mtime_ns) ||
           has_changed(source, err);
}

bool file_contents_open(struct db *db, const struct tree *tree, struct progress *progress,
                        struct file_contents **out, struct err *err)
{
    struct stmt *q = db_query(db, FIND_SOURCE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", tree->image);
    enum step step = stmt_step(q, err);
    if (step != STEP_ROW) {
        stmt_reset(q);
        return step == STEP_ERR ? false : err_set(err, "%s: no such image", db_path(db));
    }
    struct file_contents *c = mem_zero(1, sizeof *c);
    *c = (struct file_contents){
        .db = db, .tree = tree, .progress = progress, .source = SOURCE_NONE, .fd = -1};
    c->is_dir = bytes_equal(stmt_bytes(q, 0), bytes_of("rootfs-dir"));
    MEM_AUTO char *source = mem_dup(stmt_bytes(q, 1));
    MEM_AUTO char *identity = mem_dup(stmt_bytes(q, 4));
    int64_t size = stmt_int(q, 2), mtime_ns = stmt_int(q, 3);
    stmt_reset(q);
    if (!open_source(c, source, size, mtime_ns, bytes_of(identity), err)) {
        file_contents_close(c);
        return false;
    }
    *out = c;
    return true;
}

static void leave_layer(struct file_contents *c)
{
    blob_finish(&c->blob);
    image_source_extent_finish(&c->extent);
    spool_close_at(&c->fd);
    c->blob = (struct blob){0};
    c->extent = (struct image_source_extent){0};
    c->is_streaming = false;
    c->ordinal = 0;
}

void file_contents_close(struct file_contents *contents)
{
    if (!contents)
        return;
    leave_layer(contents);
    image_source_finish(&contents->source);
    free(contents);
}

void file_contents_close_at(struct file_contents **contents)
{
    file_contents_close(*contents);
}

/* Returns the position of a sparse file's header; -1 if column 1, offset, does not have it. */
static int64_t header_of(struct stmt *q)
{
    int64_t offset = stmt_is_null(q, 1) ? 0 : stmt_int(q, 1);
    return offset <= ENTRY_SPARSE ? -(offset - ENTRY_SPARSE) : -1;
}

bool file_contents_locate(struct file_contents *c, uint32_t node, struct file_contents_place *out,
                          struct err *err)
{
    struct stmt *q = db_query(c->db, LOCATE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", c->tree->image);
    stmt_bind_int(q, ":path", c->tree->nodes[node].path_id);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        *out =
            (struct file_contents_place){.ordinal = (uint32_t)stmt_int(q, 0),
                                         .has_offset = !stmt_is_null(q, 1) && stmt_int(q, 1) >= 0,
                                         .offset = (uint64_t)stmt_int(q, 1),
                                         .header = header_of(q),
                                         .size = (uint64_t)stmt_int(q, 2),
                                         .source_path = stmt_int(q, 3),
                                         .mtime_s = stmt_int(q, 4),
                                         .mtime_ns = (uint32_t)stmt_int(q, 5)};
    stmt_reset(q);
    return step == STEP_ROW || (step == STEP_DONE && err_set(err, "not a regular file"));
}

bool file_contents_path(struct file_contents *c, const struct file_contents_place *place,
                        struct buf *out, struct err *err)
{
    struct path_ids paths = path_ids_of(c->db);
    bool ok = path_ids_load_parents(&paths, place->source_path, err) &&
              path_ids_text(&paths, place->source_path, out, err);
    path_ids_finish(&paths);
    return ok;
}

int file_contents_open_file(struct file_contents *c, const struct file_contents_place *place,
                            struct err *err)
{
    BUF_AUTO struct buf path = {0};
    struct stat st;
    if (!file_contents_path(c, place, &path, err))
        return -1;
    int fd = rootfs_dir_open(c->source.fd, buf_bytes(&path));
    if (fd < 0 || fstat(fd, &st) != 0) {
        err_sys(err, "%s/%s", c->source.path, path.p);
    } else if (!S_ISREG(st.st_mode) || (uint64_t)st.st_size != place->size ||
               st.st_mtim.tv_sec != place->mtime_s ||
               (uint32_t)st.st_mtim.tv_nsec != place->mtime_ns) {
        has_changed(c->source.path, err);
        err_wrap(err, "%s", path.p);
    } else {
        return fd;
    }
    spool_close_at(&fd);
    return -1;
}

bool file_contents_go_to(struct file_contents *c, uint32_t ordinal, struct err *err)
{
    if (c->ordinal == ordinal)
        return true;
    leave_layer(c);
    struct stmt *q = db_query(c->db, FIND_LAYER, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", c->tree->image);
    stmt_bind_int(q, ":ordinal", ordinal);
    enum step step = stmt_step(q, err);
    if (step != STEP_ROW) {
        stmt_reset(q);
        return step == STEP_ERR ? false : err_set(err, "layer %u: not in the session", ordinal);
    }
    MEM_AUTO char *member = mem_dup(stmt_bytes(q, 0));
    uint64_t size = (uint64_t)stmt_int(q, 1);
    stmt_reset(q);
    if (!*member) /* a root file system: the source itself */
        c->extent.size = size = c->source.size;
    else if (!image_source_require(&c->source, bytes_of(member), &c->extent, err))
        return err_wrap(err, "%s", c->source.path);
    if (c->extent.size != size)
        return has_changed(c->source.path, err);
    c->fd = image_source_member_fd(&c->source, &c->extent, err);
    if (c->fd < 0 || !blob_sniff(c->fd, c->extent.offset, c->extent.size, &c->codec, err))
        return false;
    c->ordinal = ordinal;
    return true;
}

/* Decodes until `rest` contains the offset `from`. rest.n is 0 if the layer ends before that
 * offset. */
static bool stream_to(struct file_contents *c, uint64_t from, struct err *err)
{
    if (!c->is_streaming || from < c->at) {
        blob_finish(&c->blob);
        c->blob = (struct blob){0};
        c->is_streaming = false;
        if (!blob_open(&c->blob, c->fd, c->extent.offset, c->extent.size, c->progress, err))
            return false;
        c->blob.uncounted = true;
        c->is_streaming = true;
        c->at = 0;
        c->rest = (struct bytes){0};
    }
    while (from >= c->at + c->rest.n) {
        c->at += c->rest.n;
        if (!blob_next(&c->blob, &c->rest, err))
            return false;
        if (!c->rest.n)
            return true;
    }
    c->rest = bytes_skip(c->rest, (size_t)(from - c->at));
    c->at = from;
    return true;
}

bool file_contents_some(struct file_contents *c, uint64_t from, size_t n, char *buffer,
                        struct bytes *out, struct err *err)
{
    if (c->codec != CODEC_PLAIN) {
        bool ok = stream_to(c, from, err);
        *out = bytes_from(c->rest.p, c->rest.n < n ? c->rest.n : n);
        return ok || err_wrap(err, "%s: layer %u", c->source.path, c->ordinal);
    }
    uint64_t left = from < c->extent.size ? c->extent.size - from : 0;
    *out = bytes_from(buffer, n < left ? n : (size_t)left);
    return blob_pread(c->fd, buffer, out->n, c->extent.offset + from, err) ||
           err_wrap(err, "%s: layer %u", c->source.path, c->ordinal);
}

bool file_contents_layer(struct file_contents *contents, uint32_t ordinal, file_contents_take *take,
                         void *with, struct err *err)
{
    enum { PIECE = 256 * 1024 };
    MEM_AUTO char *buffer = mem_alloc(PIECE);
    struct bytes some;
    if (contents->is_dir)
        return err_set(err, "%s: a directory has no layers", contents->source.path);
    if (!file_contents_go_to(contents, ordinal, err))
        return false;
    uint64_t at = 0;
    do {
        if (!file_contents_some(contents, at, PIECE, buffer, &some, err) ||
            (some.n && !take(with, 0, 0, some, err)))
            return false;
        at += some.n;
    } while (some.n);
    return true;
}
