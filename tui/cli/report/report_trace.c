/* SPDX-License-Identifier: MIT */
#include "cli/report/report_trace.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/coverage.h"
#include "report/session_findings.h"
#include "cli/output.h"

/* Prints LOG:LINE, or LOG if the finding is about the whole log. */
static void put_example(FILE *stream, const struct finding *finding)
{
    output_word(stream, finding->log);
    if (finding->line)
        fprintf(stream, ":%u", finding->line);
}

static void finding_text(const struct finding *finding)
{
    printf("  %s %s", finding_severity_name(finding->severity), finding->id);
    if (finding->run.n) {
        fputs(", run ", stdout);
        output_word(stdout, finding->run);
    }
    fputs(", ", stdout);
    put_example(stdout, finding);
    fputs("\n    ", stdout);
    output_word(stdout, finding->words);
    fputs("\n    ", stdout);
    if (finding->advice.n) {
        output_word(stdout, finding->advice);
        fputs("\n    ", stdout);
    }
    output_word(stdout, finding->command);
    fputs(finding->exact ? "\n"
                         : "\n    (complete this command: the log does not show all arguments)\n",
          stdout);
}

static bool findings_text(struct session *session, struct err *err)
{
    struct findings findings = {0};
    bool ok = session_findings(session, &findings, err);
    if (ok && findings.n)
        printf("gaps in the trace: %zu\n", findings.n);
    for (size_t i = 0; ok && i < findings.n; i++)
        finding_text(&findings.items[i]);
    findings_finish(&findings);
    return ok;
}

static void sum_text(const struct coverage_sum *sum)
{
    printf(" %15" PRIu64 " %15" PRId64, sum->n_files, sum->bytes);
}

static bool runs_text(struct session *session, struct err *err)
{
    struct coverage coverage = {0};
    if (!coverage_read(session, &coverage, err))
        return false;
    if (coverage.n_runs)
        printf(
            "runs: %zu (added: files that no earlier run used; exclusive: that no other run used)"
            "\n  %15s %15s %15s %15s %15s %15s  %s\n",
            coverage.n_runs, "used files", "bytes", "added files", "bytes", "exclusive files",
            "bytes", "run");
    for (size_t i = 0; i < coverage.n_runs; i++) {
        const struct coverage_run *run = &coverage.runs[i];
        putchar(' ');
        sum_text(&run->used);
        sum_text(&run->added);
        sum_text(&run->only);
        fputs("  ", stdout);
        output_word(stdout, run->name);
        putchar('\n');
    }
    if (coverage.n_runs > 1) {
        printf("  files used by any run: %" PRIu64 " (%" PRId64 " bytes), by all runs: %" PRIu64
               " (%" PRId64 " bytes)\n",
               coverage.any.n_files, coverage.any.bytes, coverage.all.n_files, coverage.all.bytes);
    }
    coverage_finish(&coverage);
    return true;
}

bool report_trace_text(struct session *session, struct err *err)
{
    return runs_text(session, err) && findings_text(session, err);
}

static void finding_json(const struct finding *finding, size_t i)
{
    printf("%s\n    {\"id\": \"%s\", \"severity\": \"%s\", \"run\": ", i ? "," : "", finding->id,
           finding_severity_name(finding->severity));
    if (finding->run.n)
        output_json(finding->run);
    else
        fputs("null", stdout);
    printf(", \"n\": %" PRIu64 ", \"log\": ", finding->n);
    output_json(finding->log);
    printf(", \"line\": %u, \"words\": ", finding->line);
    output_json(finding->words);
    fputs(", \"advice\": ", stdout);
    output_json(finding->advice);
    fputs(", \"command\": ", stdout);
    output_json(finding->command);
    printf(", \"exact\": %s}", finding->exact ? "true" : "false");
}

static void sum_json(const char *name, const struct coverage_sum *sum)
{
    printf(", \"%s\": {\"files\": %" PRIu64 ", \"bytes\": %" PRId64 "}", name, sum->n_files,
           sum->bytes);
}

static void runs_json(const struct coverage *coverage)
{
    fputs("  \"runs\": [", stdout);
    for (size_t i = 0; i < coverage->n_runs; i++) {
        const struct coverage_run *run = &coverage->runs[i];
        printf("%s\n    {\"name\": ", i ? "," : "");
        output_json(run->name);
        sum_json("used", &run->used);
        sum_json("added", &run->added);
        sum_json("only", &run->only);
        putchar('}');
    }
    printf("],\n  \"in_any_run\": {\"files\": %" PRIu64 ", \"bytes\": %" PRId64 "},\n",
           coverage->any.n_files, coverage->any.bytes);
    printf("  \"in_all_runs\": {\"files\": %" PRIu64 ", \"bytes\": %" PRId64 "},\n",
           coverage->all.n_files, coverage->all.bytes);
}

bool report_trace_json(struct session *session, struct err *err)
{
    struct coverage coverage = {0};
    struct findings findings = {0};
    bool ok = coverage_read(session, &coverage, err) && session_findings(session, &findings, err);
    if (ok) {
        runs_json(&coverage);
        fputs("  \"findings\": [", stdout);
        for (size_t i = 0; i < findings.n; i++)
            finding_json(&findings.items[i], i);
        fputs("],\n", stdout);
    }
    coverage_finish(&coverage);
    findings_finish(&findings);
    return ok;
}

bool report_trace_warn(struct session *session, struct err *err)
{
    struct findings findings = {0};
    size_t n = 0;
    bool ok = session_findings(session, &findings, err);
    for (size_t i = 0; ok && i < findings.n; i++) {
        const struct finding *finding = &findings.items[i];
        if (finding->severity != FINDING_WARNING)
            continue;
        fputs("xsmall: warning: ", stderr);
        put_example(stderr, finding);
        fputs(": ", stderr);
        output_word(stderr, finding->words);
        fputc('\n', stderr);
        n++;
    }
    if (n)
        fputs("xsmall: xsmall report prints the strace command that closes each gap\n", stderr);
    findings_finish(&findings);
    return ok;
}
