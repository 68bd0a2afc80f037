/* SPDX-License-Identifier: MIT
 *
 * xsmall report: what is in the session, in numbers. Both forms come from the same facts.
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

static const char PROBLEMS[] = "SELECT where_, what, n FROM v_problem ORDER BY where_, what";
static const char FAILED[] =
    "SELECT count(*) FROM access a JOIN log l ON l.id = a.log WHERE l.complete = 1 AND a.errno > 0";

struct facts {
    int64_t n_problems, n_failed;
    uint64_t n_surviving;
    struct layers *layers;  /* owned; NULL: no subject */
    const char *rules_file; /* NULL: none */
    struct rules rules;     /* owned; checked */
};

static void facts_finish(struct facts *facts)
{
    rules_finish(&facts->rules);
    layers_destroy(facts->layers);
}

static bool gather(struct xsmall *x, struct facts *out, struct err *err)
{
    out->n_surviving = chain_n_output(x->chain);
    if (x->subject && !layers_read(x->db, x->subject_info.id, NULL, &out->layers, err))
        return false;
    struct stmt *q = db_query(x->db, PROBLEMS, err);
    enum step step;
    if (!q)
        return false;
    while ((step = stmt_step(q, err)) == STEP_ROW)
        out->n_problems += stmt_int(q, 2);
    if (step == STEP_ERR || !(q = db_query(x->db, FAILED, err)) || stmt_step(q, err) != STEP_ROW)
        return false;
    out->n_failed = stmt_int(q, 0);
    stmt_reset(q);
    return true;
}

/* Calls each() for the rows of a query. */
static bool for_rows(struct xsmall *x, const char *sql, void (*each)(struct stmt *q, size_t i),
                     struct err *err)
{
    struct stmt *q = db_query(x->db, sql, err);
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

static bool print_text(struct xsmall *x, const struct facts *facts, struct err *err)
{
    report_image_text(x, facts->layers);
    if (x->base) {
        fputs("base     ", stdout);
        output_word(stdout, bytes_of(x->base_info.name));
        printf("\n  entries %u\n", x->base->n);
    }
    printf("trace    %u logs, %u lines, %" PRIu64 " survive, %" PRId64
           " different failed look-ups\n",
           x->corpus->n_logs, x->corpus->n_lines, facts->n_surviving, facts->n_failed);
    if (x->keep)
        printf("kept     %u files, %" PRId64 " bytes to copy; the image will have %" PRId64
               " bytes\n",
               x->keep->n_kept, x->keep->kept_bytes, x->keep->final_bytes);
    if (!report_keep_text(x, err) || !report_packages_text(x, err) || !report_trace_text(x, err) ||
        !report_inventory_text(x, err))
        return false;
    if (facts->n_problems)
        printf("problems %" PRId64 "\n", facts->n_problems);
    if (!for_rows(x, PROBLEMS, problem_text, err))
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

static bool print_json(struct xsmall *x, const struct facts *facts, struct err *err)
{
    fputs("{\n  \"version\": 1,\n", stdout);
    image_json("subject", x->subject, &x->subject_info);
    image_json("base", x->base, &x->base_info);
    report_image_json(x, facts->layers);
    printf("  \"logs\": %u,\n  \"lines\": %u,\n  \"surviving_lines\": %" PRIu64 ",\n",
           x->corpus->n_logs, x->corpus->n_lines, facts->n_surviving);
    printf("  \"kept_files\": %u,\n  \"kept_bytes\": %" PRId64 ",\n  \"final_bytes\": %" PRId64
           ",\n",
           x->keep ? x->keep->n_kept : 0, x->keep ? x->keep->kept_bytes : 0,
           x->keep ? x->keep->final_bytes : 0);
    if (!report_keep_json(x, err) || !report_packages_json(x, err) || !report_trace_json(x, err) ||
        !report_inventory_json(x, err))
        return false;
    if (facts->rules_file)
        report_rules_json(&facts->rules, facts->rules_file);
    fputs("  \"problems\": [", stdout);
    if (!for_rows(x, PROBLEMS, problem_json, err))
        return false;
    puts("]\n}");
    return true;
}

int command_report(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct xsmall *x = NULL;
    struct facts facts = {.rules_file = args->rules};
    if (args->n_operands)
        return err_set(err, "report: takes no operands (see --help)"), EXIT_FAILED;
    bool ok = (!args->rules || rules_read(args->rules, &facts.rules, err)) &&
              command_open(args, DB_READ, &x, err) && xsmall_settle(x, NULL, err) &&
              gather(x, &facts, err) &&
              (!args->rules || rules_check(x, facts.layers, &facts.rules, err)) &&
              (args->json ? print_json(x, &facts, err) : print_text(x, &facts, err)) &&
              output_finish(err);
    bool pass = report_rules_pass(&facts.rules);
    facts_finish(&facts);
    return !ok ? EXIT_FAILED : pass ? EXIT_DONE : EXIT_NO;
}
