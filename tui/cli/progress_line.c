/* SPDX-License-Identifier: MIT */
#include "cli/progress_line.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "threads/pace.h"
#include "util/interrupt.h"

enum { REDRAW_MS = 50 };

static const char *const phase_names[] = {
    [PROGRESS_IDLE] = "",
    [PROGRESS_FETCH] = "fetching",
    [PROGRESS_INDEX] = "reading the index",
    [PROGRESS_VERIFY] = "verifying",
    [PROGRESS_LAYERS] = "reading layers",
    [PROGRESS_MERGE] = "merging",
    [PROGRESS_LOGS] = "reading logs",
    [PROGRESS_FILES] = "reading files",
    [PROGRESS_COMMIT] = "finishing",
};

static void draw_bar(const struct progress *progress, struct pace *pace)
{
    enum { WIDTH = 30 };
    uint64_t total = progress->total_bytes, done = progress->done_bytes;
    int filled = total ? (int)(done >= total ? WIDTH : done * WIDTH / total) : 0;
    char bar[WIDTH + 1];
    memset(bar, '.', WIDTH);
    memset(bar, '#', (size_t)filled);
    bar[WIDTH] = 0;
    fprintf(stderr, "\r\033[K%-18s [%s] %3d %%  %llu MB",
            phase_names[atomic_load(&progress->phase)], bar, filled * 100 / WIDTH,
            (unsigned long long)(done / 1000000));
    if (progress->n_entries)
        fprintf(stderr, "  %u entries", progress->n_entries);
    if (progress->n_lines)
        fprintf(stderr, "  %u lines", progress->n_lines);
    BUF_AUTO struct buf text = {0};
    pace_look(pace, progress, pace_now_ms());
    pace_say(pace, &text);
    if (text.n)
        fprintf(stderr, "  %s", text.p);
}

void progress_line_watch(struct progress *progress, int wake, bool (*is_over)(void *with),
                         void *with, bool quiet)
{
    bool terminal = isatty(STDERR_FILENO);
    enum progress_phase shown = PROGRESS_IDLE;
    struct pace pace = {0};
    while (!is_over(with)) {
        if (interrupt_signal()) /* also after a change is stored: more work may follow */
            atomic_store(&progress->cancel, true);
        enum progress_phase phase = atomic_load(&progress->phase);
        if (!quiet && terminal)
            draw_bar(progress, &pace);
        else if (!quiet && phase != shown && phase != PROGRESS_IDLE)
            fprintf(stderr, "xsmall: %s\n", phase_names[shown = phase]);
        struct pollfd over = {.fd = wake, .events = POLLIN};
        poll(&over, 1, REDRAW_MS); /* a signal also ends the wait */
    }
    if (!quiet && terminal)
        fputs("\r\033[K", stderr);
}

static bool is_task_over(void *task)
{
    return task_is_over(task);
}

bool progress_line_run(task_run *run, void *with, bool quiet, struct err *err)
{
    struct task *task = NULL;
    int wake = eventfd(0, EFD_CLOEXEC);
    if (wake < 0)
        return err_sys(err, "eventfd");
    bool ok = task_start(run, with, wake, &task, err);
    if (ok) {
        progress_line_watch(task_progress(task), wake, is_task_over, task, quiet);
        ok = task_finish(task, err);
    }
    close(wake);
    return ok;
}
