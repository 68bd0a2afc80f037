/* SPDX-License-Identifier: MIT
 * Compares a pattern with the installed GNU grep: grep runs as LC_ALL=C grep -a on a file of lines;
 * the pattern must match the same lines, each alone and within the text. */
#include <fcntl.h>
#include <locale.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/grep/pattern.h"
#include "chain/grep/pipeline.h"

enum { MAX_LINES = 4096 };

static char dir[] = "/tmp/xsmall-pattern-XXXXXX";
static char lines_path[64], out_path[64], err_path[64];
static size_t n_cases, n_too_big;

static int set_up(void **state)
{
    (void)state;
    setlocale(LC_ALL, "C.UTF-8"); /* as the screen does: no pattern may depend on it */
    assert_non_null(mkdtemp(dir));
    snprintf(lines_path, sizeof lines_path, "%s/lines", dir);
    snprintf(out_path, sizeof out_path, "%s/out", dir);
    snprintf(err_path, sizeof err_path, "%s/err", dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    unlink(lines_path);
    unlink(out_path);
    unlink(err_path);
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static void write_file(const char *path, struct bytes text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text.n ? text.p : "", 1, text.n, file), text.n);
    assert_int_equal(fclose(file), 0);
}

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char chunk[4096];
    size_t n;
    buf_clear(out);
    while ((n = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(out, bytes_from(chunk, n));
    buf_byte(out, 0);
    out->n--;
    fclose(file);
}

/* Lines of text, each with its newline. */
struct corpus_text {
    struct buf text;
    uint32_t starts[MAX_LINES + 1];
    size_t n;
};

static void add_line(struct corpus_text *corpus, struct bytes line)
{
    assert_true(corpus->n < MAX_LINES);
    corpus->starts[corpus->n++] = (uint32_t)corpus->text.n;
    buf_add(&corpus->text, line);
    buf_byte(&corpus->text, '\n');
    corpus->starts[corpus->n] = (uint32_t)corpus->text.n;
}

struct answer {
    int status; /* 0, 1 or 2 */
    bool hit[MAX_LINES];
    struct buf words; /* stderr */
};

static void add_options(const struct stage_spec *spec, const char **argv, size_t *n)
{
    static const char *const syntax[] = {"-G", "-E", "-F", "-P"};
    argv[(*n)++] = syntax[spec->syntax];
    if (spec->ignore_case)
        argv[(*n)++] = "-i";
    if (spec->whole_word)
        argv[(*n)++] = "-w";
    if (spec->whole_line)
        argv[(*n)++] = "-x";
    for (size_t i = 0; i < spec->n_exprs; i++) {
        argv[(*n)++] = "-e";
        argv[(*n)++] = spec->exprs[i].n ? spec->exprs[i].p : "";
    }
}

static void ask_grep(const struct stage_spec *spec, struct answer *answer)
{
    const char *argv[64] = {"grep", "-a", "-n"};
    char *const env[] = {(char[]){"LC_ALL=C"}, (char[]){"PATH=/usr/bin:/bin"}, NULL};
    size_t n = 3;
    add_options(spec, argv, &n);
    argv[n++] = lines_path;
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 1, out_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t pid;
    assert_int_equal(posix_spawnp(&pid, "grep", &files, NULL, (char *const *)argv, env), 0);
    posix_spawn_file_actions_destroy(&files);
    int status;
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status));
    answer->status = WEXITSTATUS(status);
    read_file(err_path, &answer->words);
    BUF_AUTO struct buf out = {0};
    read_file(out_path, &out);
    memset(answer->hit, 0, sizeof answer->hit);
    for (char *p = out.p; p < out.p + out.n; p = memchr(p, '\n', out.p + out.n - p), p++) {
        size_t number = strtoul(p, NULL, 10);
        assert_in_range(number, 1, MAX_LINES);
        answer->hit[number - 1] = true;
    }
}

static void show(const struct stage_spec *spec, struct buf *out)
{
    stage_spec_print(spec, out);
    buf_byte(out, 0);
}

/* If an expression has several mistakes, grep and xsmall may report different ones. */
enum words { SAME_WORDS, ANY_WORDS };

/* Compares grep's message without "grep: " with xsmall's message without the column. */
static void check_refusal(const struct stage_spec *spec, const struct answer *grep,
                          const struct err *err, bool ok, enum words words)
{
    BUF_AUTO struct buf shown = {0};
    show(spec, &shown);
    if (ok)
        fail_msg("%s: grep prints %s", shown.p, grep->words.p);
    const char *last = grep->words.p;
    for (const char *p = last; (p = strstr(p, "grep: ")); p++)
        if (strncmp(p, "grep: warning", 13)) {
            last = p + 6;
            break;
        }
    size_t n = strcspn(last, "\n");
    if (words == SAME_WORDS && strncmp(last, err->text, n))
        fail_msg("%s: grep prints %s, xsmall prints %s", shown.p, last, err->text);
    n_cases++;
}

static void compare_lines(const struct stage_spec *spec, const struct corpus_text *corpus,
                          const struct answer *grep, const struct pattern *pattern)
{
    struct pattern_scratch *scratch = pattern_scratch_create(pattern);
    struct pattern_lines lines = {buf_bytes(&corpus->text), corpus->starts, corpus->n};
    uint64_t bits[MAX_LINES / 64 + 1] = {0};
    struct err err = {0};
    if (!pattern_match_lines(pattern, scratch, &lines, bits, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < corpus->n; i++) {
        struct bytes line = bytes_from(corpus->text.p + corpus->starts[i],
                                       corpus->starts[i + 1] - corpus->starts[i] - 1);
        /* a separate copy, so that the sanitizer detects reads past its end */
        MEM_AUTO char *copy = mem_alloc(line.n);
        memcpy(copy, line.p, line.n);
        bool alone = pattern_match(pattern, scratch, bytes_from(copy, line.n), &err) > 0;
        bool in_block = bits[i / 64] >> i % 64 & 1;
        if (alone != grep->hit[i] || in_block != grep->hit[i]) {
            BUF_AUTO struct buf shown = {0};
            show(spec, &shown);
            fail_msg("%s on [%.*s]: grep %d, alone %d, in a block %d", shown.p, (int)line.n, line.p,
                     grep->hit[i], alone, in_block);
        }
        n_cases++;
    }
    pattern_scratch_destroy(scratch);
}

/* Compares warnings, except about a stray backslash, which Debian's grep does not print. */
static void compare_warnings(const struct stage_spec *spec, const struct answer *grep,
                             struct bytes ours)
{
    BUF_AUTO struct buf kept = {0};
    BUF_AUTO struct buf expected = {0};
    struct bytes all[] = {ours, buf_bytes(&grep->words)};
    struct buf *outs[] = {&kept, &expected};
    for (int i = 0; i < 2; i++) {
        while (all[i].n) {
            struct bytes line = bytes_from(all[i].p, bytes_index(all[i], '\n'));
            all[i] = bytes_skip(all[i], line.n + 1);
            if (bytes_starts(line, bytes_of("grep: warning: stray")))
                continue;
            buf_add(outs[i], line);
            buf_byte(outs[i], '\n');
        }
        buf_byte(outs[i], 0);
    }
    if (strcmp(kept.p, expected.p)) {
        BUF_AUTO struct buf shown = {0};
        show(spec, &shown);
        fail_msg("%s: warnings of grep [%s], ours [%s]", shown.p, expected.p, kept.p);
    }
}

static void compare(const struct stage_spec *spec, const struct corpus_text *corpus,
                    enum words words)
{
    struct answer *grep = calloc(1, sizeof *grep);
    struct pattern *pattern = NULL;
    struct err err = {0};
    BUF_AUTO struct buf warning = {0};
    ask_grep(spec, grep);
    bool ok = pattern_compile(spec, &pattern, &warning, &err);
    if (grep->status == 2) {
        check_refusal(spec, grep, &err, ok, words);
    } else {
        if (!ok && words == ANY_WORDS && strstr(err.text, "too big")) {
            n_too_big++; /* of those that glibc's compiler might not end on */
        } else if (!ok) {
            BUF_AUTO struct buf shown = {0};
            show(spec, &shown);
            fail_msg("%s: grep accepts it, xsmall prints %s", shown.p, err.text);
        }
        if (ok) {
            compare_lines(spec, corpus, grep, pattern);
            compare_warnings(spec, grep, buf_bytes(&warning));
            pattern_destroy(pattern);
        }
    }
    buf_finish(&grep->words);
    free(grep);
}
