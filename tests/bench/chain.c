/* SPDX-License-Identifier: MIT
 * Times the explorer's operations on the chain of a session, without a screen: bench_chain SESSION
 * prints "WHAT<tab>MILLISECONDS" lines, each the median of several runs. It changes the session.
 * bench/chain.sh makes the session and runs the shell's pipelines for comparison. */
#include <roaring/roaring.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "session/session.h"

enum { SCREEN_LINES = 50, RUNS = 5, EDIT_RUNS = 25, MAX_RUNS = 64 };

static void must(bool ok, const struct err *err)
{
    if (ok)
        return;
    fprintf(stderr, "bench_chain: %s\n", err->text);
    exit(2);
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare_times(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static void report(const char *what, double *times, size_t n)
{
    qsort(times, n, sizeof *times, compare_times);
    printf("%s\t%.3f\n", what, times[n / 2]);
}

static void report_worst(const char *what, double *times, size_t n)
{
    qsort(times, n, sizeof *times, compare_times);
    printf("%s\t%.3f\n", what, times[n - 1]);
}

/* Returns the text of the first matching lines: the lines of a screen. */
static void read_screen(struct session *session)
{
    BUF_AUTO struct buf text = {0};
    struct err err = {0};
    for (uint64_t k = 0; k < SCREEN_LINES; k++) {
        uint32_t line;
        struct bytes prefix;
        if (!chain_output(session->chain, k, &line, &prefix))
            break;
        must(session_line_text(session, line, &text, &err), &err);
    }
}

/* Computes all data for a later toggle, move or removal, as the explorer's worker does. */
static void find_all_hits(struct session *session)
{
    struct scan scan;
    struct err err = {0};
    while (chain_next_scan(session->chain, &scan)) {
        roaring_bitmap_t *hits;
        must(scan_run(&scan, session->db, NULL, &hits, &err), &err);
        chain_add_hits(session->chain, &scan, hits);
        scan_finish(&scan);
    }
    if (!chain_evaluate(session->chain))
        exit(2);
}

static void set_chain(struct session *session, const char *pipeline)
{
    struct err err = {0};
    must(chain_from_pipeline(session->chain, bytes_of(pipeline), NULL, &err) &&
             chain_bind(session->chain, session->corpus, session->db, &err),
         &err);
}

/* --- a new pattern, and several --- */

/* From the text to the first matching lines. Each run has a new reader and a new chain, without
 * cached results. */
static void time_chain(const char *session, const char *name, const char *pipeline)
{
    double times[MAX_RUNS];
    struct err err = {0};
    for (size_t i = 0; i < RUNS; i++) {
        struct session *session;
        must(session_open(session, DB_READ, &session, &err), &err);
        double begin = now_ms();
        set_chain(session, pipeline);
        must(chain_settle(session->chain, session->db, NULL, &err), &err);
        read_screen(session);
        times[i] = now_ms() - begin;
        session_close(session);
    }
    report(name, times, RUNS);
}

/* --- a pattern being typed --- */

/* One more letter: compiles the pattern and matches the lines of the screen. */
static double preview(struct session *session, struct bytes text)
{
    BUF_AUTO struct buf line_text = {0};
    struct scan scan;
    struct err err = {0};
    bool invert;
    double begin = now_ms();
    if (!chain_preview_scan(session->chain, chain_n_stages(session->chain), text, &target_line,
                            &scan, &invert, &err))
        return now_ms() - begin; /* "grep '\" is not whole yet */
    struct pattern_scratch *scratch = pattern_scratch_create(scan.pattern);
    for (uint64_t k = 0; k < SCREEN_LINES; k++) {
        uint32_t line;
        struct bytes prefix;
        if (!chain_output(session->chain, k, &line, &prefix))
            break;
        buf_clear(&line_text);
        buf_add(&line_text, prefix);
        must(session_line_text(session, line, &line_text, &err), &err);
        pattern_match(scan.pattern, scratch, buf_bytes(&line_text), &err);
    }
    double ms = now_ms() - begin;
    pattern_scratch_destroy(scratch);
    scan_finish(&scan);
    return ms;
}

/* Then the counts over all lines, which a thread computes in the explorer. */
static double count_all(struct session *session, struct bytes text)
{
    struct scan scan;
    struct err err = {0};
    bool invert;
    uint32_t matched, left;
    roaring_bitmap_t *hits;
    double begin = now_ms();
    if (!chain_preview_scan(session->chain, chain_n_stages(session->chain), text, &target_line,
                            &scan, &invert, &err))
        return 0;
    must(scan_run(&scan, session->db, NULL, &hits, &err), &err);
    chain_preview_count(session->chain, chain_n_stages(session->chain), invert, hits, &matched,
                        &left);
    double ms = now_ms() - begin;
    roaring_bitmap_free(hits);
    scan_finish(&scan);
    return ms;
}

static void time_typing(struct session *session, const char *stage)
{
    double visible[MAX_RUNS], counts[MAX_RUNS], sum = 0;
    size_t n = 0;
    for (size_t length = strlen("grep -v 's"); length < strlen(stage); length++) {
        BUF_AUTO struct buf text = {0};
        buf_add(&text, bytes_from(stage, length));
        buf_byte(&text, '\'');
        visible[n] = preview(session, buf_bytes(&text));
        counts[n] = count_all(session, buf_bytes(&text));
        sum += counts[n++];
    }
    report_worst("preview", visible, n);
    report_worst("counts", counts, n);
    printf("typing\t%.3f\n", sum);
}

/* --- edits of a chain whose hits are there --- */

enum edit { EDIT_TOGGLE, EDIT_MOVE, EDIT_DELETE };

static void make_edit(struct chain *chain, enum edit edit, size_t run)
{
    size_t n = chain_n_stages(chain), i = run * 7 % n;
    if (edit == EDIT_TOGGLE)
        chain_enable(chain, i, !chain_stage(chain, i).enabled);
    else if (edit == EDIT_MOVE)
        chain_move(chain, i, (i + 1 + run % (n - 1)) % n);
    else
        chain_remove(chain, i);
}

/* From the key to the lines of the screen, with the numbers of all stages; in the session too. Each
 * edit is undone, which is also timed. */
static void time_edit(struct session *session, enum edit edit, const char *name)
{
    double shown[MAX_RUNS], stored[MAX_RUNS], undone[MAX_RUNS];
    char label[64];
    struct err err = {0};
    bool done;
    for (size_t run = 0; run < EDIT_RUNS; run++) {
        double begin = now_ms();
        make_edit(session->chain, edit, run);
        if (!chain_evaluate(session->chain))
            exit(2);
        read_screen(session);
        shown[run] = now_ms() - begin;
        begin = now_ms();
        must(session_save_chain(session, &err), &err);
        stored[run] = now_ms() - begin;
        begin = now_ms();
        must(session_undo(session, &done, &err), &err);
        if (!chain_evaluate(session->chain))
            exit(2);
        read_screen(session);
        undone[run] = now_ms() - begin;
    }
    report(name, shown, EDIT_RUNS);
    snprintf(label, sizeof label, "%s stored", name);
    report(label, stored, EDIT_RUNS);
    snprintf(label, sizeof label, "%s undone", name);
    report(label, undone, EDIT_RUNS);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct session *session;
    if (argc < 3 || argc % 2 == 0) {
        fprintf(stderr, "usage: bench_chain SESSION [NAME PIPELINE]... PIPELINE\n");
        return 2;
    }
    for (int i = 2; i + 1 < argc; i += 2)
        time_chain(argv[1], argv[i], argv[i + 1]);
    must(session_open(argv[1], DB_WRITE, &session, &err), &err);
    set_chain(session, argv[argc - 1]);
    must(session_save_chain(session, &err), &err);
    find_all_hits(session);
    time_typing(session, "grep -v 'site-packages/[a-z]*\\.pyc'");
    time_edit(session, EDIT_TOGGLE, "toggle");
    time_edit(session, EDIT_MOVE, "reorder");
    time_edit(session, EDIT_DELETE, "delete");
    session_close(session);
    return 0;
}
