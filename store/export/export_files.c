/* SPDX-License-Identifier: MIT */
#include "export/export_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/verify_script.h"
#include "util/spool.h"

static bool write_verify(const struct export_output *output, int fd, struct err *err)
{
    BUF_AUTO struct buf script = {0};
    return verify_write(output->db, output->mapped, output->progress, &script, err) &&
           spool_write(fd, buf_bytes(&script), 0, err);
}

static bool write_text(const struct export_output *output, int fd, struct err *err)
{
    return spool_write(fd, buf_bytes(&output->text->text), 0, err);
}

/* Writes a temporary file in the same directory, then renames it. */
static bool write_file(const struct export_output *output, const char *dir, const char *name,
                       bool (*write)(const struct export_output *output, int fd, struct err *err),
                       struct err *err)
{
    BUF_AUTO struct buf path = {0}, part = {0};
    buf_printf(&path, "%s/%s", dir, name);
    buf_printf(&part, "%s/.%s.part", dir, name);
    int fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return err_sys(err, "%s", path.p);
    bool ok = write(output, fd, err);
    if (close(fd) && ok)
        ok = err_sys(err, "%s", path.p);
    if (ok && rename(part.p, path.p))
        ok = err_sys(err, "%s", path.p);
    if (!ok)
        unlink(part.p);
    return ok;
}

bool export_files_write(const struct export_output *output, const char *dir, struct err *err)
{
    const struct export_form *form = output->text->form;
    if (mkdir(dir, 0777) && errno != EEXIST)
        return err_sys(err, "%s", dir);
    if (form->archive_file &&
        !write_file(output, dir, form->archive_file, form->write_archive, err))
        return false;
    if (output->request->verify && !write_file(output, dir, "verify.sh", write_verify, err))
        return false;
    return !form->text_file || write_file(output, dir, form->text_file, write_text, err);
}
