/* SPDX-License-Identifier: MIT */
#include "cli/report/report_keep.h"

#include <inttypes.h>
#include <stdio.h>

#include "report/coverage.h"
#include "keep/base_sums.h"
#include "keep/linkage.h"
#include "cli/output.h"

/* The facts that text and JSON print. */
struct keep_facts {
    struct base_sum sums[N_BASE_CLASSES];
    struct coverage_kept seen;
    size_t n_runs;
    struct linkage linkage;
};

static bool gather(struct session *session, struct keep_facts *out, struct err *err)
{
    struct coverage coverage = {0};
    struct keep_input input = session_keep_input(session);
    if (!coverage_read(session, &coverage, err))
        return false;
    coverage_of_kept(session, &coverage, &out->seen);
    out->n_runs = coverage.n_runs;
    coverage_finish(&coverage);
    base_sums(session->keep, &input, out->sums);
    linkage_find(session->keep, &input, &out->linkage);
    return true;
}

static void base_text(const struct keep_facts *facts)
{
    static const char *const meanings[N_BASE_CLASSES] = {
        [BASE_SAME] = "identical in the base image",
        [BASE_META] = "only the metadata differs",
        [BASE_CONTENT] = "the content differs",
        [BASE_LINK] = "the type or the link target differs",
        [BASE_ABSENT] = "not in the base image",
        [BASE_ELSEWHERE] = "absent, but the base image has the content at another path",
    };
    printf("subject image compared with the base image\n  %-9s %8s %14s %13s %14s  %s\n", "class",
           "files", "bytes", "needed files", "needed bytes", "meaning");
    for (int i = BASE_SAME; i < N_BASE_CLASSES; i++) {
        const struct base_sum *sum = &facts->sums[i];
        printf("  %-9s %8u %14" PRId64 " %13u %14" PRId64 "  %s\n", base_class_name(i),
               sum->n_files, sum->bytes, sum->n_needed, sum->needed_bytes, meanings[i]);
    }
}

static void seen_text(const struct keep_facts *facts)
{
    BUF_AUTO struct buf words = {0};
    coverage_say_kept(&facts->seen, facts->n_runs, &words);
    printf("%s\n", words.p);
}

bool report_keep_text(struct session *session, struct err *err)
{
    struct keep_facts facts = {0};
    BUF_AUTO struct buf off = {0};
    if (!session->subject || !session->keep)
        return true;
    if (!gather(session, &facts, err))
        return false;
    if (session->base)
        base_text(&facts);
    if (facts.n_runs)
        seen_text(&facts);
    if (facts.linkage.n_unopened || facts.linkage.n_loaded)
        printf("kept libraries: %zu linked but never opened, %zu opened without being linked "
               "(dlopen)\n",
               facts.linkage.n_unopened, facts.linkage.n_loaded);
    switches_print(session->marks->closure_off, &off);
    if (off.n)
        printf("dependency kinds not followed: %s\n", off.p);
    linkage_finish(&facts.linkage);
    return true;
}

static void base_json(const struct keep_facts *facts)
{
    fputs("  \"in_base\": {", stdout);
    for (int i = BASE_SAME; i < N_BASE_CLASSES; i++) {
        const struct base_sum *sum = &facts->sums[i];
        printf("%s\n    \"%s\": {\"files\": %u, \"bytes\": %" PRId64
               ", \"needed_files\": %u, \"needed_bytes\": %" PRId64 "}",
               i == BASE_SAME ? "" : ",", base_class_name(i), sum->n_files, sum->bytes,
               sum->n_needed, sum->needed_bytes);
    }
    puts("},");
}

static void sum_json(const char *key, const struct coverage_sum *sum, const char *end)
{
    printf("\"%s\": {\"files\": %" PRIu64 ", \"bytes\": %" PRId64 "}%s", key, sum->n_files,
           sum->bytes, end);
}

static void paths_json(const struct session *session, const char *key, const uint32_t *nodes,
                       size_t n)
{
    printf("\"%s\": [", key);
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(session->subject, nodes[i], &path);
        fputs(i ? ", {" : "{", stdout);
        output_json_bytes("path", buf_bytes(&path));
        putchar('}');
    }
    putchar(']');
}

bool report_keep_json(struct session *session, struct err *err)
{
    struct keep_facts facts = {0};
    BUF_AUTO struct buf off = {0};
    if (!session->subject || !session->keep)
        return true;
    if (!gather(session, &facts, err))
        return false;
    if (session->base)
        base_json(&facts);
    fputs("  \"kept_seen\": {", stdout);
    sum_json("by_all_runs", &facts.seen.all, ", ");
    sum_json("by_some_runs", &facts.seen.some, ", ");
    sum_json("by_none", &facts.seen.none, "},\n  \"linked\": {");
    paths_json(session, "never_opened", facts.linkage.unopened, facts.linkage.n_unopened);
    fputs(", ", stdout);
    paths_json(session, "asked_for_by_none", facts.linkage.loaded, facts.linkage.n_loaded);
    switches_print(session->marks->closure_off, &off);
    printf("},\n  \"needs_off\": \"%s\",\n", buf_str(&off));
    linkage_finish(&facts.linkage);
    return true;
}
