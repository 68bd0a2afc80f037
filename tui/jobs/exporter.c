/* SPDX-License-Identifier: MIT */
#include "jobs/exporter.h"

#include "session/session.h"

static bool write_all(struct exporting *e, struct xsmall *x, const struct moved *moved,
                      struct progress *progress, struct err *err)
{
    BUF_AUTO struct buf subject = {0}, base = {0};
    struct export_request request = e->request;
    if (!xsmall_names(x, &subject, &base, err))
        return false;
    request.with_files = e->dir;
    request.subject_name = buf_bytes(&subject);
    request.base_name = buf_bytes(&base);
    request.base_config = bytes_of(x->base_info.config);
    if (!export_write(&request, moved, &e->text, &e->form, &e->warnings, err))
        return false;
    if (!e->dir && export_has_files(e->form))
        return err_set(err, "export: --form %s writes %s: name a directory with -o",
                       export_form_name(e->form),
                       e->form == EXPORT_TAR ? "rootfs.tar too" : "image.tar");
    return !e->dir || export_files(x->db, &request, e->form, moved, buf_bytes(&e->text), e->dir,
                                   progress, &e->warnings, err);
}

bool exporting_run(void *with, struct progress *progress, struct err *err)
{
    struct exporting *e = with;
    struct xsmall *x = NULL;
    MOVES_AUTO struct moves *moves = NULL;
    struct moved moved = {0};
    bool ok = xsmall_open(e->session, DB_READ, &x, err) &&
              (x->subject || err_set(err, "%s: no image is loaded", db_path(x->db))) &&
              moves_read(x->db, &moves, err) && xsmall_settle(x, &progress->cancel, err);
    if (ok) {
        struct keep_input input = xsmall_keep_input(x);
        ok = moved_make(&moved, &input, x->keep, moves, err) &&
             write_all(e, x, &moved, progress, err);
    }
    moved_finish(&moved);
    xsmall_close(x);
    return ok;
}

void exporting_finish(struct exporting *exporting)
{
    buf_finish(&exporting->text);
    buf_finish(&exporting->warnings);
}
