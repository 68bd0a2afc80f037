/* SPDX-License-Identifier: MIT */
#include "run/line_diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "image/source/spawn.h"

struct reader {
    struct line_diff *out;
    struct buf line; /* the line that is not complete yet */
};

/* "5,7": lines 5 to 7; "5": line 5. */
static const char *read_range(const char *at, size_t *first, size_t *last)
{
    char *end;
    *first = *last = strtoul(at, &end, 10);
    if (*end == ',')
        *last = strtoul(end + 1, &end, 10);
    return end;
}

/* POSIX diff, default output: "5,7c5,9", "8a9,10" (after line 8 of a), "3d2". */
static void read_hunk(struct reader *reader)
{
    size_t a_last, b_last;
    struct line_hunk hunk = {0};
    const char *at = read_range(reader->line.p, &hunk.a_first, &a_last);
    char kind = *at;
    if (kind != 'a' && kind != 'c' && kind != 'd')
        return;
    read_range(at + 1, &hunk.b_first, &b_last);
    hunk.a_n = a_last - hunk.a_first + 1;
    hunk.b_n = b_last - hunk.b_first + 1;
    if (kind == 'a')
        hunk.a_n = 0, hunk.a_first++;
    if (kind == 'd')
        hunk.b_n = 0, hunk.b_first++;
    ARRAY_ROOM(reader->out->hunks, reader->out->n, reader->out->cap);
    reader->out->hunks[reader->out->n++] = hunk;
}

static bool read_chunk(void *with, struct bytes chunk, struct err *err)
{
    (void)err;
    struct reader *reader = with;
    while (chunk.n) {
        size_t n = bytes_index(chunk, '\n');
        buf_add(&reader->line, bytes_from(chunk.p, n));
        if (n == chunk.n)
            break;
        if (reader->line.n && reader->line.p[0] >= '0' && reader->line.p[0] <= '9')
            read_hunk(reader);
        buf_clear(&reader->line);
        chunk = bytes_skip(chunk, n + 1);
    }
    return true;
}

bool line_diff_make(const char *a, const char *b, struct line_diff *out, struct err *err)
{
    /* diff exits with 1 if the files differ, which spawn_read takes for a failure */
    const char *const argv[] = {
        "sh", "-c", "LC_ALL=C diff --text -- \"$1\" \"$2\" || [ $? = 1 ]", "sh", a, b, NULL};
    struct reader reader = {out, {0}};
    bool ok = spawn_read(argv, read_chunk, &reader, NULL, err);
    buf_finish(&reader.line);
    return ok;
}

void line_diff_finish(struct line_diff *diff)
{
    free(diff->hunks);
    *diff = (struct line_diff){0};
}
