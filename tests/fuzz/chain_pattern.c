/* SPDX-License-Identifier: MIT
 * Any bytes as an expression and as lines: rejected or compiled; a line alone has the same result
 * as among other lines. The first byte selects the options, the first NUL ends the expression.
 */
#include <stdlib.h>
#include <string.h>

#include "chain/grep/pattern.h"

enum { MAX_LINES = 64, MAX_TEXT_BYTES = 256 /* glibc's matcher is slow on purpose-made ones */ };

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void match(const struct pattern *pattern, struct bytes text)
{
    uint32_t starts[MAX_LINES + 1] = {0};
    uint64_t bits[MAX_LINES / 64 + 1] = {0};
    struct pattern_lines lines = {.starts = starts};
    struct err err = {0};
    while (lines.n_lines < MAX_LINES && starts[lines.n_lines] < text.n) {
        size_t at = starts[lines.n_lines];
        size_t n = bytes_index(bytes_skip(text, at), '\n');
        if (at + n == text.n)
            break; /* not a whole line */
        starts[++lines.n_lines] = (uint32_t)(at + n + 1);
    }
    lines.text = bytes_from(text.p, starts[lines.n_lines]);
    struct pattern_scratch *scratch = pattern_scratch_create(pattern);
    bool ok = pattern_match_lines(pattern, scratch, &lines, bits, &err);
    for (size_t i = 0; ok && i < lines.n_lines; i++) {
        struct bytes line = bytes_from(text.p + starts[i], starts[i + 1] - starts[i] - 1);
        need(pattern_match(pattern, scratch, line, &err) == (int)(bits[i / 64] >> i % 64 & 1));
    }
    pattern_scratch_destroy(scratch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n < 2 || n > MAX_TEXT_BYTES)
        return 0;
    struct bytes all = bytes_from((const char *)data + 1, n - 1);
    struct bytes expr = bytes_from(all.p, bytes_index(all, 0));
    struct buf copy = {0};
    buf_add(&copy, expr);
    struct stage_spec spec = {.syntax = data[0] & 3,
                              .ignore_case = data[0] & 4,
                              .whole_word = data[0] & 8,
                              .whole_line = data[0] & 16,
                              .exprs = &copy,
                              .n_exprs = 1};
    struct pattern *pattern;
    struct err err = {0};
    BUF_AUTO struct buf warning = {0};
    if (pattern_compile(&spec, &pattern, &warning, &err)) {
        match(pattern, bytes_skip(all, expr.n + 1));
        pattern_destroy(pattern);
    } else {
        need(err.text[0]);
    }
    buf_finish(&copy);
    return 0;
}
