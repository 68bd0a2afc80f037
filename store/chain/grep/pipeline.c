/* SPDX-License-Identifier: MIT */
#include "chain/grep/pipeline.h"

#include <stdlib.h>
#include <string.h>

#include "util/path.h"

enum {
    MAX_TEXT_BYTES = 4 * 1024 * 1024, /* length of a pipeline with its patterns */
    MAX_WORDS = 100000,               /* words of one command */
    MAX_STAGES = 1000
};

static void add_operand(struct operands *operands, const struct shell_word *word)
{
    ARRAY_ROOM(operands->list, operands->n, operands->cap);
    struct operand *operand = &operands->list[operands->n++];
    *operand = (struct operand){.is_glob = word->is_glob};
    buf_add(&operand->text, buf_bytes(word->is_glob ? &word->glob : &word->text));
}

void operands_finish(struct operands *operands)
{
    for (size_t i = 0; i < operands->n; i++)
        buf_finish(&operands->list[i].text);
    free(operands->list);
    *operands = (struct operands){0};
}

bool operands_parse(struct bytes text, struct operands *out, struct err *err)
{
    WORD_AUTO struct shell_word word = {0};
    *out = (struct operands){0};
    for (;;) {
        if (!shell_lexer_next(&text, &word, err))
            break;
        if (word.kind == WORD_END)
            return true;
        if (word.kind == WORD_PIPE || out->n == MAX_WORDS) {
            err_set(err, "files: expected a list of file names, without a pipe");
            break;
        }
        add_operand(out, &word);
    }
    operands_finish(out);
    return false;
}

void operands_print(const struct operands *operands, struct buf *out)
{
    for (size_t i = 0; i < operands->n; i++) {
        struct bytes text = buf_bytes(&operands->list[i].text);
        buf_byte(out, ' ');
        if (operands->list[i].is_glob)
            shell_quote_glob(text, out);
        else
            shell_quote_name(text, out);
    }
}

/* The words of one command. */
struct command {
    struct shell_word *words; /* owned */
    size_t n, cap;
    bool piped; /* a pipe follows */
};

static void command_finish(struct command *command)
{
    for (size_t i = 0; i < command->n; i++)
        shell_word_finish(&command->words[i]);
    free(command->words);
    *command = (struct command){0};
}
#define COMMAND_AUTO __attribute__((cleanup(command_finish)))

static bool read_command(struct bytes *text, struct command *out, struct err *err)
{
    for (;;) {
        if (out->n == MAX_WORDS)
            return err_set(
                err, "command: more than %d words; put the patterns in a file and use grep -f FILE",
                MAX_WORDS);
        ARRAY_ROOM(out->words, out->n, out->cap);
        struct shell_word *word = &out->words[out->n];
        *word = (struct shell_word){0};
        bool ok = shell_lexer_next(text, word, err);
        if (ok && word->kind == WORD_TEXT) {
            out->n++;
            continue;
        }
        out->piped = ok && word->kind == WORD_PIPE;
        shell_word_finish(word);
        return ok;
    }
}

/* Splits NAME=VALUE, which can precede a command. Of the variables that affect grep, only the
 * locale can be set, and only to the locale of the chain. */
static bool is_assignment(struct bytes word, struct bytes *name, struct bytes *value)
{
    size_t equals = bytes_index(word, '=');
    *name = bytes_from(word.p, equals);
    *value = bytes_skip(word, equals + 1);
    if (equals == 0 || equals == word.n || (word.p[0] >= '0' && word.p[0] <= '9'))
        return false;
    for (size_t i = 0; i < equals; i++) {
        char c = word.p[i];
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
              c == '_'))
            return false;
    }
    return true;
}

static bool is_one_of(struct bytes word, const char *const *list)
{
    for (; *list; list++)
        if (bytes_equal(word, bytes_of(*list)))
            return true;
    return false;
}

static bool check_assignment(struct bytes name, struct bytes value, struct buf *warning,
                             struct err *err)
{
    static const char *const refused[] = {"GREP_OPTIONS", "POSIXLY_CORRECT", NULL};
    static const char *const locales[] = {"LC_ALL", "LC_CTYPE", "LC_COLLATE", "LANG", NULL};
    static const char *const c_names[] = {"C", "POSIX", "", NULL};
    if (is_one_of(name, refused))
        return err_set(err, "%.*s=: changes what grep does; not part of the chain", (int)name.n,
                       name.p);
    if (warning && is_one_of(name, locales) && !is_one_of(value, c_names))
        buf_printf(warning, "warning: %.*s=%.*s: the chain matches in the C locale\n", (int)name.n,
                   name.p, (int)value.n, value.p);
    return true;
}

/* Skips assignments, env and command; *at is then the index of the command name. */
static bool skip_environment(const struct command *command, size_t *at, struct buf *warning,
                             struct err *err)
{
    static const char *const before[] = {"env", "command", NULL};
    for (*at = 0; *at < command->n; ++*at) {
        struct bytes name, value, word = buf_bytes(&command->words[*at].text);
        if (is_assignment(word, &name, &value)) {
            if (!check_assignment(name, value, warning, err))
                return false;
        } else if (!is_one_of(path_base(word), before)) {
            break;
        }
    }
    return *at < command->n || err_set(err, "|: a command is missing");
}

/* Returns whether the command is a grep, and sets the options that its name implies (egrep: -E). */
static bool is_grep(struct bytes word, enum grep_syntax *syntax, bool *has_syntax)
{
    struct bytes name = path_base(word);
    *has_syntax = true;
    *syntax = bytes_equal(name, bytes_of("egrep"))   ? GREP_EXTENDED
              : bytes_equal(name, bytes_of("fgrep")) ? GREP_FIXED
                                                     : GREP_BASIC;
    if (*syntax == GREP_BASIC)
        *has_syntax = false;
    return *has_syntax || bytes_equal(name, bytes_of("grep"));
}

static bool refuse_file(const struct shell_word *word, struct err *err)
{
    return err_set(err, "%s: only the first grep of a chain reads files",
                   word->text.n ? word->text.p : "''");
}

/* Returns the words of a command from index `at`. */
static struct grep_words words_from(const struct command *command, size_t at, bool has_syntax,
                                    enum pipeline_source source)
{
    return (struct grep_words){command->words + at, command->n - at, has_syntax, source};
}

/* Reads the words after a grep's name. */
static bool read_grep(struct grep_words words, bool is_first, struct stage_spec *spec,
                      struct operands *files, struct err *err)
{
    size_t n_operands;
    MEM_AUTO const struct shell_word **operands = mem_zero(words.n + 1, sizeof *operands);
    if (!grep_options_read(&words, spec, operands, &n_operands, err))
        return false;
    if (!is_first && n_operands)
        return refuse_file(operands[0], err);
    if (!is_first && spec->prefix == GREP_PREFIX_ALWAYS)
        return err_set(err, "-H: only the first grep of a chain has file names");
    if (!is_first)
        spec->prefix = GREP_PREFIX_AUTO;
    for (size_t i = 0; i < n_operands; i++) {
        if (bytes_equal(buf_bytes(&operands[i]->text), bytes_of("-")))
            return err_set(err, "-: the first grep of a chain reads logs, not a pipe");
        add_operand(files, operands[i]);
    }
    return true;
}

/* Reads a leading cat FILES: its words are the files, and lines have no file name prefix. */
static bool read_cat(const struct command *command, size_t at, struct operands *files,
                     struct err *err)
{
    bool ended = false; /* a -- was read */
    for (size_t i = at + 1; i < command->n; i++) {
        struct bytes word = buf_bytes(&command->words[i].text);
        if (bytes_equal(word, bytes_of("--")) && !ended) {
            ended = true;
            continue;
        }
        if (bytes_starts(word, bytes_of("-")) && (!ended || word.n == 1))
            return err_set(err, "cat %s: not part of the chain", command->words[i].text.p);
        add_operand(files, &command->words[i]);
    }
    return files->n || err_set(err, "cat: without files it is not part of the chain");
}

/* Returns true for programs that only change how the matching lines are shown. */
static bool is_display(struct bytes word)
{
    static const char *const names[] = {"sort", "uniq", "wc",   "cut",  "awk",    "gawk",
                                        "mawk", "sed",  "head", "tail", "less",   "more",
                                        "cat",  "tr",   "nl",   "tee",  "column", NULL};
    return is_one_of(path_base(word), names);
}

/* Adds a warning that names a command after the chain, which is not part of the chain. */
static void leave_out(const struct command *command, size_t at, struct buf *warning)
{
    if (!warning)
        return;
    buf_add(warning, bytes_of("warning: "));
    for (size_t i = at; i < command->n; i++) {
        buf_add(warning, bytes_of(i > at ? " " : ""));
        buf_add(warning, buf_bytes(&command->words[i].text));
    }
    buf_add(warning, bytes_of(": not part of the chain, left out\n"));
}

static bool add_stage(const struct command *command, size_t at, enum pipeline_source source,
                      struct pipeline *out, struct err *err)
{
    struct stage_spec spec = {0};
    struct bytes name = buf_bytes(&command->words[at].text);
    bool has_syntax, after_cat = out->n == 0 && out->files.n;
    if (!is_grep(name, &spec.syntax, &has_syntax))
        return err_set(err, "%s: not part of the chain, which is grep commands only",
                       name.n ? name.p : "''");
    if (out->n == MAX_STAGES)
        return err_set(err, "more than %d commands", MAX_STAGES);
    if (!read_grep(words_from(command, at + 1, has_syntax, source), out->n == 0 && !after_cat,
                   &spec, &out->files, err)) {
        stage_spec_finish(&spec);
        return false;
    }
    if (after_cat)
        spec.prefix = GREP_PREFIX_NEVER;
    ARRAY_ROOM(out->stages, out->n, out->cap);
    out->stages[out->n++] = spec;
    return true;
}

static bool read_pipeline(struct bytes text, enum pipeline_source source, struct pipeline *out,
                          struct buf *warning, struct err *err)
{
    bool ended = false; /* a command that is not part of the chain was read */
    for (bool piped = true; piped;) {
        COMMAND_AUTO struct command command = {0};
        size_t at;
        if (!read_command(&text, &command, err) || !skip_environment(&command, &at, warning, err))
            return false;
        struct bytes name = path_base(buf_bytes(&command.words[at].text));
        piped = command.piped;
        if (out->n && source == PIPELINE_TYPED && is_display(name)) {
            leave_out(&command, at, warning);
            ended = true;
            continue;
        }
        if (ended)
            return err_set(err, "%.*s: comes after a command that is not part of the chain",
                           (int)name.n, name.p);
        bool is_cat = bytes_equal(name, bytes_of("cat")) && !out->n && !out->files.n;
        if (is_cat ? !read_cat(&command, at, &out->files, err)
                   : !add_stage(&command, at, source, out, err))
            return false;
    }
    return out->n || err_set(err, "cat: expected a grep command after it");
}

bool pipeline_parse(struct bytes text, enum pipeline_source source, struct pipeline *out,
                    struct buf *warning, struct err *err)
{
    *out = (struct pipeline){0};
    if (text.n > MAX_TEXT_BYTES)
        return err_set(err, "chain: more than %d bytes", MAX_TEXT_BYTES);
    if (!read_pipeline(text, source, out, warning, err)) {
        pipeline_finish(out);
        return false;
    }
    return true;
}

bool pipeline_parse_stage(struct bytes text, bool is_first, enum pipeline_source source,
                          struct stage_spec *out, struct operands *files, struct err *err)
{
    COMMAND_AUTO struct command command = {0};
    *out = (struct stage_spec){0};
    *files = (struct operands){0};
    if (text.n > MAX_TEXT_BYTES)
        return err_set(err, "stage: more than %d bytes", MAX_TEXT_BYTES);
    if (!read_command(&text, &command, err))
        return false;
    if (command.piped)
        return err_set(err, "|: a stage is one grep command");
    size_t at = 0;
    bool has_syntax = false;
    BUF_AUTO struct buf ignored = {0};
    if (command.n > 1 && !skip_environment(&command, &at, &ignored, err))
        return false;
    bool named =
        command.n > 1 && is_grep(buf_bytes(&command.words[at].text), &out->syntax, &has_syntax);
    if (!read_grep(words_from(&command, named ? at + 1 : 0, has_syntax, source), is_first, out,
                   files, err)) {
        stage_spec_finish(out);
        operands_finish(files);
        return false;
    }
    return true;
}

void pipeline_finish(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->n; i++)
        stage_spec_finish(&pipeline->stages[i]);
    free(pipeline->stages);
    operands_finish(&pipeline->files);
    *pipeline = (struct pipeline){0};
}
