/* SPDX-License-Identifier: MIT
 *
 * Parses the arguments of one grep command (GNU grep 3.8) into the options of a stage. Options
 * whose output is not lines (such as -c) are rejected by name.
 */
#ifndef XSMALL_CHAIN_GREP_GREP_OPTIONS_H
#define XSMALL_CHAIN_GREP_GREP_OPTIONS_H

#include "chain/grep/pattern.h"
#include "chain/grep/shell_lexer.h"

/* The source of the text. A session can come from an untrusted source: for stored text, no file is
 * read (-f). */
enum pipeline_source { PIPELINE_TYPED, PIPELINE_STORED };

/* The words after a command's name. */
struct grep_words {
    const struct shell_word *words; /* borrowed */
    size_t n;
    bool has_syntax; /* the command name implies a syntax (egrep: -E), already in spec */
    enum pipeline_source source;
};

/* Reads the options into spec. operands receives the words that are files; it has room for given->n
 * words. */
bool grep_options_read(const struct grep_words *given, struct stage_spec *spec,
                       const struct shell_word **operands, size_t *n_operands, struct err *err);

#endif
