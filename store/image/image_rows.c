/* SPDX-License-Identifier: MIT */
#include "image/image_rows.h"

#include <stdlib.h>
#include <string.h>

#include "image/source/source_kind.h"
#include "util/spool.h"

static const char FIND_IMAGE[] = "SELECT id, ref, kind, source, identity, name, size, mtime_ns "
                                 "FROM image WHERE role = :role AND complete = 1";
static const char ADD_IMAGE[] =
    "INSERT INTO image (role, ref, kind, source, size, mtime_ns, identity, name, config, load) "
    "VALUES (:role, :ref, :kind, :source, :size, :mtime_ns, :identity, :name, :config, :load)";
static const char MOVE_IMAGE[] = "UPDATE image SET kind = :kind, source = :source, size = :size, "
                                 "mtime_ns = :mtime_ns WHERE id = :image";
static const char ADD_PLACE[] =
    "INSERT INTO image_layer (image, ordinal, layer, command, member, offset, size, codec) "
    "VALUES (:image, :ordinal, :layer, :command, :member, :offset, :size, :codec)";
static const char MOVE_PLACE[] =
    "UPDATE image_layer SET member = :member, offset = :offset, size = :size, codec = :codec "
    "WHERE image = :image AND ordinal = :ordinal";
static const char SET_DEAD[] = "UPDATE image_layer SET dead_bytes = :dead "
                               "WHERE image = :image AND ordinal = :ordinal";
static const char FIND_LAYER[] = "SELECT id FROM layer WHERE diff_id = :diff_id "
                                 "AND (complete = 1 OR load = :load)";
static const char ADD_LAYER[] =
    "INSERT INTO layer (diff_id, bytes, load) VALUES (:diff_id, 0, :load)";
static const char NAME_LAYER[] = "UPDATE layer SET diff_id = :diff_id WHERE id = :layer";
static const char ORPHAN_LAYER[] = "UPDATE layer SET load = 0 WHERE id = :layer";

static enum lookup lookup_of(enum step step)
{
    return step == STEP_ERR ? LOOKUP_ERR : step == STEP_ROW ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

enum lookup image_rows_find_image(struct db *db, const char *role, struct image_row *out,
                                  struct err *err)
{
    *out = (struct image_row){0};
    struct stmt *q = db_query(db, FIND_IMAGE, err);
    if (!q)
        return LOOKUP_ERR;
    stmt_bind_text(q, ":role", bytes_of(role));
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW) {
        out->id = stmt_int(q, 0);
        out->ref = mem_dup(stmt_bytes(q, 1));
        out->kind = mem_dup(stmt_bytes(q, 2));
        out->source = mem_dup(stmt_bytes(q, 3));
        out->identity = mem_dup(stmt_bytes(q, 4));
        out->name = mem_dup(stmt_bytes(q, 5));
        out->size = stmt_int(q, 6);
        out->mtime_ns = stmt_int(q, 7);
    }
    stmt_reset(q);
    return lookup_of(step);
}

void image_row_finish(struct image_row *image)
{
    free(image->ref);
    free(image->kind);
    free(image->source);
    free(image->identity);
    free(image->name);
    *image = (struct image_row){0};
}

bool image_rows_is_at(const struct image_row *image, const struct image_source *source,
                      const char *kind)
{
    return strcmp(image->source, source->path) == 0 && strcmp(image->kind, kind) == 0 &&
           image->size == (int64_t)source->file_size && image->mtime_ns == source->mtime_ns;
}

static void bind_source(struct stmt *q, const struct image_source *source, const char *kind)
{
    stmt_bind_text(q, ":kind", bytes_of(kind));
    stmt_bind_text(q, ":source", bytes_of(source->path));
    stmt_bind_int(q, ":size", (int64_t)source->file_size);
    stmt_bind_int(q, ":mtime_ns", source->mtime_ns);
}

/* Binds the location of a layer's stored bytes. The layer of a rootfs is the source itself. */
static bool bind_place(struct stmt *q, const struct image_source *source,
                       const struct image_source_extent *extent, struct err *err)
{
    enum codec codec = source->codec;
    bool is_rootfs = !extent->name.n;
    if (!is_rootfs) {
        FD_AUTO int fd = image_source_member_fd(source, extent, err);
        if (fd < 0 || !blob_sniff(fd, extent->offset, extent->size, &codec, err))
            return false;
    }
    stmt_bind_text(q, ":member", buf_bytes(&extent->name));
    stmt_bind_int(q, ":offset", (int64_t)extent->offset);
    stmt_bind_int(q, ":size", (int64_t)(is_rootfs ? source->file_size : extent->size));
    stmt_bind_text(q, ":codec", bytes_of(codec_name(codec)));
    return true;
}

bool image_rows_move(struct db *db, int64_t image, const struct image_source *source,
                     const struct manifest *manifest, struct err *err)
{
    struct stmt *q = db_query(db, MOVE_IMAGE, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", image);
    bind_source(q, source, manifest->kind);
    if (!stmt_run(q, err))
        return false;
    for (size_t i = 0; i < manifest->n; i++) {
        q = db_query(db, MOVE_PLACE, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":image", image);
        stmt_bind_int(q, ":ordinal", (int64_t)i + 1);
        if (!bind_place(q, source, &manifest->layers[i].extent, err) || !stmt_run(q, err))
            return false;
    }
    return true;
}

bool image_rows_add_image(struct db *db, const struct image_request *request,
                          const struct image_source *source, const struct manifest *manifest,
                          const char *identity, int64_t *id, struct err *err)
{
    struct stmt *q = db_query(db, ADD_IMAGE, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":role", bytes_of(request->role));
    stmt_bind_text(q, ":ref", bytes_of(source_public_ref(request->ref)));
    bind_source(q, source, manifest->kind);
    stmt_bind_text(q, ":identity", bytes_of(identity));
    stmt_bind_text(q, ":name", bytes_of(manifest->name));
    stmt_bind_text(q, ":config", buf_bytes(&manifest->config));
    stmt_bind_int(q, ":load", request->load);
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(db);
    return true;
}

bool image_rows_add_layers(struct db *db, int64_t image, const struct image_source *source,
                           const struct manifest *manifest, const int64_t *ids, struct err *err)
{
    for (size_t i = 0; i < manifest->n; i++) {
        const struct manifest_layer *layer = &manifest->layers[i];
        struct stmt *q = db_query(db, ADD_PLACE, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":image", image);
        stmt_bind_int(q, ":ordinal", (int64_t)i + 1);
        stmt_bind_int(q, ":layer", ids[i]);
        if (layer->command)
            stmt_bind_text(q, ":command", bytes_of(layer->command));
        if (!bind_place(q, source, &layer->extent, err) || !stmt_run(q, err))
            return false;
    }
    return true;
}

bool image_rows_set_dead(struct db *db, int64_t image, size_t ordinal, int64_t dead_bytes,
                         struct err *err)
{
    struct stmt *q = db_query(db, SET_DEAD, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", image);
    stmt_bind_int(q, ":ordinal", (int64_t)ordinal);
    stmt_bind_int(q, ":dead", dead_bytes);
    return stmt_run(q, err);
}

enum lookup image_rows_find_layer(struct db *db, const char *diff_id, int64_t load, int64_t *id,
                                  struct err *err)
{
    struct stmt *q = db_query(db, FIND_LAYER, err);
    if (!q)
        return LOOKUP_ERR;
    stmt_bind_text(q, ":diff_id", bytes_of(diff_id));
    stmt_bind_int(q, ":load", load);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        *id = stmt_int(q, 0);
    stmt_reset(q);
    return lookup_of(step);
}

bool image_rows_add_layer(struct db *db, const char *diff_id, int64_t load, int64_t *id,
                          struct err *err)
{
    struct stmt *q = db_query(db, ADD_LAYER, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":diff_id", bytes_of(diff_id));
    stmt_bind_int(q, ":load", load);
    if (!stmt_run(q, err))
        return false;
    *id = db_last_id(db);
    return true;
}

bool image_rows_name_layer(struct db *db, int64_t layer, const char *diff_id, struct err *err)
{
    struct stmt *q = db_query(db, NAME_LAYER, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", layer);
    stmt_bind_text(q, ":diff_id", bytes_of(diff_id));
    return stmt_run(q, err);
}

bool image_rows_orphan_layer(struct db *db, int64_t layer, struct err *err)
{
    struct stmt *q = db_query(db, ORPHAN_LAYER, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", layer);
    return stmt_run(q, err);
}
