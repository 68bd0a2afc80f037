/* SPDX-License-Identifier: MIT */
#include "chain/targets/target_texts.h"

#include <stdlib.h>
#include <string.h>

enum { LINES_AT_ONCE = 2048, BYTES_AT_ONCE = 1 << 20 /* a longer line is a chunk of its own */ };

struct target_texts {
    struct buf text; /* the lines, each with its newline */
    size_t *starts;  /* owned; n elements */
    size_t *owners;  /* owned; n elements */
    size_t n, cap, n_owners;
};

struct target_texts *target_texts_create(size_t n_owners)
{
    struct target_texts *texts = mem_zero(1, sizeof *texts);
    texts->n_owners = n_owners;
    return texts;
}

void target_texts_destroy(struct target_texts *texts)
{
    if (!texts)
        return;
    buf_finish(&texts->text);
    free(texts->starts);
    free(texts->owners);
    free(texts);
}

static void add_line(struct target_texts *texts, size_t owner, struct bytes line)
{
    if (texts->n == texts->cap) {
        texts->cap = texts->cap ? texts->cap * 2 : 1024;
        texts->starts = mem_array(texts->starts, texts->cap, sizeof *texts->starts);
        texts->owners = mem_array(texts->owners, texts->cap, sizeof *texts->owners);
    }
    texts->starts[texts->n] = texts->text.n;
    texts->owners[texts->n++] = owner;
    buf_add(&texts->text, line);
    buf_byte(&texts->text, '\n');
}

void target_texts_add(struct target_texts *texts, size_t owner, struct bytes path)
{
    for (bool more = true; more;) {
        size_t n = bytes_index(path, '\n');
        more = n < path.n;
        add_line(texts, owner, bytes_from(path.p, n));
        path = bytes_skip(path, n + 1);
    }
}

/* Makes a chunk of lines, beginning with line first; returns the line after the chunk. starts
 * receives the offsets of the lines in the chunk. */
static size_t take_chunk(const struct target_texts *texts, size_t first, uint32_t *starts,
                         struct pattern_lines *out)
{
    size_t from = texts->starts[first], i = first;
    size_t end = from;
    while (i < texts->n && i - first < LINES_AT_ONCE) {
        size_t next = i + 1 < texts->n ? texts->starts[i + 1] : texts->text.n;
        if (i > first && next - from > BYTES_AT_ONCE)
            break;
        starts[i - first] = (uint32_t)(texts->starts[i] - from);
        end = next;
        i++;
    }
    starts[i - first] = (uint32_t)(end - from);
    *out = (struct pattern_lines){bytes_from(texts->text.p + from, end - from), starts, i - first};
    return i;
}

static bool match_chunks(const struct target_texts *texts, const struct pattern *pattern,
                         struct pattern_scratch *scratch, const atomic_bool *cancel,
                         uint64_t *owners, struct err *err)
{
    uint32_t starts[LINES_AT_ONCE + 1];
    uint64_t bits[LINES_AT_ONCE / 64];
    struct pattern_lines lines;
    for (size_t at = 0; at < texts->n;) {
        size_t end = take_chunk(texts, at, starts, &lines);
        if (cancel && atomic_load(cancel))
            return err_cancelled(err);
        if (lines.text.n > UINT32_MAX)
            return err_set(err, "filter: the paths need more than 4 GiB");
        memset(bits, 0, sizeof bits);
        if (!pattern_match_lines(pattern, scratch, &lines, bits, err))
            return false;
        for (size_t i = at; i < end; i++)
            if (bits[(i - at) / 64] >> (i - at) % 64 & 1)
                owners[texts->owners[i] / 64] |= 1ull << texts->owners[i] % 64;
        at = end;
    }
    return true;
}

bool target_texts_match(const struct target_texts *texts, const struct pattern *pattern,
                        const atomic_bool *cancel, uint64_t **owners, struct err *err)
{
    MEM_AUTO uint64_t *found = mem_zero(texts->n_owners / 64 + 1, sizeof *found);
    struct pattern_scratch *scratch = pattern_scratch_create(pattern);
    bool ok = match_chunks(texts, pattern, scratch, cancel, found, err);
    pattern_scratch_destroy(scratch);
    if (ok)
        *owners = mem_steal(&found);
    return ok;
}
