/* SPDX-License-Identifier: MIT
 *
 * Splits a shell command line into words and removes quotes and escapes; quotes words again.
 *
 * It supports the syntax that a pipeline of grep commands needs. It rejects other shell syntax
 * (variables, substitutions, redirections, lists) by name. No command is ever run.
 *
 *     struct bytes rest = bytes_of("grep '\\.so' log.*");
 *     WORD_AUTO struct shell_word word = {0};
 *     while (shell_lexer_next(&rest, &word, err) && word.kind == WORD_TEXT) …
 */
#ifndef XSMALL_CHAIN_GREP_SHELL_LEXER_H
#define XSMALL_CHAIN_GREP_SHELL_LEXER_H

#include "util/bytes.h"
#include "util/err.h"

enum shell_word_kind { WORD_END, WORD_TEXT, WORD_PIPE };

/* All zero: an empty word. Owned: shell_word_finish. */
struct shell_word {
    enum shell_word_kind kind;
    struct buf text; /* without quotes */
    struct buf glob; /* the same as a pattern for fnmatch: quoted characters are escaped */
    bool is_glob;    /* contains an unquoted *, ? or [ */
};

/* Moves the next word from *rest to word and reuses the memory of word. */
bool shell_lexer_next(struct bytes *rest, struct shell_word *word, struct err *err);
void shell_word_finish(struct shell_word *word);
#define WORD_AUTO __attribute__((cleanup(shell_word_finish)))

/* Appends text as one word of any POSIX shell, always in single quotes. text must not contain a
 * NUL. */
void shell_quote(struct bytes text, struct buf *out);
/* Appends text as one word, without quotes if no shell needs them. */
void shell_quote_name(struct bytes text, struct buf *out);
/* Appends a word.glob as shell text with the same meaning. */
void shell_quote_glob(struct bytes glob, struct buf *out);

#endif
