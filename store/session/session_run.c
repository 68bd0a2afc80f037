/* SPDX-License-Identifier: MIT */
#include "session/session_run.h"

#include <stdio.h>
#include <unistd.h>

#include "export/forms/slim_tar.h"
#include "export/mapped_tree.h"
#include "util/clock.h"
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

/* The slim image is not larger, except for files that only the base has. */
static uint64_t tree_bytes(const struct tree *tree)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < tree->n; i++)
        if (tree->nodes[i].peer == NODE_NONE || tree->nodes[i].peer == i)
            bytes += (uint64_t)tree->nodes[i].size;
    return bytes;
}

static bool execute(struct session *session, const struct run_spec *spec, enum session_tree tree,
                    struct progress *progress, struct run_result *result, struct err *err)
{
    struct image_writer writer = {session, tree, progress};
    struct run_request request = {.spec = spec,
                                  .write_image = write_image,
                                  .with = &writer,
                                  .image_bytes = tree_bytes(session->subject),
                                  .progress = progress};
    return run_execute(&request, result, err);
}

bool session_run(struct session *session, const struct session_run *run, struct progress *progress,
                 struct run_result *result, struct load_result *loaded, struct err *err)
{
    *loaded = (struct load_result){0};
    return execute(session, run->spec, run->tree, progress, result, err) &&
           load_logs(session, run, result, progress, loaded, err) && session_reload(session, err) &&
           session_settle(session, NULL, err);
}

/* A time of day in the output has another second in the second run, so that it is masked. */
static void wait_for_next_second(uint64_t began_ns)
{
    enum { SECOND_NS = 1100000000 };
    uint64_t now = clock_ns();
    if (now - began_ns < SECOND_NS)
        usleep((useconds_t)((SECOND_NS - (now - began_ns)) / 1000));
}

static bool run_three(struct session *session, const struct session_check *check,
                      struct progress *progress, struct run_result results[3], struct err *err)
{
    static const enum session_tree trees[] = {SESSION_SUBJECT, SESSION_SUBJECT, SESSION_SLIM};
    for (unsigned i = 0; i < 3; i++) {
        uint64_t began = clock_ns();
        if (check->begins)
            check->begins(check->with, i + 1);
        if (!execute(session, check->spec, trees[i], progress, &results[i], err))
            return false;
        if (i == 0 && !run_passed(check->spec, &results[0]))
            return err_set(err,
                           "%s: the program or a test fails in the subject image; see xsmall "
                           "run with the same options",
                           check->spec->command.items[0]);
        if (i == 0)
            wait_for_next_second(began);
    }
    return true;
}

bool session_check(struct session *session, const struct session_check *check,
                   struct progress *progress, struct run_comparison *comparison, struct err *err)
{
    struct run_result results[3];
    struct load_result loaded = {0};
    struct session_run slim = {check->spec, SESSION_SLIM, check->name};
    for (size_t i = 0; i < 3; i++)
        results[i] = (struct run_result){.dir.lock = -1};
    bool ok =
        run_three(session, check, progress, results, err) &&
        run_compare(check->spec, results, check->ignored, check->compare_output, comparison, err) &&
        load_logs(session, &slim, &results[2], progress, &loaded, err) &&
        session_reload(session, err) && session_settle(session, NULL, err);
    for (size_t i = 0; i < 3; i++)
        run_result_finish(&results[i]);
    return ok;
}
