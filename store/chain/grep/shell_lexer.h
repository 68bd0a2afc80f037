/* SPDX-License-Identifier: MIT
 *
 * The words of a shell command line: quotes and escapes taken off, and put on again.
 *
 * It reads what a pipeline of greps needs and refuses the rest of the shell (variables,
 * substitutions, redirections, lists) by name: nothing is ever run.
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

/* All zero is an empty one. Owned: shell_word_finish. */
struct shell_word {
    enum shell_word_kind kind;
    struct buf text; /* without quotes */
    struct buf glob; /* the same as a pattern for fnmatch: what was quoted is escaped */
    bool is_glob;    /* there is an unquoted *, ? or [ in it */
};

/* The next word off *rest into word, whose memory is used again. */
bool shell_lexer_next(struct bytes *rest, struct shell_word *word, struct err *err);
void shell_word_finish(struct shell_word *word);
#define WORD_AUTO __attribute__((cleanup(shell_word_finish)))

/* Appends text as one word of any POSIX shell, always in single quotes. No NUL may be in it. */
void shell_quote(struct bytes text, struct buf *out);
/* The same, bare where no shell would take offence. */
void shell_quote_name(struct bytes text, struct buf *out);
/* A word.glob as shell text that means the same. */
void shell_quote_glob(struct bytes glob, struct buf *out);

#endif
