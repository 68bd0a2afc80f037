/* SPDX-License-Identifier: MIT
 * Any bytes as a pipeline, as one stage and as a list of files: rejected or parsed; a parsed
 * pipeline prints as text that parses to the same. No text from a session may open a file. */
#include <roaring/roaring.h>
#include <stdlib.h>
#include <string.h>

#include "chain/line_set.h"
#include "chain/grep/pipeline.h"

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void print(const struct pipeline *pipeline, struct buf *out)
{
    for (size_t i = 0; i < pipeline->n; i++) {
        buf_add(out, bytes_of(i ? " | " : ""));
        stage_spec_print(&pipeline->stages[i], out);
        if (i == 0) {
            buf_add(out, bytes_of(" --"));
            operands_print(&pipeline->files, out);
        }
    }
}

static void check_pipeline(struct bytes text)
{
    struct pipeline first, second;
    struct err err = {0};
    BUF_AUTO struct buf printed = {0};
    BUF_AUTO struct buf again = {0};
    BUF_AUTO struct buf warning = {0};
    if (!pipeline_parse(text, PIPELINE_STORED, &first, &warning, &err)) {
        need(err.kind == ERR_FAILED && err.text[0]);
        return;
    }
    print(&first, &printed);
    need(pipeline_parse(buf_bytes(&printed), PIPELINE_STORED, &second, NULL, &err));
    print(&second, &again);
    need(bytes_equal(buf_bytes(&printed), buf_bytes(&again)));
    pipeline_finish(&first);
    pipeline_finish(&second);
}

static void check_stage(struct bytes text)
{
    struct stage_spec spec;
    struct operands files;
    struct err err = {0};
    if (pipeline_parse_stage(text, true, PIPELINE_STORED, &spec, &files, &err)) {
        stage_spec_finish(&spec);
        operands_finish(&files);
    }
    if (operands_parse(text, &files, &err))
        operands_finish(&files);
}

/* Stored hits: rejected, or ranges that are stored as the same bytes. */
static void check_ranges(struct bytes ranges)
{
    roaring_bitmap_t *set = line_set_load(ranges, 1 << 20);
    if (!set)
        return;
    roaring_bitmap_t *again;
    BUF_AUTO struct buf stored = {0};
    line_set_store(set, &stored);
    again = line_set_load(buf_bytes(&stored), 1 << 20);
    need(again && roaring_bitmap_equals(set, again));
    line_set_free(set);
    line_set_free(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bytes text = bytes_from((const char *)data, n);
    check_pipeline(text);
    check_stage(text);
    check_ranges(text);
    return 0;
}
