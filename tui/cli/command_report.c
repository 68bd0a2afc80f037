/* SPDX-License-Identifier: MIT
 *
 * xsmall report: the content of the session in numbers. Text and JSON print the same facts.
 */
#include "cli/command.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/output.h"
#include "cli/report/report_image.h"
#include "cli/report/report_inventory.h"
#include "cli/report/report_keep.h"
#include "cli/report/report_packages.h"
#include "cli/report/report_rules.h"
#include "cli/report/report_trace.h"
#include "util/interrupt.h"

static const char PROBLEMS[] = "SELECT where_, what, n FROM v_problem ORDER BY where_, what";
static const char FAILED[] =
    "SELECT count(*) FROM access a JOIN log l ON l.id = a.log WHERE l.complete = 1 AND a.errno > 0";

struct report_facts {
    int64_t n_problems, n_failed;
    uint64_t n_surviving;
    struct layers *layers;  /* owned; NULL: no subject image */
    const char *rules_file; /* NULL: no rules are checked */
    struct rules rules;     /* owned; checked */
};

static void report_facts_finish(struct report_facts *facts)
{
    rules_finish(&facts->rules);
    layers_destroy(facts->layers);
}

static bool gather(struct session *session, struct report_facts *out, struct err *err)
{
    out->n_surviving = chain_n_output(session->chain);
    if (session->subject &&
        !layers_read(session->db, session->subject_info.id, NULL, &out->layers, err))
        return false;
    struct stmt *q = db_query(session->db, PROBLEMS, err);
    enum step step;
    if (!q)
        return false;
    while ((step = stmt_step(q, err)) == STEP_ROW)
        out->n_problems += stmt_int(q, 2);
    if (step == STEP_ERR || !(q = db_query(session->db, FAILED, err)) ||
        stmt_step(q, err) != STEP_ROW)
        return false;
    out->n_failed = stmt_int(q, 0);
    stmt_reset(q);
    return true;
}

/* Calls each() for the rows of a query. */
static bool for_rows(struct session *session, const char *sql,
                     void (*each)(struct stmt *q, size_t i), struct err *err)
{
    struct stmt *q = db_query(session->db, sql, err);
    enum step step = STEP_ERR;
    for (size_t i = 0; q && (step = stmt_step(q, err)) == STEP_ROW; i++)
        each(q, i);
    return step == STEP_DONE;
}

static void problem_text(struct stmt *q, size_t i)
{
    (void)i;
    printf("  %" PRId64 " x ", stmt_int(q, 2));
    output_word(stdout, stmt_bytes(q, 1));
    fputs(": ", stdout);
    output_word(stdout, stmt_bytes(q, 0));
    putchar('\n');
}

static bool print_text(struct session *session, const struct report_facts *facts, struct err *err)
{
    report_image_text(session, facts->layers);
    if (session->base) {
        fputs("base image: ", stdout);
        output_word(stdout, bytes_of(session->base_info.name));
        printf("\n  entries %u\n", session->base->n);
    }
    printf("trace: logs %u, lines %u, matching lines %" PRIu64
           ", different failed look-ups %" PRId64 "\n",
           session->corpus->n_logs, session->corpus->n_lines, facts->n_surviving, facts->n_failed);
    if (session->keep)
        printf("kept: files %u, bytes to copy %" PRId64 "; bytes of the slim image %" PRId64 "\n",
               session->keep->n_kept, session->keep->kept_bytes, session->keep->final_bytes);
    if (!report_keep_text(session, err) || !report_packages_text(session, err) ||
        !report_trace_text(session, err) || !report_inventory_text(session, err))
        return false;
    if (facts->n_problems)
        printf("problems while loading: %" PRId64 "\n", facts->n_problems);
    if (!for_rows(session, PROBLEMS, problem_text, err))
        return false;
    if (facts->rules_file)
        report_rules_text(&facts->rules, facts->rules_file);
    return true;
}

static void problem_json(struct stmt *q, size_t i)
{
    printf("%s\n    {", i ? "," : "");
    output_json_bytes("where", stmt_bytes(q, 0));
    fputs(", \"what\": ", stdout);
    output_json(stmt_bytes(q, 1));
    printf(", \"n\": %" PRId64 "}", stmt_int(q, 2));
}

static void image_json(const char *key, const struct tree *tree, const struct image_info *info)
{
    printf("  \"%s\": ", key);
    if (!tree) {
        puts("null,");
        return;
    }
    fputs("{\"name\": ", stdout);
    output_json(bytes_of(info->name));
    printf(", \"entries\": %u},\n", tree->n);
}

static bool print_json(struct session *session, const struct report_facts *facts, struct err *err)
{
    fputs("{\n  \"version\": 1,\n", stdout);
    image_json("subject", session->subject, &session->subject_info);
    image_json("base", session->base, &session->base_info);
    report_image_json(session, facts->layers);
    printf("  \"logs\": %u,\n  \"lines\": %u,\n  \"surviving_lines\": %" PRIu64 ",\n",
           session->corpus->n_logs, session->corpus->n_lines, facts->n_surviving);
    printf("  \"kept_files\": %u,\n  \"kept_bytes\": %" PRId64 ",\n  \"final_bytes\": %" PRId64
           ",\n",
           session->keep ? session->keep->n_kept : 0, session->keep ? session->keep->kept_bytes : 0,
           session->keep ? session->keep->final_bytes : 0);
    if (!report_keep_json(session, err) || !report_packages_json(session, err) ||
        !report_trace_json(session, err) || !report_inventory_json(session, err))
        return false;
    if (facts->rules_file)
        report_rules_json(&facts->rules, facts->rules_file);
    fputs("  \"problems\": [", stdout);
    if (!for_rows(session, PROBLEMS, problem_json, err))
        return false;
    puts("]\n}");
    return true;
}

static int run_report(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    struct report_facts facts = {.rules_file = args->rules};
    bool ok = (!args->rules || rules_read(args->rules, &facts.rules, err)) &&
              command_open(args, DB_READ, &session, err) &&
              session_settle(session, interrupt_flag(), err) && gather(session, &facts, err) &&
              (!args->rules || rules_check(session, facts.layers, &facts.rules, err)) &&
              (args->json ? print_json(session, &facts, err) : print_text(session, &facts, err)) &&
              output_finish(err);
    bool pass = report_rules_pass(&facts.rules);
    report_facts_finish(&facts);
    return !ok ? EXIT_FAILED : pass ? EXIT_DONE : EXIT_NO;
}

static const struct command_example examples[] = {
    {"xsmall report", "Print sizes, layers, packages, runs and gaps of the trace"},
    {"xsmall report --json | jq .kept_bytes", "Read one number in a script"},
    {"xsmall report --rules limits.rules", "Check limits in CI"},
    {NULL, NULL},
};

const struct command command_report = {
    .name = "report",
    .synopsis = "[--json] [--rules FILE]",
    .help = "Report sizes, layers, packages, runs and problems; check rules",
    .about = "The report also lists gaps in the trace, each with the strace command that closes "
             "it, and the setuid files, capabilities and devices of the image.",
    .options = " json rules ",
    .examples = examples,
    .exit_no = "if a rule fails",
    .no_operands = true,
    .run = run_report,
    .more = report_rules_help,
    .more_title = "RULES",
};
