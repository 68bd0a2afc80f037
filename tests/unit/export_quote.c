/* SPDX-License-Identifier: MIT
 * Names in hostile images: a real shell and SQLite's JSON read back what is written; the rest is
 * compared with the measured behaviour of builders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "export/quote.h"
#include "export/shell_script.h"

static const char *const names[] = {
    "plain",        "a b",          " lead", "trail ",      "it's", "q\"q",     "b\\s", "$HOME",
    "`id`",         "$(id)",        "a;b",   "a&b",         "*",    "[x]",      "?",    "~",
    "#x",           "<<EOF",        "-n",    "%s",          "%",    "\\n",      "!x",   "{a,b}",
    "tab\tx",       "\x01\x1b[31m", "cr\rx", "utf\xc3\xa9", "a=b",  "a'b\"c\\", "''",   "\\'",
    "\xe2\x80\xae", "\"; rm -rf x",
};
enum { N_NAMES = sizeof names / sizeof *names };

static const char *const odd_names[] = {"nl\nx", "\n", "latin\xff", "\x80%s\\'\"", "a\n\n"};

/* Returns the output of a command in a real shell. */
static void run_shell(const char *command, struct buf *out)
{
    FILE *pipe = popen(command, "r");
    char bytes[65536];
    size_t n;
    assert_non_null(pipe);
    while ((n = fread(bytes, 1, sizeof bytes, pipe)) > 0)
        buf_add(out, bytes_from(bytes, n));
    assert_int_equal(pclose(pipe), 0);
}

static void a_shell_reads_the_names_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < N_NAMES; i++) {
        BUF_AUTO struct buf command = {0}, out = {0};
        assert_true(quote_is_plain(bytes_of(names[i])));
        buf_add(&command, bytes_of("printf %s "));
        quote_shell(bytes_of(names[i]), &command);
        run_shell(command.p, &out);
        assert_string_equal(out.p, names[i]);
    }
    for (size_t i = 0; i < sizeof odd_names / sizeof *odd_names; i++) {
        BUF_AUTO struct buf command = {0}, out = {0};
        assert_false(quote_is_plain(bytes_of(odd_names[i])));
        buf_add(&command, bytes_of("printf '"));
        quote_octal(bytes_of(odd_names[i]), &command);
        buf_byte(&command, '\'');
        assert_null(memchr(command.p, '\n', command.n));
        run_shell(command.p, &out);
        assert_int_equal(out.n, strlen(odd_names[i]) + 1); /* with the NUL */
        assert_string_equal(out.p, odd_names[i]);
    }
}

static void json_reads_the_names_back(void **state)
{
    for (size_t i = 0; i < N_NAMES; i++) {
        BUF_AUTO struct buf json = {0}, out = {0};
        buf_byte(&json, '[');
        quote_json(bytes_of(names[i]), &json);
        buf_byte(&json, ']');
        assert_null(memchr(json.p, '\n', json.n));
        assert_null(strstr(json.p, "<<"));
        assert_true(db_json(*state, buf_bytes(&json), "$[0]", &out));
        assert_string_equal(out.p, names[i]);
    }
}

static void copy_sources_as_measured(void **state)
{
    (void)state;
    static const struct {
        const char *path, *buildkit, *any, *buildah; /* NULL: cannot be expressed */
    } expected[] = {
        {"/a b", "\"/a b\"", "\"/a b\"", "\"/a b\""},
        {"/a$b", "\"/a\\\\$b\"", "\"/a\\\\$b\"", "\"/a\\\\$b\""},
        {"/a\"b", "\"/a\\\\\\\"b\"", "\"/a\\\\\\\"b\"", "\"/a\\\\\\\"b\""},
        {"/a'b", "\"/a\\\\'b\"", "\"/a\\\\'b\"", "\"/a\\\\'b\""},
        {"/a\\b", "\"/a\\\\\\\\b\"", NULL, "\"/a[\\\\\\\\\\\\\\\\]b\""},
        {"/a[b", "\"/a[[]b\"", NULL, "\"/a[[]b\""},
        {"/a*b", "\"/a[*]b\"", NULL, "\"/a[*]b\""},
        {"/a?b", "\"/a[?]b\"", NULL, "\"/a[?]b\""},
        {"/a*\\b", "\"/a[*][\\\\\\\\\\\\\\\\]b\"", NULL, "\"/a[*][\\\\\\\\\\\\\\\\]b\""},
        {"/a\nb", "\"/a\\u000ab\"", "\"/a\\u000ab\"", "\"/a\\u000ab\""},
        {"/-a,{b}#", "\"/-a,{b}#\"", "\"/-a,{b}#\"", "\"/-a,{b}#\""},
        {"/\xff", NULL, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const char *const texts[] = {expected[i].buildkit, expected[i].buildkit, expected[i].any,
                                     expected[i].any, expected[i].buildah};
        static const enum export_builder builders[] = {
            BUILDER_BUILDKIT, BUILDER_DOCKER, BUILDER_ANY, BUILDER_BUILDAH_128, BUILDER_BUILDAH};
        for (size_t k = 0; k < N_BUILDERS; k++) {
            BUF_AUTO struct buf out = {0};
            bool said = quote_source(bytes_of(expected[i].path), builders[k], &out);
            assert_int_equal(said, texts[k] != NULL);
            if (said)
                assert_string_equal(out.p, texts[k]);
        }
    }
}

static void builders_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum export_builder builder;
    } expected[] = {{"any", BUILDER_ANY},
                    {"buildkit", BUILDER_BUILDKIT},
                    {"docker-classic", BUILDER_DOCKER},
                    {"docker", BUILDER_DOCKER},
                    {"buildah-1.28", BUILDER_BUILDAH_128},
                    {"buildah", BUILDER_BUILDAH}};
    enum export_builder builder;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        assert_true(export_builder_find(expected[i].name, &builder));
        assert_int_equal(builder, expected[i].builder);
    }
    assert_false(export_builder_find("buildah-1", &builder));
    assert_false(export_builder_find("", &builder));
}

static void words_of_a_line(void **state)
{
    (void)state;
    static const struct {
        const char *text, *word;
    } expected[] = {{"/usr/bin:/bin", "/usr/bin:/bin"},
                    {"a b", "\"a b\""},
                    {"", "\"\""},
                    {"$x", "\"\\$x\""},
                    {"a\"b", "\"a\\\"b\""},
                    {"a\\", "\"a\\\\\""},
                    {"it's", "\"it's\""},
                    {"#x", "\"#x\""},
                    {"a\nb", NULL},
                    {"\xff", NULL}};
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        BUF_AUTO struct buf out = {0};
        bool said = quote_word(bytes_of(expected[i].text), &out);
        assert_int_equal(said, expected[i].word != NULL);
        if (said)
            assert_string_equal(out.p, expected[i].word);
    }
    BUF_AUTO struct buf comment = {0};
    quote_comment(bytes_of("a\nFROM evil\x1b[2J"), &comment);
    assert_null(memchr(comment.p, '\n', comment.n));
    assert_null(memchr(comment.p, '\x1b', comment.n));
}

/* Returns the script of each RUN, continuation lines joined as builders do, without JSON quoting.
 */
static size_t next_script(struct db *db, const char **rest, struct buf *script)
{
    static const char run[] = "RUN ";
    BUF_AUTO struct buf line = {0};
    if (!**rest)
        return 0;
    assert_memory_equal(*rest, run, 4);
    for (*rest += 4; **rest != '\n'; ++*rest) {
        if (**rest == '\\' && (*rest)[1] == '\n') {
            ++*rest;
            assert_true((*rest)[1] != '#' && (*rest)[1] != ' ' && (*rest)[1] != '\n');
            continue;
        }
        buf_byte(&line, **rest);
    }
    ++*rest;
    BUF_AUTO struct buf word = {0};
    assert_true(db_json(db, buf_bytes(&line), "$[0]", &word));
    assert_string_equal(word.p, "/bin/sh");
    assert_true(db_json(db, buf_bytes(&line), "$[1]", &word));
    assert_string_equal(word.p, "-c");
    assert_int_equal(db_json_length(db, buf_bytes(&line), "$"), 3);
    assert_true(db_json(db, buf_bytes(&line), "$[2]", script));
    return script->n;
}

static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (const char *end; (end = strchr(text, '\n')); text = end + 1)
        if ((size_t)(end - text) > longest)
            longest = (size_t)(end - text);
    return longest;
}

struct place {
    char dir[64];
    struct db *db;
};
static struct place place;

/* A real shell creates and lists many names, among them all unusual ones. */
static void scripts_run(void **state)
{
    enum { MANY = 6000 };
    char dir[80];
    struct arena arena = {0};
    MEM_AUTO struct bytes *all = mem_array(NULL, MANY + N_NAMES + 8, sizeof *all);
    BUF_AUTO struct buf out = {0}, script_text = {0}, listed = {0}, expected = {0}, command = {0};
    size_t n = 0, n_runs = 0, length;
    snprintf(dir, sizeof dir, "%s/it's $made", place.dir);
    for (size_t i = 0; i < N_NAMES; i++)
        all[n++] = bytes_of(names[i]);
    for (size_t i = 0; i < sizeof odd_names / sizeof *odd_names; i++)
        all[n++] = bytes_of(odd_names[i]);
    for (int i = 0; i < MANY; i++) {
        char name[64];
        snprintf(name, sizeof name, "a name that is not the shortest %d", i);
        all[n++] = arena_copy(&arena, bytes_of(name));
    }
    struct bytes made = bytes_of(dir);
    struct script script;
    script_init(&script, &out);
    assert_true(script_command(&script, bytes_of("/"), "mkdir --", &made, 1, "", SCRIPT_WHOLE));
    assert_true(script_command(&script, made, "touch --", all, n, "", SCRIPT_SPLIT));
    assert_true(script_command(&script, made, "mkdir --", (struct bytes[]){bytes_of("to")}, 1, "",
                               SCRIPT_WHOLE));
    assert_true(script_command(&script, made, "cp -a --",
                               (struct bytes[]){bytes_of("nl\nx"), bytes_of("it's")}, 2, " to",
                               SCRIPT_WHOLE));
    assert_false(script_command(&script, made, "cp -a --", all, n, " to", SCRIPT_WHOLE));
    script_finish(&script);
    assert_true(longest_line(out.p) < 65535);
    const char *rest = out.p;
    while ((length = next_script(*state, &rest, &script_text))) {
        assert_true(length < 100000);
        char *const argv[] = {"sh", "-c", script_text.p, NULL};
        pid_t child = fork();
        if (!child)
            execv("/bin/sh", argv);
        int status;
        waitpid(child, &status, 0);
        assert_int_equal(status, 0);
        n_runs++;
    }
    assert_true(n_runs > 1);
    buf_add(&command, bytes_of("cd "));
    quote_shell(made, &command);
    buf_add(&command, bytes_of(" && find . -type f | wc -c && cat /dev/null \"nl\nx\" to/*"));
    run_shell(command.p, &listed);
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += all[i].n + 3; /* ./ and a newline */
    bytes += strlen("./to/nl\nx") + 1 + strlen("./to/it's") + 1;
    buf_printf(&expected, "%zu\n", bytes);
    assert_string_equal(listed.p, expected.p);
    buf_clear(&command);
    buf_add(&command, bytes_of("rm -rf -- "));
    quote_shell(made, &command);
    buf_clear(&listed);
    run_shell(command.p, &listed);
    arena_finish(&arena);
}

static int open_session(void **state)
{
    struct err err = {0};
    char path[96];
    strcpy(place.dir, "/tmp/xsmall-quote-XXXXXX");
    if (!mkdtemp(place.dir))
        return -1;
    snprintf(path, sizeof path, "%s/a.xsmall", place.dir);
    if (!db_open(path, DB_CREATE, &place.db, &err))
        return -1;
    *state = place.db;
    return 0;
}

static int close_session(void **state)
{
    char path[96];
    db_close(*state);
    snprintf(path, sizeof path, "%s/a.xsmall", place.dir);
    unlink(path);
    return rmdir(place.dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_shell_reads_the_names_back),
        cmocka_unit_test(json_reads_the_names_back),
        cmocka_unit_test(copy_sources_as_measured),
        cmocka_unit_test(builders_by_name),
        cmocka_unit_test(words_of_a_line),
        cmocka_unit_test(scripts_run),
    };
    return cmocka_run_group_tests(tests, open_session, close_session);
}
