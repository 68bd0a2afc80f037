/* SPDX-License-Identifier: MIT
 * Shell text becomes stages and shell text again: a shell prints the same bytes for both; words
 * that are not part of a chain are rejected by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/grep/pipeline.h"

static char dir[] = "/tmp/xsmall-pipeline-XXXXXX";

static void put(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

/* Names that need quotes, and text in which each pattern below matches some lines and not others.
 */
static int set_up(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(dir));
    assert_int_equal(chdir(dir), 0);
    put("log.1",
        "openat(\"/lib/x.so\") = 3\nopenat(\"/lib/y.so\") = -1 ENOENT\nit's\na\\b\n$HOME\n");
    put("log.2",
        "execve(\"/bin/sh\") = 0\nA B\ntab\there\n*star*\n-x\na.so\n`date`\n\xc3\xa9t\xc3\xa9\n");
    put("a b", "space x.so\nother\n'quoted'\n");
    put("[1]", "bracket x.so\n");
    put("it's", "apostrophe x.so\n");
    put("words", "x.so\nA\n");
    put("none", "");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    static const char *const names[] = {"log.1", "log.2", "a b", "[1]", "it's", "words", "none"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unlink(names[i]);
    assert_int_equal(chdir("/"), 0);
    assert_int_equal(rmdir(dir), 0);
    return 0;
}

static void run(const char *shell, const char *text, struct buf *out)
{
    static const char before[] = "grep() { LC_ALL=C command grep -a \"$@\"; }\n";
    BUF_AUTO struct buf script = {0};
    BUF_AUTO struct buf command = {0};
    buf_add(&script, bytes_of(before));
    buf_add(&script, bytes_of(text));
    buf_printf(&command, "LC_ALL=C.UTF-8 %s -c ", shell);
    shell_quote(buf_bytes(&script), &command);
    buf_add(&command, bytes_of(" 2>/dev/null"));
    FILE *pipe = popen(command.p, "r");
    assert_non_null(pipe);
    int c;
    while ((c = getc(pipe)) != EOF)
        buf_byte(out, (char)c);
    pclose(pipe);
}

/* Returns the chain as it is printed. */
static void print(const struct pipeline *pipeline, struct buf *out)
{
    for (size_t i = 0; i < pipeline->n; i++) {
        buf_add(out, bytes_of(i ? " | " : ""));
        stage_spec_print(&pipeline->stages[i], out);
        if (i == 0)
            operands_print(&pipeline->files, out);
    }
    buf_byte(out, 0);
}

static const char *const accepted[] = {"grep '\\.so' log.1",
                                       "grep \\.so log.1",
                                       "grep \"\\.so\" log.*",
                                       "grep .so log.1 log.2",
                                       "grep -v '= -1' log.* | grep so",
                                       "grep -ve so log.*",
                                       "grep -vE 'so|sh' log.*",
                                       "grep -eso log.1",
                                       "grep -e so -e sh log.*",
                                       "grep -e 'so' -v log.1",
                                       "grep so -v log.1",
                                       "grep -E -e 'x|y' log.1",
                                       "grep --extended-regexp --regexp='x|y' log.1",
                                       "grep --invert-match --fixed-strings . log.1",
                                       "grep --inv so log.1",
                                       "grep --reg so log.1",
                                       "egrep 'x|y' log.1",
                                       "fgrep .so log.1 'a b'",
                                       "LC_ALL=C grep so log.1",
                                       "env LC_ALL=C grep so log.1",
                                       "LANG=C LC_ALL=C grep -i OPENAT log.1 | LC_ALL=C grep so",
                                       "cat log.1 | grep so",
                                       "cat log.1 log.2 | grep so | grep -v x",
                                       "cat -- log.1 | grep so",
                                       "grep -a so log.1",
                                       "grep --text --color=auto so log.1",
                                       "grep --colour so log.1",
                                       "grep -h so log.*",
                                       "grep -H so log.1",
                                       "grep --no-filename so log.*",
                                       "grep -- -x log.2",
                                       "grep -e -x log.2",
                                       "grep '\\-x' log.2",
                                       "grep -w so log.1",
                                       "grep -x 'it'\\''s' log.1",
                                       "grep \"it's\" log.1",
                                       "grep it\\'s log.1",
                                       "grep $'it\\'s' log.1",
                                       "grep $'tab\\there' log.2",
                                       "grep $'\\x61\\\\\\\\b' log.1",
                                       "grep $'\\101 B' log.2",
                                       "grep $'\\u00e9t' log.2",
                                       "grep '$HOME' log.1",
                                       "grep \\$HOME log.1",
                                       "grep 'so\"$' log.1",
                                       "grep \"so\\\"\" log.1",
                                       "grep '`date`' log.2",
                                       "grep so 'a b'",
                                       "grep so a\\ b",
                                       "grep so \"a b\"",
                                       "grep so a*b",
                                       "grep so 'it'*",
                                       "grep so \"it's\"",
                                       "grep so '[1]'",
                                       "grep so \\[1]",
                                       "grep so [l]og.[12]",
                                       "grep so ?og.1",
                                       "grep '*' log.2",
                                       "grep '' log.1",
                                       "grep \"\" log.*",
                                       "grep -v '' log.1",
                                       "grep -F -e so -e '' log.1",
                                       "grep 'a\nso' log.1",
                                       "grep so log.1 |\n  grep lib",
                                       "grep so \\\n log.1",
                                       "grep so log.1 # the libraries",
                                       "grep so log.1 | # then\n grep lib",
                                       "  grep   so\tlog.1  ",
                                       "grep so log.1\n",
                                       "grep -f words log.2",
                                       "grep -f none log.1",
                                       "grep -vf none log.1",
                                       "grep -f words -e sh log.2",
                                       "grep -xf none log.1",
                                       "grep -P 'so(?=\")' log.1",
                                       "grep -P -e so log.1",
                                       "grep -iw SO log.1",
                                       "grep -ivw SO log.1",
                                       "/bin/grep so log.1",
                                       "\\grep so log.1",
                                       "command grep so log.1",
                                       "grep -y SO log.1",
                                       "grep -i --no-ignore-case SO log.1",
                                       "grep -E -E 'x|y' log.1",
                                       "grep -s so log.1",
                                       "grep -U so log.1",
                                       "grep --line-buffered so log.1",
                                       "grep --binary-files=text so log.1",
                                       "grep -h so log.1 | grep -h lib",
                                       "grep so log.1 log.1",
                                       "grep 'é' log.2",
                                       "grep 'a\\\\b' log.1",
                                       "grep so ./log.1",
                                       "grep so \"$\"log 'log.1'"};

static void prints_what_it_read(void **state)
{
    (void)state;
    size_t n_lines = 0;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        BUF_AUTO struct buf printed = {0};
        BUF_AUTO struct buf again = {0};
        BUF_AUTO struct buf expected = {0};
        BUF_AUTO struct buf got = {0};
        struct pipeline pipeline, second;
        struct err err = {0};
        if (!pipeline_parse(bytes_of(accepted[i]), PIPELINE_TYPED, &pipeline, NULL, &err))
            fail_msg("%s: %s", accepted[i], err.text);
        print(&pipeline, &printed);
        run("bash", accepted[i], &expected);
        run("sh", printed.p, &got);
        if (!bytes_equal(buf_bytes(&expected), buf_bytes(&got)))
            fail_msg("%s\n%s\nexpected: %sgot: %s", accepted[i], printed.p,
                     expected.n ? expected.p : "\n", got.n ? got.p : "");
        n_lines += expected.n;
        /* the printed text is parsed to the same stages, with only words that a session may contain
         */
        if (!pipeline_parse(bytes_of(printed.p), PIPELINE_STORED, &second, NULL, &err))
            fail_msg("%s: %s", printed.p, err.text);
        print(&second, &again);
        assert_string_equal(printed.p, again.p);
        pipeline_finish(&pipeline);
        pipeline_finish(&second);
    }
    assert_true(n_lines > 2000); /* most pipelines match lines */
}

static const struct refusal {
    const char *text, *named;
} refused[] = {{"grep -c so log.1", "-c"},
               {"grep --count so log.1", "--count"},
               {"grep -l so log.1", "-l"},
               {"grep -L so log.1", "-L"},
               {"grep -n so log.1", "-n"},
               {"grep -vn so log.1", "-n"},
               {"grep -o so log.1", "-o"},
               {"grep -q so log.1", "-q"},
               {"grep -m1 so log.1", "-m"},
               {"grep -A 2 so log.1", "-A"},
               {"grep -B2 so log.1", "-B"},
               {"grep -C 1 so log.1", "-C"},
               {"grep -2 so log.1", "-2"},
               {"grep -r so .", "-r"},
               {"grep -R so .", "-R"},
               {"grep -z so log.1", "-z"},
               {"grep -Z so log.1", "-Z"},
               {"grep -b so log.1", "-b"},
               {"grep --only-matching so log.1", "--only-matching"},
               {"grep --include='*.c' so .", "--include"},
               {"grep -T so log.1", "-T"},
               {"grep -k so log.1", "'k'"},
               {"grep --nonsense so log.1", "--nonsense"},
               {"grep --no so log.1", "--no"},
               {"grep -E -F so log.1", "matchers"},
               {"fgrep -E so log.1", "matchers"},
               {"grep", "expression"},
               {"grep -v", "expression"},
               {"grep -e", "'e'"},
               {"sed -n p log.1 | grep so", "sed"},
               {"zgrep so log.1", "zgrep"},
               {"rg so", "rg"},
               {"sudo grep so log.1", "sudo"},
               {"cat -n log.1 | grep so", "-n"},
               {"cat -- - | grep so", "-"},
               {"cat | grep so", "cat"},
               {"cat log.1", "cat"},
               {"grep so log.1 | grep x log.2", "log.2"},
               {"cat log.1 | grep so log.2", "log.2"},
               {"grep so -", "-"},
               {"grep so log.1 | grep -H x", "-H"},
               {"grep so < log.1", "<"},
               {"grep so log.1 > out", ">"},
               {"grep so log.1 2>/dev/null", "2>"},
               {"grep so log.1 2>&1 | grep x", "2>"},
               {"grep so log.1; ls", ";"},
               {"grep so log.1 && ls", "&&"},
               {"grep so log.1 || ls", "||"},
               {"grep so log.1 &", "&"},
               {"grep so log.1\nls", "ls"},
               {"grep \"$X\" log.1", "$X"},
               {"grep $X log.1", "$X"},
               {"grep ${X} log.1", "${X}"},
               {"grep $(ls) log.1", "$(ls)"},
               {"grep `ls` log.1", "`ls`"},
               {"grep so ~/log.1", "~"},
               {"(grep so log.1)", "("},
               {"grep so log.{1,2}", "{1,2}"},
               {"grep 'so log.1", "quote"},
               {"grep \"so log.1", "quote"},
               {"grep $'so log.1", "quote"},
               {"| grep so", "command"},
               {"grep so log.1 |", "command"},
               {"grep so | | grep x", "command"},
               {"POSIXLY_CORRECT=1 grep so log.1", "POSIXLY_CORRECT"},
               {"grep -f missing log.1", "missing"},
               {"grep -f - log.1", "-f -"},
               {"grep --binary-files=binary so log.1", "--binary-files"},
               {"grep -V", "-V"},
               {"grep $'a\\0b' log.1", "NUL"},
               {"X=1", "command"},
               {"! grep so log.1", "!"}};

static void refuses_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct pipeline pipeline;
        struct err err = {0};
        if (pipeline_parse(bytes_of(refused[i].text), PIPELINE_TYPED, &pipeline, NULL, &err))
            fail_msg("accepted: %s", refused[i].text);
        if (!strstr(err.text, refused[i].named))
            fail_msg("%s: '%s' does not name %s", refused[i].text, err.text, refused[i].named);
        assert_int_equal(pipeline.n + pipeline.files.n, 0);
    }
}

static void what_stands_behind_is_named(void **state)
{
    (void)state;
    static const char *const behind[] = {"sort",  "sort -u",     "uniq -c",
                                         "wc -l", "cut -d: -f1", "awk '{print}'",
                                         "head",  "cat",         "sort | uniq -c | sort -rn"};
    for (size_t i = 0; i < sizeof behind / sizeof *behind; i++) {
        BUF_AUTO struct buf text = {0}, warning = {0}, printed = {0};
        struct pipeline pipeline;
        struct err err = {0};
        buf_printf(&text, "grep so log.* | grep -v lib | %s", behind[i]);
        if (!pipeline_parse(buf_bytes(&text), PIPELINE_TYPED, &pipeline, &warning, &err))
            fail_msg("%s: %s", text.p, err.text);
        print(&pipeline, &printed);
        assert_string_equal(printed.p, "grep 'so' log.* | grep -v 'lib'");
        MEM_AUTO char *word = mem_dup(bytes_from(behind[i], strcspn(behind[i], " ")));
        assert_non_null(strstr(warning.p, word));
        assert_non_null(strstr(warning.p, "not part of the chain"));
        pipeline_finish(&pipeline);
        assert_false(pipeline_parse(buf_bytes(&text), PIPELINE_STORED, &pipeline, NULL, &err));
        buf_add(&text, bytes_of(" | grep x"));
        assert_false(pipeline_parse(buf_bytes(&text), PIPELINE_TYPED, &pipeline, NULL, &err));
        assert_non_null(strstr(err.text, "grep"));
    }
}

static void stored_text_reads_no_file(void **state)
{
    (void)state;
    struct pipeline pipeline;
    struct err err = {0};
    assert_false(
        pipeline_parse(bytes_of("grep -f words log.1"), PIPELINE_STORED, &pipeline, NULL, &err));
    assert_non_null(strstr(err.text, "words"));
}

static void locales_warn(void **state)
{
    (void)state;
    BUF_AUTO struct buf warning = {0};
    struct pipeline pipeline;
    struct err err = {0};
    assert_true(pipeline_parse(bytes_of("LC_ALL=C LANG=de_DE.UTF-8 grep x log.1"), PIPELINE_TYPED,
                               &pipeline, &warning, &err));
    pipeline_finish(&pipeline);
    buf_byte(&warning, 0);
    assert_non_null(strstr(warning.p, "LANG=de_DE.UTF-8"));
    assert_null(strstr(warning.p, "LC_ALL"));
}

static void one_stage(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
    } rows[] = {{"grep -v 'x'", "grep -v 'x'"},
                {"-v x", "grep -v 'x'"},
                {"x", "grep 'x'"},
                {"-vE 'a|b'", "grep -v -E 'a|b'"},
                {"grep -e a -e b", "grep -e 'a' -e 'b'"},
                {"egrep x", "grep -E 'x'"},
                {"'= -1'", "grep '= -1'"},
                {"-e -x", "grep -e '-x'"},
                {"\"it's\"", "grep 'it'\\''s'"},
                {"-h x", "grep -h 'x'"},
                {"grep", "grep 'grep'"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct stage_spec spec;
        struct operands files;
        struct err err = {0};
        BUF_AUTO struct buf printed = {0};
        if (!pipeline_parse_stage(bytes_of(rows[i].text), true, PIPELINE_TYPED, &spec, &files,
                                  &err))
            fail_msg("%s: %s", rows[i].text, err.text);
        stage_spec_print(&spec, &printed);
        assert_int_equal(files.n, 0);
        assert_string_equal(printed.p, rows[i].printed);
        stage_spec_finish(&spec);
        assert_false(pipeline_parse_stage(bytes_of("x | grep y"), true, PIPELINE_TYPED, &spec,
                                          &files, &err));
        assert_false(
            pipeline_parse_stage(bytes_of("x log.1"), false, PIPELINE_TYPED, &spec, &files, &err));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(prints_what_it_read),
                                       cmocka_unit_test(refuses_by_name),
                                       cmocka_unit_test(what_stands_behind_is_named),
                                       cmocka_unit_test(stored_text_reads_no_file),
                                       cmocka_unit_test(locales_warn),
                                       cmocka_unit_test(one_stage)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
