/* SPDX-License-Identifier: MIT
 *
 * The end of a chain of reasons in `why`: a log line, or a stage of the filter chain.
 *
 *     why_add_line_name(input, line, &text); // "t.1:34"
 */
#ifndef XSMALL_KEEP_WHY_TEXT_H
#define XSMALL_KEEP_WHY_TEXT_H

#include "keep/keep.h"

/* Appends LOG:LINE of a corpus line. */
void why_add_line_name(const struct keep_input *input, uint32_t line, struct buf *out);
/* Appends LOG:LINE: TEXT and a newline. Returns false if the log's block cannot be read. */
bool why_add_line_text(const struct keep_input *input, uint32_t line, struct buf *out,
                       struct err *err);
/* Appends "stage 2 (path): grep -v 'x'"; names the target unless it is the line. stage: from 0. */
void why_add_stage(const struct chain *chain, size_t stage, struct buf *out);

#endif
