/* SPDX-License-Identifier: MIT */
#include "export/export_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "export/verify_script.h"
#include "util/interrupt.h"
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

/* One file of the form: written under a temporary name, and renamed when all files are written. */
struct part {
    const char *name; /* borrowed */
    bool (*write)(const struct export_output *output, int fd, struct err *err);
};
enum { PARTS_MAX = 3 };

static void path_of(const char *dir, const char *name, struct buf *path, struct buf *part)
{
    buf_printf(path, "%s/%s", dir, name);
    buf_printf(part, "%s/.%s.part", dir, name);
}

static bool write_part(const struct export_output *output, const char *dir, const struct part *file,
                       struct err *err)
{
    BUF_AUTO struct buf path = {0}, part = {0};
    path_of(dir, file->name, &path, &part);
    int fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (fd < 0)
        return err_sys(err, "%s", path.p);
    bool ok = file->write(output, fd, err);
    if (close(fd) && ok)
        ok = err_sys(err, "%s", path.p);
    if (!ok)
        unlink(part.p);
    return ok;
}

static bool rename_part(const char *dir, const struct part *file, struct err *err)
{
    BUF_AUTO struct buf path = {0}, part = {0};
    path_of(dir, file->name, &path, &part);
    return rename(part.p, path.p) == 0 || err_sys(err, "%s", path.p);
}

static void remove_part(const char *dir, const struct part *file)
{
    BUF_AUTO struct buf path = {0}, part = {0};
    path_of(dir, file->name, &path, &part);
    unlink(part.p);
}

static size_t list_parts(const struct export_output *output, struct part *out)
{
    const struct export_form *form = output->text->form;
    size_t n = 0;
    if (form->archive_file)
        out[n++] = (struct part){form->archive_file, form->write_archive};
    if (output->request->verify)
        out[n++] = (struct part){"verify.sh", write_verify};
    if (form->text_file)
        out[n++] = (struct part){form->text_file, write_text};
    return n;
}

bool export_files_write(const struct export_output *output, const char *dir, struct err *err)
{
    struct part files[PARTS_MAX];
    size_t n = list_parts(output, files), n_written = 0, n_renamed = 0;
    bool is_made = mkdir(dir, 0777) == 0;
    if (!is_made && errno != EEXIST)
        return err_sys(err, "%s", dir);
    bool ok = true;
    while (ok && n_written < n)
        if ((ok = write_part(output, dir, &files[n_written], err)))
            n_written++;
    if (ok && interrupt_is_on())
        ok = err_cancelled(err);
    while (ok && n_renamed < n)
        if ((ok = rename_part(dir, &files[n_renamed], err)))
            n_renamed++;
    for (size_t i = n_renamed; i < n_written; i++)
        remove_part(dir, &files[i]);
    if (!ok && is_made)
        rmdir(dir); /* fails if it is not empty */
    return ok;
}
