/* SPDX-License-Identifier: MIT
 * Generates random shell pipelines of greps: the options that a stage can have, patterns from
 * pieces of given lines with operators between them, some of them invalid, each kind of quoting,
 * irregular spaces, comments, egrep and fgrep, a leading cat. bash accepts all of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chance.h"
#include "util/bytes.h"

enum { GENERATED_MAX_TOKENS = 40 };

struct generator {
    struct chance chance;
    const struct bytes *lines; /* pieces of patterns; no newline and no NUL in them */
    size_t n_lines;
    const char *const *operands; /* shell text, an operand or more each */
    size_t n_operands;
    const char *const *pattern_files; /* for -f; names without anything to quote */
    size_t n_pattern_files;
};

/* --- quoting --- */

static bool is_plain(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c && strchr("_./,:@%+-", c));
}

static bool is_all_plain(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!is_plain(text.p[i]))
            return false;
    return text.n > 0;
}

static void quote_single(struct bytes text, struct buf *out)
{
    buf_byte(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            buf_add(out, bytes_of("'\\''"));
        else
            buf_byte(out, text.p[i]);
    }
    buf_byte(out, '\'');
}

/* Sometimes writes a backslash once if the shell leaves it alone. */
static void quote_double(struct generator *g, struct bytes text, struct buf *out)
{
    buf_byte(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i], next = i + 1 < text.n ? text.p[i + 1] : '"';
        bool special = c == '$' || c == '`' || c == '"' || c == '\\';
        if (c == '\\' && !strchr("$`\"\\\n", next) && !chance_one_in(&g->chance, 3))
            special = false;
        if (special)
            buf_byte(out, '\\');
        buf_byte(out, c);
    }
    buf_byte(out, '"');
}

static void quote_dollar(struct generator *g, struct bytes text, struct buf *out)
{
    buf_add(out, bytes_of("$'"));
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (c == '\n')
            buf_add(out, bytes_of("\\n"));
        else if (c == '\t')
            buf_add(out, bytes_of("\\t"));
        else if (chance_one_in(&g->chance, 8))
            buf_printf(out, chance_one_in(&g->chance, 2) ? "\\x%02x" : "\\%03o", c);
        else if (c == '\'' || c == '\\')
            buf_printf(out, "\\%c", c);
        else
            buf_byte(out, (char)c);
    }
    buf_byte(out, '\'');
}

static void quote_backslash(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\n') {
            buf_add(out, bytes_of("'\n'"));
            continue;
        }
        if (!is_plain(text.p[i]))
            buf_byte(out, '\\');
        buf_byte(out, text.p[i]);
    }
    if (!text.n)
        buf_add(out, bytes_of("\"\""));
}

static void quote_one_way(struct generator *g, struct bytes text, struct buf *out)
{
    switch (chance_below(&g->chance, 6)) {
    case 0:
        quote_double(g, text, out);
        break;
    case 1:
        quote_dollar(g, text, out);
        break;
    case 2:
        quote_backslash(text, out);
        break;
    case 3:
        if (is_all_plain(text)) {
            buf_add(out, text);
            break;
        }
        /* fall through */
    default:
        quote_single(text, out);
    }
}

/* Writes text as one word of bash, quoted in one way or in two. */
static void generate_word(struct generator *g, struct bytes text, struct buf *out)
{
    size_t n = text.n && chance_one_in(&g->chance, 5) ? chance_below(&g->chance, text.n) : 0;
    if (n)
        quote_one_way(g, bytes_from(text.p, n), out);
    quote_one_way(g, bytes_skip(text, n), out);
}

/* --- patterns --- */

static void add_piece(struct generator *g, const char *special, struct buf *out)
{
    struct bytes line = g->lines[chance_below(&g->chance, g->n_lines)];
    size_t from = chance_below(&g->chance, line.n + 1), n = chance_below(&g->chance, 10) + 1;
    line = bytes_skip(line, from);
    bool escaped = !chance_one_in(&g->chance, 12);
    for (size_t i = 0; i < n && i < line.n; i++) {
        if (escaped && strchr(special, line.p[i]))
            buf_byte(out, '\\');
        buf_byte(out, line.p[i]);
    }
}

static void add_operator(struct generator *g, char syntax, struct buf *out)
{
    static const char *const both[] = {".",   ".*",     "*",   "^",       "$",           "\\<",
                                       "\\>", "\\b",    "\\B", "\\w",     "\\W",         "\\s",
                                       "\\S", "[0-9]*", "[.]", "[^/\"]*", "[[:alpha:]]", "[]\"/]",
                                       ".",   "[^ ]",   ".*/", "[a-f]",   "[[:upper:]]", "\\."};
    static const char *const basic[] = {"\\|",           "\\+",         "\\?",
                                        "x\\{0,2\\}",    "\\(lib\\)",   "\\([a-z]\\)\\1",
                                        "[0-9]\\{2,\\}", "\\(/\\|\"\\)"};
    static const char *const extended[] = {"|",     "+",          "?",         "x{0,2}",
                                           "(lib)", "([a-z])\\1", "[0-9]{2,}", "(/|\")"};
    static const char *const perl[] = {"|",           "(?=/)",  "(?<!x)", "\\d+",
                                       "(?:lib|bin)", "[^/]*?", "\\x2f"};
    if (chance_one_in(&g->chance, 2))
        buf_add(out, bytes_of(CHANCE_PICK(&g->chance, both)));
    else
        buf_add(out, bytes_of(syntax == 'G'   ? CHANCE_PICK(&g->chance, basic)
                              : syntax == 'E' ? CHANCE_PICK(&g->chance, extended)
                                              : CHANCE_PICK(&g->chance, perl)));
}

static void add_mistake(struct generator *g, char syntax, struct buf *out)
{
    static const char *const basic[] = {"\\(",     "\\)",        "[",   "a\\{1",    "[b-a]",
                                        "[[:x:]]", "a\\{2,1\\}", "\\2", "[[.ab.]]", "x\\"};
    static const char *const extended[] = {"(",       ")",      "[",   "a{1",      "[b-a]",
                                           "[[:x:]]", "a{2,1}", "\\2", "[[.ab.]]", "x\\"};
    static const char *const perl[] = {"(", ")", "[", "(?<", "[b-a]", "\\2", "x\\", "*", "(?z)"};
    buf_add(out, bytes_of(syntax == 'G'   ? CHANCE_PICK(&g->chance, basic)
                          : syntax == 'E' ? CHANCE_PICK(&g->chance, extended)
                                          : CHANCE_PICK(&g->chance, perl)));
}

/* Writes an expression of a syntax: G, E, F or P. wide: half of the expressions match many lines.
 */
static void generate_expression(struct generator *g, char syntax, bool wide, struct buf *out)
{
    static const char *const common[] = {"openat", "ENOENT", "\"/",  "= -1",
                                         ".so",    "/usr",   "/lib", "O_RDONLY"};
    const char *special = syntax == 'G' ? ".[]*^$\\" : syntax == 'F' ? "" : ".[]*^$\\+?{}|()";
    if (wide && chance_one_in(&g->chance, 2)) {
        buf_add(out, bytes_of(CHANCE_PICK(&g->chance, common)));
        return;
    }
    if (chance_one_in(&g->chance, 40))
        return; /* the empty pattern */
    if (chance_one_in(&g->chance, 3))
        buf_add(out, bytes_of(CHANCE_PICK(&g->chance, common)));
    else
        add_piece(g, special, out);
    for (size_t i = chance_below(&g->chance, 3); i > 0 && syntax != 'F'; i--) {
        add_operator(g, syntax, out);
        if (chance_one_in(&g->chance, 2))
            add_piece(g, special, out);
    }
    if (chance_one_in(&g->chance, 60) && syntax != 'F')
        add_mistake(g, syntax, out);
    if (chance_one_in(&g->chance, 40) && syntax != 'P') {
        buf_byte(out, '\n');
        add_piece(g, special, out);
    }
}

/* --- one grep --- */

struct tokens {
    struct buf list[GENERATED_MAX_TOKENS]; /* shell text of a word each; owned */
    size_t n;
};

static struct buf *add_token(struct tokens *tokens)
{
    if (tokens->n == GENERATED_MAX_TOKENS)
        abort();
    return &tokens->list[tokens->n++];
}

static void tokens_finish(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->n; i++)
        buf_finish(&tokens->list[i]);
}

static void add_flag(struct generator *g, const char *letter, const char *name, uint64_t one_of,
                     struct tokens *tokens)
{
    if (!chance_one_in(&g->chance, one_of))
        return;
    struct buf *token = add_token(tokens);
    if (chance_one_in(&g->chance, 4))
        buf_printf(token, "--%s", name);
    else
        buf_printf(token, chance_one_in(&g->chance, 12) ? "'-%s'" : "-%s", letter);
}

static void add_flags(struct generator *g, char syntax, bool named, bool is_first, bool prefers_v,
                      struct tokens *tokens)
{
    static const char *const names[] = {"basic-regexp", "extended-regexp", "fixed-strings",
                                        "perl-regexp"};
    const char *letters = "GEFP";
    char letter[2] = {syntax, 0};
    if (!named && (syntax != 'G' || chance_one_in(&g->chance, 6)))
        add_flag(g, letter, names[strchr(letters, syntax) - letters], 1, tokens);
    add_flag(g, "v", chance_one_in(&g->chance, 2) ? "invert-match" : "inv", prefers_v ? 1 : 8,
             tokens);
    add_flag(g, "i", "ignore-case", 6, tokens);
    add_flag(g, "w", "word-regexp", 8, tokens);
    add_flag(g, "x", "line-regexp", 25, tokens);
    add_flag(g, "a", "text", 12, tokens);
    add_flag(g, "s", "no-messages", 25, tokens);
    add_flag(g, "h", "no-filename", is_first ? 8 : 25, tokens);
    if (is_first)
        add_flag(g, "H", "with-filename", 12, tokens);
    if (chance_one_in(&g->chance, 15))
        buf_add(add_token(tokens), bytes_of("--color=auto"));
}

/* Writes -e or -f in one of their spellings, sometimes after other option letters. */
static void add_with_argument(struct generator *g, char letter, const char *name, struct bytes word,
                              struct tokens *tokens)
{
    struct buf *token = add_token(tokens);
    switch (chance_below(&g->chance, 4)) {
    case 0:
        buf_printf(token, "-%c", letter);
        buf_add(token, word);
        break;
    case 1:
        buf_printf(token, "--%s=", name);
        buf_add(token, word);
        break;
    case 2:
        buf_printf(token, "-%s%c", chance_one_in(&g->chance, 3) ? "a" : "", letter);
        buf_byte(token, ' ');
        buf_add(token, word);
        break;
    default:
        buf_printf(token, "--%s ", name);
        buf_add(token, word);
    }
}

/* Writes the expressions, each with -e or in a file. */
static void add_expressions(struct generator *g, char syntax, bool wide, struct tokens *tokens)
{
    for (size_t i = chance_below(&g->chance, 3) + 1; i > 0; i--) {
        BUF_AUTO struct buf word = {0};
        BUF_AUTO struct buf expression = {0};
        if (chance_one_in(&g->chance, 10)) {
            buf_add(&word,
                    bytes_of(g->pattern_files[chance_below(&g->chance, g->n_pattern_files)]));
            add_with_argument(g, 'f', "file", buf_bytes(&word), tokens);
            continue;
        }
        generate_expression(g, syntax, wide, &expression);
        generate_word(g, buf_bytes(&expression), &word);
        /* -e'' is -e without an argument */
        if (!expression.n)
            buf_add(add_token(tokens), bytes_of("-e ''"));
        else
            add_with_argument(g, 'e', "regexp", buf_bytes(&word), tokens);
    }
}

/* Puts the words in random order; the order of -e and -f has no meaning for grep. */
static void shuffle_tokens(struct generator *g, struct tokens *tokens)
{
    for (size_t i = tokens->n; i > 1; i--) {
        size_t j = chance_below(&g->chance, i);
        struct buf other = tokens->list[i - 1];
        tokens->list[i - 1] = tokens->list[j];
        tokens->list[j] = other;
    }
}

static void add_space(struct generator *g, struct buf *out)
{
    static const char *const spaces[] = {" ", " ",  " ",  " ",     " ",
                                         " ", "  ", "\t", " \\\n", " \\\n  "};
    buf_add(out, bytes_of(CHANCE_PICK(&g->chance, spaces)));
}

/* Returns true if a name begins with a dash: it needs -- before it. */
static bool has_dash(const char *files)
{
    return files[0] == '-' || strstr(files, " -");
}

static void put_options(struct generator *g, const struct tokens *options, size_t from, size_t to,
                        struct buf *out)
{
    for (size_t i = from; i < to; i++) {
        add_space(g, out);
        buf_add(out, buf_bytes(&options->list[i]));
    }
}

/* Writes options before, between and after the operands, unless -- ends the options. pattern is
 * NULL if it is among the options; files is NULL if there are no file operands. */
static void put_words(struct generator *g, const struct tokens *options, const struct buf *pattern,
                      const char *files, struct buf *out)
{
    bool ended = (pattern && pattern->n && pattern->p[0] == '-') || (files && has_dash(files)) ||
                 chance_one_in(&g->chance, 12);
    size_t n = options->n;
    size_t before = ended || chance_one_in(&g->chance, 2) ? n : chance_below(&g->chance, n + 1);
    size_t between = before + chance_below(&g->chance, n - before + 1);
    put_options(g, options, 0, before, out);
    if (ended)
        buf_add(out, bytes_of(" --"));
    if (pattern) {
        add_space(g, out);
        generate_word(g, buf_bytes(pattern), out);
    }
    put_options(g, options, before, between, out);
    if (files) {
        add_space(g, out);
        buf_add(out, bytes_of(files));
    }
    put_options(g, options, between, n, out);
}

/* Appends one grep command. files: shell text, or NULL if grep reads a pipe. */
static void generate_stage(struct generator *g, const char *files, bool is_first, bool prefers_v,
                           struct buf *out)
{
    static const char *const before[] = {"",   "",          "",
                                         "",   "",          "",
                                         "",   "",          "command ",
                                         "",   "LC_ALL=C ", "env LC_ALL=C ",
                                         "\\", "",          "LANG=C LC_ALL=C "};
    static const char syntaxes[] = "GGGEEEFFP";
    char syntax = CHANCE_PICK(&g->chance, syntaxes);
    syntax = syntax ? syntax : 'G'; /* the NUL at the end */
    bool named = (syntax == 'E' || syntax == 'F') && chance_one_in(&g->chance, 4);
    struct tokens options = {0};
    BUF_AUTO struct buf pattern = {0};
    add_flags(g, syntax, named, is_first, prefers_v, &options);
    bool apart = chance_one_in(&g->chance, 3);
    if (apart)
        add_expressions(g, syntax, !prefers_v, &options);
    else
        generate_expression(g, syntax, !prefers_v, &pattern);
    shuffle_tokens(g, &options);
    buf_add(out, bytes_of(CHANCE_PICK(&g->chance, before)));
    buf_add(out, bytes_of(!named ? "grep" : syntax == 'E' ? "egrep" : "fgrep"));
    put_words(g, &options, apart ? NULL : &pattern, files, out);
    tokens_finish(&options);
}

/* --- pipelines --- */

/* Appends the words of one or more operands. */
static void generate_files(struct generator *g, struct buf *out)
{
    buf_add(out, bytes_of(g->operands[chance_below(&g->chance, g->n_operands)]));
    if (chance_one_in(&g->chance, 5)) {
        buf_byte(out, ' ');
        buf_add(out, bytes_of(g->operands[chance_below(&g->chance, g->n_operands)]));
    }
    buf_byte(out, 0);
}

/* Appends a pipeline of 1 to 8 greps. */
static void generate_pipeline(struct generator *g, struct buf *out)
{
    static const char *const pipes[] = {" | ", " | ",  " | ",         " | ",
                                        "|",   " |\n", " | # then\n", " \\\n | "};
    static const char *const ends[] = {"", "", "", "", " ", "\n", " # that's it", "\t"};
    BUF_AUTO struct buf files = {0};
    size_t n = chance_below(&g->chance, 8) + 1;
    bool has_cat = chance_one_in(&g->chance, 12);
    generate_files(g, &files);
    if (has_cat)
        buf_printf(out, has_dash(files.p) ? "cat -- %s | " : "cat %s | ", files.p);
    for (size_t i = 0; i < n; i++) {
        bool opens = i == 0 && !has_cat;
        bool prefers_v = i > 0 ? !chance_one_in(&g->chance, 6) : chance_one_in(&g->chance, 4);
        buf_add(out, bytes_of(i ? CHANCE_PICK(&g->chance, pipes) : ""));
        generate_stage(g, opens ? files.p : NULL, opens, prefers_v, out);
    }
    buf_add(out, bytes_of(CHANCE_PICK(&g->chance, ends)));
}
