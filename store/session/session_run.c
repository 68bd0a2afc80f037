/* SPDX-License-Identifier: MIT */
#include "session/session_run.h"

#include <stdio.h>
#include <sys/stat.h>

#include "export/forms/slim_tar.h"
#include "export/mapped_tree.h"
#include "util/path.h"

struct image_writer {
    struct session *session;
    enum session_tree tree;
    struct progress *progress;
};

static bool write_subject(const struct image_writer *writer, int fd, struct err *err)
{
    struct tar_tree tree;
    struct session *session = writer->session;
    struct mapped_tree whole = {.input = {.subject = session->subject}, .source = session->subject};
    tar_tree_of_subject(&tree, &whole);
    bool ok = slim_tar_write(session->db, &tree, writer->progress, fd, err);
    tar_tree_finish(&tree);
    return ok;
}

static bool write_slim(const struct image_writer *writer, int fd, struct err *err)
{
    struct session *session = writer->session;
    MAP_RULES_AUTO struct map_rules *rules = NULL;
    struct keep_input input = session_keep_input(session);
    struct mapped_tree mapped;
    struct tar_tree tree;
    if (!map_rules_read(session->db, &rules, err) ||
        !mapped_tree_make(&mapped, &input, session->keep, rules, err))
        return false;
    tar_tree_of_final(&tree, &mapped);
    bool ok = slim_tar_write(session->db, &tree, writer->progress, fd, err);
    tar_tree_finish(&tree);
    mapped_tree_finish(&mapped);
    return ok;
}

static bool write_image(void *with, int fd, struct err *err)
{
    const struct image_writer *writer = with;
    return writer->tree == SESSION_SUBJECT ? write_subject(writer, fd, err)
                                           : write_slim(writer, fd, err);
}

static const char FIND_RUN[] = "SELECT 1 FROM run WHERE name = :name";

static bool run_exists(struct session *session, const char *name, bool *exists, struct err *err)
{
    struct stmt *q = db_query(session->db, FIND_RUN, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":name", bytes_of(name));
    enum step step = stmt_step(q, err);
    stmt_reset(q);
    *exists = step == STEP_ROW;
    return step != STEP_ERR;
}

bool session_run_name(struct session *session, const char *name, struct buf *out, struct err *err)
{
    bool exists;
    if (name) {
        buf_add(out, bytes_of(name));
        return run_exists(session, name, &exists, err) &&
               (!exists || err_set(err,
                                   "run %s: the session already has it; give another name "
                                   "with --run",
                                   name));
    }
    for (unsigned n = 1;; n++) {
        buf_clear(out);
        buf_printf(out, "run%u", n);
        if (!run_exists(session, out->p, &exists, err))
            return false;
        if (!exists)
            return true;
    }
}

static bool load_logs(struct session *session, const struct session_run *run,
                      const struct run_result *result, struct progress *progress,
                      struct load_result *loaded, struct err *err)
{
    BUF_AUTO struct buf directory = {0};
    buf_add(&directory, path_dir(buf_bytes(&result->dir.log)));
    const char *operand = directory.p;
    struct load_request request = {.session_path = db_path(session->db),
                                   .operands = &operand,
                                   .n_operands = 1,
                                   .run = run->name,
                                   .cwd = run->spec->working_directory,
                                   .directory_name = run->name,
                                   .check = run->tree == SESSION_SLIM};
    return session_load(&request, progress, loaded, err);
}

bool session_run(struct session *session, const struct session_run *run, struct progress *progress,
                 struct run_result *result, struct load_result *loaded, struct err *err)
{
    struct image_writer writer = {session, run->tree, progress};
    struct run_request request = {
        .spec = run->spec, .write_image = write_image, .with = &writer, .progress = progress};
    *loaded = (struct load_result){0};
    return run_execute(&request, result, err) &&
           load_logs(session, run, result, progress, loaded, err) && session_reload(session, err) &&
           session_settle(session, NULL, err);
}
