/* SPDX-License-Identifier: MIT */
#include "threads/exporter.h"

#include "session/session.h"

static bool write_export(struct exporting *exporting, struct session *session,
                         const struct mapped_tree *mapped, struct progress *progress,
                         struct err *err)
{
    BUF_AUTO struct buf subject = {0}, base = {0};
    struct export_request request = exporting->request;
    if (!session_names(session, &subject, &base, err))
        return false;
    request.with_files = exporting->dir;
    request.subject_name = buf_bytes(&subject);
    request.base_name = buf_bytes(&base);
    request.base_config = bytes_of(session->base_info.config);
    if (!export_write(&request, mapped, &exporting->text, err))
        return false;
    const struct export_form *form = exporting->text.form;
    if (!exporting->dir && form->archive_file)
        return err_set(err, "export: --form %s %s %s; name a directory with -o", form->name,
                       form->text_file ? "also writes" : "writes", form->archive_file);
    struct export_output output = {session->db, &request, mapped, &exporting->text, progress};
    return !exporting->dir || export_files_write(&output, exporting->dir, err);
}

bool exporting_run(void *with, struct progress *progress, struct err *err)
{
    struct exporting *exporting = with;
    struct session *session = NULL;
    MAP_RULES_AUTO struct map_rules *rules = NULL;
    struct mapped_tree mapped = {0};
    bool ok = session_open(exporting->session_path, DB_READ, &session, err) &&
              (session->subject || err_set(err, "%s: no image is loaded", db_path(session->db))) &&
              map_rules_read(session->db, &rules, err) &&
              session_settle(session, &progress->cancel, err);
    if (ok) {
        struct keep_input input = session_keep_input(session);
        ok = mapped_tree_make(&mapped, &input, session->keep, rules, err) &&
             write_export(exporting, session, &mapped, progress, err);
    }
    mapped_tree_finish(&mapped);
    session_close(session);
    return ok;
}

void exporting_finish(struct exporting *exporting)
{
    export_text_finish(&exporting->text);
}
