/* SPDX-License-Identifier: MIT
 * Generated pipelines over real strace logs: the chain's lines and exit code equal those of the
 * pipeline, run by bash with the installed GNU grep; sh runs the printed chain with the same
 * result. XSMALL_SEED=N generates others, XSMALL_PIPELINES=N more. */
#include "chain_generator.h"
#include "chain_place.h"
#include "need.h"

#include <sys/stat.h>
#include <sys/wait.h>

enum { PIPELINES = 500, LINES_OF_A_LOG = 400, MAX_LINES = 4000 };

/* Names as strace -ff writes them, and names that a shell must quote. */
static const char *const names[] = {"log.1",   "log.2", "log.10", "a b.log", "it's",
                                    "[1].log", "-dash", "other",  "d/log.9"};
enum { N_NAMES = sizeof names / sizeof *names };

/* Operands that name them in a shell. The chain rejects two names of the same file. */
static const char *const operands[] = {
    "log.*",     "log.*",       "log.*",   "log.[0-9]", "log.1", "log.10 log.2", "l?g.1*",
    "'a b.log'", "a\\ b.log",   "a*",      "\"it's\"",  "*\\'s", "'[1].log'",    "\\[1].l*",
    "*.log",     "-dash log.2", "./other", "d/log.9",   "d/*",   "log.? d/*.9",  "$'a b.log'"};
static const char *const pattern_files[] = {"../words", "../none", "../empty-line"};

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Common programs, one process each; the longest traces become the logs. */
static const char tracing[] =
    "mkdir raw && strace -ff -o raw/t sh -c '"
    "ls -l /usr/bin >/dev/null; find /usr/share -maxdepth 2 >/dev/null; "
    "perl -e \"use strict; use POSIX; use Data::Dumper\"; cat /etc/passwd >/dev/null; "
    "grep -c root /etc/group >/dev/null; sed -n p /etc/hosts >/dev/null; "
    "python3 -c \"import json\"; awk \"{print}\" /etc/passwd >/dev/null; "
    "ls /absent; sort /etc/group >/dev/null; date >/dev/null; id >/dev/null' 2>/dev/null; "
    "ls -S raw | head -n 9 >order";

static bool make_logs(void)
{
    char path[64], command[256];
    assert_int_equal(mkdir("d", 0755), 0);
    if (system(tracing) != 0)
        return false;
    FILE *order = fopen("order", "r");
    assert_non_null(order);
    for (size_t i = 0; i < N_NAMES; i++) {
        assert_int_equal(fscanf(order, "%63s", path), 1);
        snprintf(command, sizeof command, "head -n %d 'raw/%s' >\"%s%s\"", LINES_OF_A_LOG, path,
                 names[i][0] == '-' ? "./" : "", names[i]);
        assert_int_equal(system(command), 0);
    }
    fclose(order);
    return system("rm -r raw order") == 0;
}

static int set_up(void **state)
{
    struct place *place = calloc(1, sizeof *place);
    struct err err = {0};
    *state = place;
    strcpy(place->dir, "/tmp/xsmall-pipelines-XXXXXX");
    assert_non_null(mkdtemp(place->dir));
    assert_int_equal(chdir(place->dir), 0);
    assert_int_equal(mkdir("logs", 0755), 0);
    put("words", "libc\nENOENT\n\"/etc\n");
    put("none", "");
    put("empty-line", "\n");
    assert_int_equal(chdir("logs"), 0);
    assert_true(make_logs());
    must(db_open("../s.xsmall", DB_CREATE, &place->db, &err), &err);
    load_logs(place, names, N_NAMES);
    return 0;
}

/* Runs a pipeline in a shell; returns the exit code of the last command, or 2 if any command has 2.
 */
static int ask_shell(const char *shell, struct bytes text, struct buf *out)
{
    static const char sum[] = "\nfor s in \"${PIPESTATUS[@]}\"; do "
                              "[ \"$s\" = 2 ] && exit 2; done; exit \"$s\"\n";
    BUF_AUTO struct buf script = {0};
    BUF_AUTO struct buf command = {0};
    bool is_bash = !strcmp(shell, "bash");
    buf_add(&script, text);
    buf_add(&script, bytes_of(is_bash ? sum : ""));
    buf_byte(&script, 0);
    put("../script", script.p);
    buf_printf(&command, "LC_ALL=C %s ../script 2>../stderr", shell);
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    char chunk[65536];
    size_t n;
    while ((n = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(out, bytes_from(chunk, n));
    int status = pclose(pipe);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

struct tally {
    size_t n, n_printed, n_silent, n_refused;
};

/* Fails, and keeps the logs for inspection. */
static void say(struct place *place, struct bytes text, const char *what)
{
    char failed[sizeof place->dir + 8];
    snprintf(failed, sizeof failed, "%s-failed", place->dir);
    rename(place->dir, failed);
    fail_msg("in %s/logs: %.*s\n%s", failed, (int)text.n, text.p, what);
}

/* The chain as a session stores it: printed, and parsed again without a file or a warning. */
static void check_printed(struct place *place, const struct chain *chain, struct bytes text,
                          struct bytes expected)
{
    BUF_AUTO struct buf printed = {0};
    BUF_AUTO struct buf again = {0};
    BUF_AUTO struct buf out = {0};
    chain_print(chain, &printed);
    ask_shell("sh", buf_bytes(&printed), &out);
    if (!bytes_equal(expected, buf_bytes(&out)))
        say(place, text, printed.p);
    struct chain *second = make(place, printed.p);
    chain_print(second, &again);
    assert_string_equal(printed.p, again.p);
    chain_destroy(second);
}

static void check_pipeline(struct place *place, struct chain *chain, struct bytes text,
                           struct tally *tally)
{
    BUF_AUTO struct buf expected = {0};
    BUF_AUTO struct buf got = {0};
    struct err err = {0};
    int code = ask_shell("bash", text, &expected);
    bool ok = chain_from_pipeline(chain, text, NULL, &err) &&
              chain_bind(chain, place->corpus, place->db, &err) &&
              chain_settle(chain, place->db, NULL, &err);
    tally->n++;
    if (code == 2 || !ok) {
        tally->n_refused++;
        if (ok)
            say(place, text, "refused by grep");
        if (code != 2)
            say(place, text, err.text);
        return;
    }
    output_of(place, chain, &got);
    if (!bytes_equal(buf_bytes(&expected), buf_bytes(&got)))
        say(place, text, "other lines");
    assert_int_equal(code, chain_n_output(chain) ? 0 : 1);
    *(code ? &tally->n_silent : &tally->n_printed) += 1;
    check_printed(place, chain, text, buf_bytes(&expected));
}

static void generated_pipelines_are_greps(void **state)
{
    struct place *place = *state;
    const char *wanted = getenv("XSMALL_PIPELINES");
    size_t n = wanted ? strtoull(wanted, NULL, 10) : PIPELINES;
    static struct bytes lines[MAX_LINES];
    BUF_AUTO struct buf text = {0};
    struct generator g = {.chance = chance_begin(20261123),
                          .lines = lines,
                          .operands = operands,
                          .n_operands = sizeof operands / sizeof *operands,
                          .pattern_files = pattern_files,
                          .n_pattern_files = sizeof pattern_files / sizeof *pattern_files};
    ask_shell("sh", bytes_of("cat -- log.* d/*"), &text);
    for (struct bytes rest = buf_bytes(&text); rest.n && g.n_lines < MAX_LINES;) {
        lines[g.n_lines] = bytes_from(rest.p, bytes_index(rest, '\n'));
        rest = bytes_skip(rest, lines[g.n_lines++].n + 1);
    }
    print_message("seed %llu, %zu pipelines, %u lines\n", (unsigned long long)g.chance.number, n,
                  place->corpus->n_lines);
    struct tally tally = {0};
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf pipeline = {0};
        struct chain *chain = make(place, "");
        generate_pipeline(&g, &pipeline);
        check_pipeline(place, chain, buf_bytes(&pipeline), &tally);
        chain_destroy(chain);
    }
    print_message("%zu with lines, %zu without, %zu refused\n", tally.n_printed, tally.n_silent,
                  tally.n_refused);
    assert_int_equal(tally.n, n);
    assert_true(tally.n_printed * 4 > n && tally.n_silent * 50 > n && tally.n_refused * 50 > n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(generated_pipelines_are_greps)};
    need_strace();
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
