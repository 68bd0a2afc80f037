/* SPDX-License-Identifier: MIT */
#include "run/run_compare.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "run/line_diff.h"

struct comparer {
    const struct run_spec *spec;
    const struct run_result *first, *second, *slim;
    regex_t *ignored; /* owned; n_ignored of them */
    size_t n_ignored;
    struct run_comparison *out;
};

static bool is_ignored(const struct comparer *comparer, const char *line)
{
    for (size_t i = 0; i < comparer->n_ignored; i++)
        if (regexec(&comparer->ignored[i], line, 0, NULL, 0) == 0)
            return true;
    return false;
}

static void mask_line(struct run_comparison *out, struct bytes line)
{
    if (out->n_masked++ >= RUN_MASKED_SHOWN)
        return;
    buf_add(&out->masked, line);
    buf_byte(&out->masked, '\n');
}

/* Copies the file `name` of a run to `name`.compared, without the ignored lines. */
static bool filter(const struct comparer *comparer, const struct run_result *run, const char *name,
                   struct buf *path, struct err *err)
{
    char *line = NULL;
    size_t cap = 0;
    buf_printf(path, "%s/%s", run->dir.path.p, name);
    FILE *in = fopen(path->p, "re");
    buf_add(path, bytes_of(".compared"));
    FILE *out = fopen(path->p, "we");
    for (ssize_t n; in && out && (n = getline(&line, &cap, in)) > 0;) {
        bool has_newline = line[n - 1] == '\n';
        line[n - has_newline] = 0;
        if (is_ignored(comparer, line)) {
            if (run == comparer->first)
                mask_line(comparer->out, bytes_of(line));
            continue;
        }
        fwrite(line, 1, (size_t)n - has_newline, out);
        fputc('\n', out);
    }
    free(line);
    bool ok = out && !ferror(out);
    if (in)
        fclose(in);
    if (out)
        ok = fclose(out) == 0 && ok;
    return ok || err_sys(err, "%s", path->p);
}

/* Whether the two runs of the subject differ in all lines of a hunk, too: then the difference of
 * the slim image proves nothing. Lines that were added must be next to such lines. */
static bool is_masked(const struct line_diff *mask, const struct line_hunk *hunk)
{
    for (size_t i = 0; i < mask->n; i++) {
        const struct line_hunk *variable = &mask->hunks[i];
        if (hunk->a_first >= variable->a_first &&
            hunk->a_first + hunk->a_n <= variable->a_first + variable->a_n)
            return true;
    }
    return false;
}

/* Appends the lines first to first + n - 1 of a file, each after the sign. */
static void add_lines(const char *path, const char *sign, size_t first, size_t n, struct buf *out)
{
    char *line = NULL;
    size_t cap = 0, at = 1;
    FILE *file = fopen(path, "re");
    for (ssize_t length; file && at < first + n && (length = getline(&line, &cap, file)) > 0; at++)
        if (at >= first) {
            buf_add(out, bytes_of(sign));
            buf_add(out, bytes_from(line, (size_t)length));
        }
    free(line);
    if (file)
        fclose(file);
}

static void list_masked(const struct comparer *comparer, const char *path,
                        const struct line_diff *mask)
{
    for (size_t i = 0; i < mask->n; i++) {
        BUF_AUTO struct buf lines = {0};
        add_lines(path, "", mask->hunks[i].a_first, mask->hunks[i].a_n, &lines);
        for (struct bytes rest = buf_bytes(&lines); rest.n;)
            mask_line(comparer->out, bytes_split(&rest, '\n'));
    }
}

/* Compares one file of the runs. what: "test 1", "standard output". */
static bool compare_file(const struct comparer *comparer, const char *name, const char *what,
                         bool counts, struct err *err)
{
    BUF_AUTO struct buf a = {0}, b = {0}, c = {0};
    struct line_diff mask = {0}, diff = {0};
    struct run_comparison *out = comparer->out;
    bool ok = filter(comparer, comparer->first, name, &a, err) &&
              filter(comparer, comparer->second, name, &b, err) &&
              filter(comparer, comparer->slim, name, &c, err) &&
              line_diff_make(a.p, b.p, &mask, err) && line_diff_make(a.p, c.p, &diff, err);
    struct buf *text = counts ? &out->differences : &out->notes;
    size_t shown = 0;
    list_masked(comparer, a.p, &mask);
    for (size_t i = 0; ok && i < diff.n; i++) {
        const struct line_hunk *hunk = &diff.hunks[i];
        if (is_masked(&mask, hunk))
            continue;
        out->n_differences += counts;
        if (shown == 0)
            buf_printf(text, "%s: the output differs\n", what);
        if (shown++ >= RUN_DIFFERENCES_SHOWN)
            continue;
        add_lines(a.p, "- ", hunk->a_first, hunk->a_n, text);
        add_lines(c.p, "+ ", hunk->b_first, hunk->b_n, text);
    }
    line_diff_finish(&mask);
    line_diff_finish(&diff);
    return ok;
}

static void print_status(int status, struct buf *out)
{
    if (status == -1)
        buf_add(out, bytes_of("killed at its time limit"));
    else if (WIFSIGNALED(status))
        buf_printf(out, "killed by SIG%s", sigabbrev_np(WTERMSIG(status)));
    else
        buf_printf(out, "exit status %d", WEXITSTATUS(status));
}

static void compare_status(const struct comparer *comparer, const char *what, int subject, int slim)
{
    struct buf *out = &comparer->out->differences;
    if (subject == slim)
        return;
    comparer->out->n_differences++;
    buf_printf(out, "%s: ", what);
    print_status(subject, out);
    buf_add(out, bytes_of(" in the subject image, "));
    print_status(slim, out);
    buf_add(out, bytes_of(" in the slim image\n"));
}

static void compare_ends(const struct comparer *comparer)
{
    const struct run_result *a = comparer->first, *c = comparer->slim;
    struct buf *out = &comparer->out->differences;
    if (a->outcome != c->outcome || a->was_stopped != c->was_stopped) {
        comparer->out->n_differences++;
        buf_printf(out, "the program: %s%s in the subject image, %s%s in the slim image\n",
                   run_outcomes[a->outcome], a->was_stopped ? " by the stop signal" : "",
                   run_outcomes[c->outcome], c->was_stopped ? " by the stop signal" : "");
    }
    compare_status(comparer, "the program", a->status, c->status);
}

static bool compare_tests(const struct comparer *comparer, struct err *err)
{
    const struct run_result *a = comparer->first, *c = comparer->slim;
    for (size_t i = 0; i < a->n_tests; i++) {
        char name[32], what[32];
        snprintf(name, sizeof name, "test-%zu", i + 1);
        snprintf(what, sizeof what, "test %zu", i + 1);
        if (i >= c->n_tests) {
            comparer->out->n_differences++;
            buf_printf(&comparer->out->differences, "%s: not run in the slim image\n", what);
            continue;
        }
        compare_status(comparer, what, a->tests[i].status, c->tests[i].status);
        if (!compare_file(comparer, name, what, true, err))
            return false;
    }
    return true;
}

static bool compile(const struct words *ignored, struct comparer *comparer, struct err *err)
{
    comparer->ignored = mem_zero(ignored->n + 1, sizeof *comparer->ignored);
    for (size_t i = 0; i < ignored->n; i++) {
        if (regcomp(&comparer->ignored[i], ignored->items[i], REG_EXTENDED | REG_NOSUB) != 0)
            return err_set(err, "--ignore %s: not an extended regular expression",
                           ignored->items[i]);
        comparer->n_ignored++;
    }
    return true;
}

bool run_compare(const struct run_spec *spec, const struct run_result runs[3],
                 const struct words *ignored, bool compare_output, struct run_comparison *out,
                 struct err *err)
{
    const struct run_result *first = &runs[0];
    struct comparer comparer = {spec, first, &runs[1], &runs[2], NULL, 0, out};
    bool counts = compare_output || !first->was_stopped;
    bool ok = compile(ignored, &comparer, err);
    if (ok) {
        compare_ends(&comparer);
        ok = compare_tests(&comparer, err) &&
             compare_file(&comparer, "stdout", "standard output", counts, err) &&
             compare_file(&comparer, "stderr", "standard error", counts, err);
    }
    for (size_t i = 0; i < comparer.n_ignored; i++)
        regfree(&comparer.ignored[i]);
    free(comparer.ignored);
    return ok;
}

void run_comparison_finish(struct run_comparison *comparison)
{
    buf_finish(&comparison->differences);
    buf_finish(&comparison->notes);
    buf_finish(&comparison->masked);
}
