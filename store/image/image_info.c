/* SPDX-License-Identifier: MIT
 *
 * Detects the kind of an operand, derives the default name of an image, and reads the image of a
 * session.
 */
#include "image/image.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/format/image_format.h"
#include "image/layer/layer.h"
#include "image/source/source_kind.h"
#include "util/spool.h"

bool image_read_stdin(const char *spool, struct buf *ref, struct err *err)
{
    return stdin_source_read(spool, ref, err);
}

bool image_operand(const char *path, enum operand *out, struct err *err)
{
    *out = OPERAND_IMAGE;
    if (!source_kind_of(path)->is_path)
        return true;
    struct stat st;
    FD_AUTO int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0)
        return err_sys(err, "%s", path);
    if (S_ISDIR(st.st_mode)) {
        *out = image_format_is_dir(fd) ? OPERAND_IMAGE : OPERAND_LOGS_DIR;
        return true;
    }
    bool tar = S_ISREG(st.st_mode) && layer_is_tar(fd, (uint64_t)st.st_size);
    *out = tar ? OPERAND_IMAGE : OPERAND_FILE;
    return true;
}

/* Parses the JSON with a database in memory, because a session does not need to exist yet. */
bool image_default_name(const char *ref, struct image_choice choice, struct buf *out,
                        struct err *err)
{
    BUF_AUTO struct buf name = {0};
    source_ref_name(ref, &name);
    buf_add(out, buf_bytes(&name));
    if (name.n) /* the reference has a name: fetch nothing */
        return true;
    SOURCE_AUTO struct image_source source = SOURCE_NONE;
    MANIFEST_AUTO struct manifest manifest = {0};
    struct db *db;
    if (!image_source_open(&source, ref, image_format_sign, NULL, err) || !db_open_memory(&db, err))
        return false;
    bool ok = manifest_read(&manifest, db, &source, choice, err);
    db_close(db);
    if (ok)
        buf_add(out, bytes_of(manifest.name));
    return ok;
}

bool image_offers_read(const char *ref, struct image_choice choice, struct image_offers *out,
                       struct err *err)
{
    *out = (struct image_offers){0};
    if (!source_kind_of(ref)->is_path) /* an engine exports one image */
        return true;
    SOURCE_AUTO struct image_source source = SOURCE_NONE;
    struct db *db;
    if (!image_source_open(&source, ref, image_format_sign, NULL, err) || !db_open_memory(&db, err))
        return false;
    bool ok = manifest_offers(out, db, &source, choice, err);
    db_close(db);
    return ok;
}

static const char READ_IMAGE[] =
    "SELECT id, ref, source, name, config FROM image WHERE role = :role AND complete = 1";

enum lookup image_info_read(struct db *db, const char *role, struct image_info *out,
                            struct err *err)
{
    *out = (struct image_info){0};
    struct stmt *q = db_query(db, READ_IMAGE, err);
    if (!q)
        return LOOKUP_ERR;
    stmt_bind_text(q, ":role", bytes_of(role));
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW) {
        out->id = stmt_int(q, 0);
        out->ref = mem_dup(stmt_bytes(q, 1));
        out->source = mem_dup(stmt_bytes(q, 2));
        out->name = mem_dup(stmt_bytes(q, 3));
        out->config = mem_dup(stmt_bytes(q, 4));
    }
    stmt_reset(q);
    return step == STEP_ERR ? LOOKUP_ERR : step == STEP_ROW ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

void image_info_finish(struct image_info *info)
{
    free(info->ref);
    free(info->source);
    free(info->name);
    free(info->config);
    *info = (struct image_info){0};
}
