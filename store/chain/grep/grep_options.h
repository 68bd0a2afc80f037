/* SPDX-License-Identifier: MIT
 *
 * The arguments of one grep command (GNU grep 3.8) into the options of a stage. Options that make
 * the output something else than lines are refused by name.
 */
#ifndef XSMALL_CHAIN_GREP_GREP_OPTIONS_H
#define XSMALL_CHAIN_GREP_GREP_OPTIONS_H

#include "chain/grep/pattern.h"
#include "chain/grep/shell_lexer.h"

/* Where text comes from. What is stored in a session may be a stranger's: no file is read for it.
 */
enum pipeline_source { PIPELINE_TYPED, PIPELINE_STORED };

/* The words after a command's name. */
struct grep_words {
    const struct shell_word *words; /* borrowed */
    size_t n;
    bool has_syntax; /* the name itself means a syntax (egrep: -E), which spec holds */
    enum pipeline_source source;
};

/* Reads the options into spec. operands, room for given->n, receives the words that are files. */
bool grep_options_read(const struct grep_words *given, struct stage_spec *spec,
                       const struct shell_word **operands, size_t *n_operands, struct err *err);

#endif
