/* SPDX-License-Identifier: MIT
 *
 * Runs one load: detects the type of each operand, loads images and logs under one `load` row, and
 * makes all of them visible with one commit.
 */
#include "session/session.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/loading.h"
#include "trace/log/log_sources.h"
#include "trace/trace.h"

/* The operands by type. Strings are borrowed; the array is owned. */
struct sorted {
    const char *image; /* NULL: no image operand */
    const char **logs;
    size_t n_logs;
};

static bool sort_operands(const struct load_request *request, struct sorted *sorted,
                          struct err *err)
{
    sorted->logs = mem_array(NULL, request->n_operands, sizeof *sorted->logs);
    for (size_t i = 0; i < request->n_operands; i++) {
        const char *operand = request->operands[i];
        enum operand kind;
        bool is_log = false;
        char reason[LOG_SOURCES_REASON_MAX] = "";
        if (!image_operand(operand, &kind, err))
            return false;
        if (kind == OPERAND_IMAGE) {
            if (sorted->image)
                return err_set(err, "%s: a second image, after %s; a session has one subject image",
                               operand, sorted->image);
            sorted->image = operand;
            continue;
        }
        if (kind == OPERAND_FILE && !log_sources_reason(operand, &is_log, reason, err))
            return false;
        if (kind == OPERAND_FILE && !is_log)
            return err_set(err, "%s: neither an image nor a strace log%s%s", operand,
                           reason[0] ? "; " : "", reason);
        sorted->logs[sorted->n_logs++] = operand;
    }
    return true;
}

static bool load_image(struct db *db, const struct image_request *request,
                       struct progress *progress, bool *new, bool *same, struct err *err)
{
    if (!image_load(db, request, progress, same, err))
        return false;
    *new = !*same;
    return true;
}

/* WORKDIR of the subject image, also if this load has not committed the image yet. */
static const char IMAGE_CWD[] =
    "SELECT json_extract(config, '$.config.WorkingDir') FROM image WHERE role = 'subject' AND "
    "(complete = 1 OR load = :load) AND json_valid(config) ORDER BY load = :load DESC LIMIT 1";

static bool image_cwd(struct db *db, int64_t load, struct buf *out, struct err *err)
{
    struct stmt *q = db_query(db, IMAGE_CWD, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":load", load);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        buf_add(out, stmt_bytes(q, 0));
    stmt_reset(q);
    return step != STEP_ERR;
}

static bool load_logs(struct db *db, const struct sorted *sorted,
                      const struct load_request *request, int64_t load, struct progress *progress,
                      struct load_result *result, struct err *err)
{
    BUF_AUTO struct buf cwd = {0};
    struct trace_result trace = {0};
    if (!image_cwd(db, load, &cwd, err))
        return false;
    struct trace_request logs = {.operands = sorted->logs,
                                 .n_operands = sorted->n_logs,
                                 .run = request->run,
                                 .keep_runs = request->keep_runs,
                                 .directory_name = request->directory_name,
                                 .role = request->check ? "check" : "evidence",
                                 .cwd = request->cwd,
                                 .image_cwd = cwd.n ? cwd.p : NULL,
                                 .load = load};
    if (!trace_load(db, &logs, progress, &trace, err))
        return false;
    result->n_new = trace.n_new;
    result->n_same = trace.n_same;
    result->n_grown = trace.n_grown;
    result->n_changed = trace.n_changed;
    return true;
}

static const char DROP_BASE[] =
    "UPDATE image SET complete = 0 WHERE role = 'base' AND complete = 1";

static bool drop_base(struct db *db, struct err *err)
{
    struct stmt *q;
    if (!db_begin(db, err))
        return false;
    if (!(q = db_query(db, DROP_BASE, err)) || !stmt_run(q, err) ||
        !db_setting_set(db, "state.stale", bytes_of("1"), err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err) && loading_clean(db, err);
}

static bool load_into(struct db *db, const struct sorted *sorted,
                      const struct load_request *request, struct progress *progress,
                      struct load_result *result, struct err *err)
{
    int64_t load;
    bool no_base = request->base && !strcmp(request->base, "none");
    if (!loading_begin(db, &load, err))
        return false;
    struct image_request subject = {.ref = sorted->image,
                                    .role = "subject",
                                    .choice = request->choice,
                                    .verify = request->verify,
                                    .replace = request->replace,
                                    .load = load};
    struct image_request base = {.ref = request->base,
                                 .role = "base",
                                 .choice = {.platform = request->choice.platform},
                                 .verify = request->verify,
                                 .replace = true,
                                 .load = load};
    bool ok = true;
    if (sorted->image)
        ok = load_image(db, &subject, progress, &result->image_new, &result->image_same, err);
    if (ok && request->base && !no_base)
        ok = load_image(db, &base, progress, &result->base_new, &result->base_same, err);
    if (ok && sorted->n_logs)
        ok = load_logs(db, sorted, request, load, progress, result, err);
    progress->phase = PROGRESS_COMMIT;
    if (ok && atomic_load(&progress->cancel))
        ok = err_cancelled(err);
    if (!ok || !loading_finish(db, load, err)) {
        loading_abandon(db, load);
        return false;
    }
    return !no_base || drop_base(db, err);
}

bool session_load(const struct load_request *request, struct progress *progress,
                  struct load_result *result, struct err *err)
{
    struct sorted sorted = {0};
    struct db *db = NULL;
    bool ok =
        sort_operands(request, &sorted, err) && db_open(request->session_path, DB_CREATE, &db, err);
    ok = ok && load_into(db, &sorted, request, progress, result, err);
    if (ok && request->shown) {
        request->shown(request->with);
        db_checkpoint(
            db); /* a reader that has the session open prevents the checkpoint in db_close */
    }
    if (ok)
        db_close(db);
    else if (db)
        db_discard(db);
    free(sorted.logs);
    progress->phase = PROGRESS_IDLE;
    return ok;
}
