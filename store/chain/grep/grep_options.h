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

/* Reads words[0..n), those behind the command's name. spec holds what the name itself means
 * (egrep: -E); has_syntax says that it means something. operands, room for n, receives the words
 * that are files. */
bool grep_options_read(const struct shell_word *words, size_t n, bool has_syntax,
                       enum pipeline_source source, struct stage_spec *spec,
                       const struct shell_word **operands, size_t *n_operands, struct err *err);

#endif
