/* SPDX-License-Identifier: MIT */
#include "keep/why_text.h"

void why_add_line_name(const struct keep_input *input, uint32_t line, struct buf *out)
{
    const struct corpus_log *log = &input->corpus->logs[corpus_log_of(input->corpus, line)];
    buf_add(out, log->name);
    buf_printf(out, ":%u", line - log->first_line + 1);
}

bool why_add_line_text(const struct keep_input *input, uint32_t line, struct buf *out,
                       struct err *err)
{
    struct bytes text;
    if (!corpus_line(input->reader, line, &text, err))
        return false;
    why_add_line_name(input, line, out);
    buf_add(out, bytes_of(": "));
    buf_add(out, text);
    buf_byte(out, '\n');
    return true;
}

void why_add_stage(const struct chain *chain, size_t stage, struct buf *out)
{
    struct stage_view view = chain_stage(chain, stage);
    buf_printf(out, "stage %zu", stage + 1);
    if (view.target != &target_line)
        buf_printf(out, " (%s)", view.target->name);
    buf_add(out, bytes_of(": "));
    buf_add(out, view.text);
}
