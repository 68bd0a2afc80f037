/* SPDX-License-Identifier: MIT */
#include "export/export_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/forms/slim_tar.h"
#include "export/verify_script.h"
#include "util/spool.h"

struct writing {
    struct db *db;
    const struct export_request *request;
    const struct mapped_tree *moved;
    struct bytes text;
    struct progress *progress;
    struct buf *warnings;
};

const char *export_text_name(enum export_form form)
{
    return form == EXPORT_IMAGE     ? NULL
           : form == EXPORT_LIST    ? "list.txt"
           : form == EXPORT_REMOVED ? "removed.txt"
           : form == EXPORT_JSON    ? "plan.json"
           : form == EXPORT_PLAN    ? "plan.txt"
                                    : "Dockerfile";
}

bool export_has_files(enum export_form form)
{
    return form == EXPORT_TAR || form == EXPORT_IMAGE;
}

static bool write_rootfs(struct writing *w, int fd, struct err *err)
{
    struct tar_tree rootfs;
    tar_tree_of_kept(&rootfs, w->moved);
    bool ok = export_tar(w->db, &rootfs, w->progress, fd, err);
    tar_tree_finish(&rootfs);
    return ok;
}

static bool write_image(struct writing *w, int fd, struct err *err)
{
    struct image_archive archive = {.style = w->request->style,
                                    .no_squash = w->request->no_squash,
                                    .squash_only = w->request->squash_only,
                                    .subject_name = w->request->subject_name,
                                    .base_config = w->request->base_config};
    return export_image(w->db, w->moved, &archive, w->progress, fd, w->warnings, err);
}

static bool write_verify(struct writing *w, int fd, struct err *err)
{
    BUF_AUTO struct buf script = {0};
    return verify_write(w->db, w->moved, w->progress, &script, err) &&
           spool_write(fd, buf_bytes(&script), 0, err);
}

static bool write_text(struct writing *w, int fd, struct err *err)
{
    return spool_write(fd, w->text, 0, err);
}

/* Beside it, then renamed. */
static bool put(struct writing *w, const char *dir, const char *name,
                bool (*write)(struct writing *w, int fd, struct err *err), struct err *err)
{
    BUF_AUTO struct buf path = {0}, part = {0};
    buf_printf(&path, "%s/%s", dir, name);
    buf_printf(&part, "%s/.%s.part", dir, name);
    int fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return err_sys(err, "%s", path.p);
    bool ok = write(w, fd, err);
    if (close(fd) && ok)
        ok = err_sys(err, "%s", path.p);
    if (ok && rename(part.p, path.p))
        ok = err_sys(err, "%s", path.p);
    if (!ok)
        unlink(part.p);
    return ok;
}

bool export_files(struct db *db, const struct export_request *request, enum export_form form,
                  const struct mapped_tree *moved, struct bytes text, const char *dir,
                  struct progress *progress, struct buf *warnings, struct err *err)
{
    struct writing w = {db, request, moved, text, progress, warnings};
    const char *name = export_text_name(form);
    if (mkdir(dir, 0777) && errno != EEXIST)
        return err_sys(err, "%s", dir);
    if (form == EXPORT_TAR && !put(&w, dir, "rootfs.tar", write_rootfs, err))
        return false;
    if (form == EXPORT_IMAGE && !put(&w, dir, "image.tar", write_image, err))
        return false;
    if (request->verify && !put(&w, dir, "verify.sh", write_verify, err))
        return false;
    return !name || put(&w, dir, name, write_text, err);
}
