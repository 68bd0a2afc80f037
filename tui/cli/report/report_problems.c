/* SPDX-License-Identifier: MIT */
#include "cli/report/report_problems.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/output.h"

enum { LINES_MAX = 5 };

/* Problems of skipped logs have the same load. */
static const char PROBLEMS[] =
    "SELECT where_, what, n FROM problem WHERE load IN (SELECT load FROM image WHERE complete = 1 "
    "AND ((role = 'subject' AND :subject) OR (role = 'base' AND :base))) "
    "AND what NOT LIKE 'skipped: %' ORDER BY where_, what";

static void put_problem(struct stmt *q)
{
    int64_t n = stmt_int(q, 2);
    fputs("xsmall: warning: /", stderr);
    output_word(stderr, stmt_bytes(q, 0));
    fputs(": ", stderr);
    output_word(stderr, stmt_bytes(q, 1));
    if (n > 1)
        fprintf(stderr, " (%" PRId64 " times)", n);
    fputc('\n', stderr);
}

bool report_problems_warn(struct session *session, const struct load_result *result,
                          struct err *err)
{
    struct stmt *q = db_query(session->db, PROBLEMS, err);
    enum step step;
    int64_t n = 0, n_printed = 0;
    if (!q)
        return false;
    stmt_bind_int(q, ":subject", result->image_new);
    stmt_bind_int(q, ":base", result->base_new);
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (n_printed < LINES_MAX) {
            put_problem(q);
            n_printed++;
        }
        n++;
    }
    if (step != STEP_DONE)
        return false;
    if (n > n_printed)
        fprintf(stderr,
                "xsmall: warning: %" PRId64 " more problem%s with entries of the image; "
                "xsmall report lists all\n",
                n - n_printed, n - n_printed == 1 ? "" : "s");
    return true;
}
