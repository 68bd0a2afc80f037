/* SPDX-License-Identifier: MIT
 *
 * Parses options as getopt_long does: options and operands in any order up to --, joined letters, a
 * value in the same or the next word, unambiguous abbreviations of long names.
 */
#include "chain/grep/grep_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATTERN_FILE_BYTES = 1024 * 1024 }; /* size of a pattern file (-f) */

enum takes { ALONE, VALUE, MAY_HAVE_VALUE /* only as --name=value */ };
enum action {
    IGNORE,
    REFUSE,
    SYNTAX,
    PREFIX,
    FOLD,
    NO_FOLD,
    INVERT,
    WORD,
    LINE,
    EXPR,
    FILE_EXPRS,
    BINARY
};

static const char counts[] = "prints counts, not lines";
static const char names[] = "prints file names, not lines";
static const char changes[] = "changes the lines that are printed";
static const char nothing[] = "prints no lines";
static const char context[] = "prints lines that do not match";
static const char early[] = "stops before the end";
static const char null[] = "makes NUL the end of a line or name";
static const char trees[] = "chooses files; name the logs instead";
static const char talks[] = "prints about grep itself";

static const struct option_row {
    char letter;      /* 0: the option has no letter */
    const char *name; /* NULL: the option has no long name */
    enum takes takes;
    enum action action;
    int value;       /* for SYNTAX and PREFIX */
    const char *why; /* for REFUSE: the reason */
} rows[] = {
    {'G', "basic-regexp", ALONE, SYNTAX, GREP_BASIC, NULL},
    {'E', "extended-regexp", ALONE, SYNTAX, GREP_EXTENDED, NULL},
    {'F', "fixed-strings", ALONE, SYNTAX, GREP_FIXED, NULL},
    {'P', "perl-regexp", ALONE, SYNTAX, GREP_PERL, NULL},
    {'e', "regexp", VALUE, EXPR, 0, NULL},
    {'f', "file", VALUE, FILE_EXPRS, 0, NULL},
    {'i', "ignore-case", ALONE, FOLD, 0, NULL},
    {'y', NULL, ALONE, FOLD, 0, NULL},
    {0, "no-ignore-case", ALONE, NO_FOLD, 0, NULL},
    {'v', "invert-match", ALONE, INVERT, 0, NULL},
    {'w', "word-regexp", ALONE, WORD, 0, NULL},
    {'x', "line-regexp", ALONE, LINE, 0, NULL},
    {'h', "no-filename", ALONE, PREFIX, GREP_PREFIX_NEVER, NULL},
    {'H', "with-filename", ALONE, PREFIX, GREP_PREFIX_ALWAYS, NULL},
    {'a', "text", ALONE, IGNORE, 0, NULL},
    {'s', "no-messages", ALONE, IGNORE, 0, NULL},
    {'U', "binary", ALONE, IGNORE, 0, NULL},
    {0, "line-buffered", ALONE, IGNORE, 0, NULL},
    {0, "color", MAY_HAVE_VALUE, IGNORE, 0, NULL},
    {0, "colour", MAY_HAVE_VALUE, IGNORE, 0, NULL},
    {0, "binary-files", VALUE, BINARY, 0, NULL},
    {'c', "count", ALONE, REFUSE, 0, counts},
    {'l', "files-with-matches", ALONE, REFUSE, 0, names},
    {'L', "files-without-match", ALONE, REFUSE, 0, names},
    {'n', "line-number", ALONE, REFUSE, 0, changes},
    {'b', "byte-offset", ALONE, REFUSE, 0, changes},
    {'o', "only-matching", ALONE, REFUSE, 0, changes},
    {'T', "initial-tab", ALONE, REFUSE, 0, changes},
    {0, "label", VALUE, REFUSE, 0, changes},
    {'q', "quiet", ALONE, REFUSE, 0, nothing},
    {0, "silent", ALONE, REFUSE, 0, nothing},
    {'m', "max-count", VALUE, REFUSE, 0, early},
    {'A', "after-context", VALUE, REFUSE, 0, context},
    {'B', "before-context", VALUE, REFUSE, 0, context},
    {'C', "context", VALUE, REFUSE, 0, context},
    {0, "group-separator", VALUE, REFUSE, 0, context},
    {0, "no-group-separator", ALONE, REFUSE, 0, context},
    {'z', "null-data", ALONE, REFUSE, 0, null},
    {'Z', "null", ALONE, REFUSE, 0, null},
    {'r', "recursive", ALONE, REFUSE, 0, trees},
    {'R', "dereference-recursive", ALONE, REFUSE, 0, trees},
    {'d', "directories", VALUE, REFUSE, 0, trees},
    {'D', "devices", VALUE, REFUSE, 0, trees},
    {'I', NULL, ALONE, REFUSE, 0, trees},
    {0, "include", VALUE, REFUSE, 0, trees},
    {0, "exclude", VALUE, REFUSE, 0, trees},
    {0, "exclude-from", VALUE, REFUSE, 0, trees},
    {0, "exclude-dir", VALUE, REFUSE, 0, trees},
    {'V', "version", ALONE, REFUSE, 0, talks},
    {0, "help", ALONE, REFUSE, 0, talks},
};

struct reader {
    struct stage_spec *spec;
    bool has_syntax, has_exprs;
    enum pipeline_source source;
    struct err *err;
};

static void add_expr(struct reader *in, struct bytes expr)
{
    struct stage_spec *spec = in->spec;
    spec->exprs = mem_array(spec->exprs, spec->n_exprs + 1, sizeof *spec->exprs);
    spec->exprs[spec->n_exprs] = (struct buf){0};
    buf_add(&spec->exprs[spec->n_exprs++], expr);
}

static bool read_file(const char *path, struct buf *out, struct err *err)
{
    FILE *file = fopen(path, "re");
    if (!file)
        return err_sys(err, "-f %s", path);
    char chunk[4096];
    size_t n;
    while (out->n <= MAX_PATTERN_FILE_BYTES && (n = fread(chunk, 1, sizeof chunk, file)) > 0)
        buf_add(out, bytes_from(chunk, n));
    bool ok = !ferror(file) || err_sys(err, "-f %s", path);
    fclose(file);
    if (!ok)
        return false;
    if (out->n > MAX_PATTERN_FILE_BYTES)
        return err_set(err, "-f %s: more than %d bytes", path, MAX_PATTERN_FILE_BYTES);
    return !memchr(out->n ? out->p : "", 0, out->n) ||
           err_set(err, "-f %s: a NUL cannot be part of an expression", path);
}

/* Adds the lines of a file as expressions (-f); an empty file adds no expression. */
static bool add_file(struct reader *in, struct bytes name)
{
    MEM_AUTO char *path = mem_dup(name);
    BUF_AUTO struct buf text = {0};
    if (!strcmp(path, "/dev/null"))
        return true;
    if (!strcmp(path, "-"))
        return err_set(in->err, "-f -: expressions cannot come from a pipe");
    if (in->source == PIPELINE_STORED)
        return err_set(in->err, "-f %s: a stored chain does not read files", path);
    if (!read_file(path, &text, in->err))
        return false;
    if (text.n && text.p[text.n - 1] == '\n')
        add_expr(in, bytes_from(text.p, text.n - 1));
    else if (text.n)
        add_expr(in, buf_bytes(&text));
    return true;
}

static bool set_syntax(struct reader *in, enum grep_syntax syntax)
{
    if (in->has_syntax && in->spec->syntax != syntax)
        return err_set(in->err, "grep: conflicting matchers specified");
    in->has_syntax = true;
    in->spec->syntax = syntax;
    return true;
}

/* Applies an option. shown is the option as the user wrote it. */
static bool apply(struct reader *in, const struct option_row *row, const char *shown,
                  struct bytes value)
{
    struct stage_spec *spec = in->spec;
    switch (row->action) {
    case IGNORE:
        return true;
    case REFUSE:
        return err_set(in->err, "%s: %s; not part of the chain", shown, row->why);
    case SYNTAX:
        return set_syntax(in, (enum grep_syntax)row->value);
    case PREFIX:
        spec->prefix = (enum grep_prefix)row->value;
        return true;
    case FOLD:
    case NO_FOLD:
        spec->ignore_case = row->action == FOLD;
        return true;
    case INVERT:
        return spec->invert = true;
    case WORD:
        return spec->whole_word = true;
    case LINE:
        return spec->whole_line = true;
    case EXPR:
        in->has_exprs = true;
        add_expr(in, value);
        return true;
    case FILE_EXPRS:
        in->has_exprs = true;
        return add_file(in, value);
    default:
        return bytes_equal(value, bytes_of("text")) ||
               err_set(in->err, "%s: expected text; the filter chain reads all logs as text",
                       shown);
    }
}

static const struct option_row *find_letter(char letter)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (letter && rows[i].letter == letter)
            return &rows[i];
    return NULL;
}

/* Reads letters joined after one dash. Increments *i if the next word is the value of an option. */
static bool read_letters(struct reader *in, const struct shell_word *words, size_t n, size_t *i)
{
    struct bytes letters = bytes_skip(buf_bytes(&words[*i].text), 1);
    while (letters.n) {
        char shown[] = {'-', letters.p[0], 0};
        const struct option_row *row = find_letter(letters.p[0]);
        letters = bytes_skip(letters, 1);
        if (!row && shown[1] >= '0' && shown[1] <= '9')
            return err_set(in->err, "%s: %s; not part of the chain", words[*i].text.p, context);
        if (!row)
            return err_set(in->err, "invalid option -- '%c'", shown[1]);
        struct bytes value = letters;
        if (row->takes == VALUE) {
            if (!letters.n && *i + 1 == n)
                return err_set(in->err, "option requires an argument -- '%c'", shown[1]);
            if (!letters.n)
                value = buf_bytes(&words[++*i].text);
            letters.n = 0;
        }
        if (!apply(in, row, shown, value))
            return false;
    }
    return true;
}

/* Finds an option by a long name or its abbreviation. Returns NULL and fills err if no option or
 * several options match. */
static const struct option_row *find_name(struct bytes name, struct err *err)
{
    const struct option_row *found = NULL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes whole = bytes_of(rows[i].name);
        if (!rows[i].name || !bytes_starts(whole, name))
            continue;
        if (whole.n == name.n)
            return &rows[i];
        bool same = found && found->action == rows[i].action && found->why == rows[i].why &&
                    found->takes == rows[i].takes && rows[i].action == IGNORE;
        if (found && !same) {
            err_set(err, "option '--%.*s' is ambiguous", (int)name.n, name.p);
            return NULL;
        }
        found = &rows[i];
    }
    if (!found)
        err_set(err, "unrecognized option '--%.*s'", (int)name.n, name.p);
    return found;
}

static bool read_long(struct reader *in, const struct shell_word *words, size_t n, size_t *i)
{
    struct bytes name = bytes_skip(buf_bytes(&words[*i].text), 2);
    size_t equals = bytes_index(name, '=');
    struct bytes value = bytes_skip(name, equals + 1);
    bool has_value = equals < name.n;
    name.n = equals;
    const struct option_row *row = find_name(name, in->err);
    if (!row)
        return false;
    char shown[64];
    snprintf(shown, sizeof shown, "--%s", row->name);
    if (has_value && row->takes == ALONE)
        return err_set(in->err, "option '%s' doesn't allow an argument", shown);
    if (!has_value && row->takes == VALUE) {
        if (*i + 1 == n)
            return err_set(in->err, "option '%s' requires an argument", shown);
        value = buf_bytes(&words[++*i].text);
    }
    return apply(in, row, shown, value);
}

/* If no option has set an expression, removes the first operand and uses it as the expression. */
static void take_expr(struct reader *in, const struct shell_word **operands, size_t *n_operands)
{
    struct bytes expr = buf_bytes(&operands[0]->text);
    if (in->spec->syntax != GREP_FIXED && bytes_starts(expr, bytes_of("\\-")))
        expr = bytes_skip(expr, 1); /* grep accepts \- at the start of an expression */
    add_expr(in, expr);
    memmove(operands, operands + 1, (*n_operands - 1) * sizeof(*operands));
    --*n_operands;
}

bool grep_options_read(const struct grep_words *given, struct stage_spec *spec,
                       const struct shell_word **operands, size_t *n_operands, struct err *err)
{
    const struct shell_word *words = given->words;
    size_t n = given->n;
    struct reader in = {
        .spec = spec, .has_syntax = given->has_syntax, .source = given->source, .err = err};
    bool only_operands = false;
    *n_operands = 0;
    for (size_t i = 0; i < n; i++) {
        struct bytes word = buf_bytes(&words[i].text);
        bool is_option = !only_operands && word.n > 1 && word.p[0] == '-';
        if (!is_option) {
            operands[(*n_operands)++] = &words[i];
        } else if (bytes_equal(word, bytes_of("--"))) {
            only_operands = true;
        } else if (word.p[1] == '-' ? !read_long(&in, words, n, &i)
                                    : !read_letters(&in, words, n, &i)) {
            return false;
        }
    }
    if (in.has_exprs)
        return true;
    if (*n_operands == 0)
        return err_set(err, "grep: an expression is missing");
    take_expr(&in, operands, n_operands);
    return true;
}
