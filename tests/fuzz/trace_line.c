/* SPDX-License-Identifier: MIT
 * A whole hostile log through the line grammar and the tracker: no input may crash either, each
 * span is inside the line, and an access number was returned before. */
#include <stdlib.h>

#include "trace/follow/tracker.h"

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void check_span(struct bytes outer, struct bytes inner)
{
    need(!inner.n || (inner.p >= outer.p && inner.p + inner.n <= outer.p + outer.n));
}

static void check_line(struct bytes text, struct buf *scratch)
{
    struct line line;
    struct line_call call;
    struct line_fd fd;
    struct bytes string;
    int64_t number;
    line_read(text, &line);
    check_span(text, line.name);
    check_span(text, line.rest);
    need(line.pid >= 0 && line.pid <= LINE_PID_MAX);
    line_split(line.rest, &call);
    need(call.n_args <= LINE_ARGS_MAX);
    check_span(line.rest, call.note);
    for (size_t i = 0; i < call.n_args; i++) {
        check_span(line.rest, call.args[i]);
        need(line_string(call.args[i], scratch, &string) != LINE_STRING_NONE || !string.n);
        line_number(call.args[i], &number);
        if (line_fd(call.args[i], &fd))
            check_span(call.args[i], fd.path);
        call_open_flags(call.args[i]);
    }
}

static void settle(void *with, uint32_t line, uint32_t seq)
{
    struct tracker *t = with;
    need(line >= 1 && seq <= access_rows_last(&t->here->rows));
}

/* The first byte selects one log of all processes or two files of -ff. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct tracker t = {.settle = settle, .with = &t};
    BUF_AUTO struct buf scratch = {0};
    struct bytes rest = bytes_skip(bytes_from((const char *)data, n), 1);
    struct track_log log = {.start = rest};
    uint32_t number = 0;
    track_init(&t);
    track_begin_trace(&t, bytes_of("/start"));
    log.file_pid = n && data[0] == 'f' ? 12 : 0;
    track_begin_log(&t, &log);
    while (rest.n) {
        struct bytes text = bytes_from(rest.p, bytes_index(rest, '\n'));
        struct bytes plain = line_plain(text, &t.plain);
        rest = bytes_skip(rest, text.n + 1);
        check_line(plain, &scratch);
        uint32_t seq = track_line(&t, plain, ++number);
        need(seq == TRACK_PENDING || seq <= access_rows_last(&t.here->rows));
        if (log.file_pid && number == 20) {
            track_end_log(&t);
            log = (struct track_log){.number = 1, .file_pid = 13, .start = rest};
            track_begin_log(&t, &log);
        }
    }
    track_end_log(&t);
    track_finish(&t);
    return 0;
}
