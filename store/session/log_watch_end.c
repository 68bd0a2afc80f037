/* SPDX-License-Identifier: MIT */
#include "session/log_watch_end.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 64 * 1024, LINE_BYTES_MAX = 1 << 20 /* longer lines are not exit lines */ };

static void set_living(struct log_watch_end *end, int32_t pid, bool lives)
{
    uint64_t *at = map_at(&end->living, bytes_from((const char *)&pid, sizeof pid), NULL);
    if (lives && !*at)
        end->n_living++;
    else if (!lives && *at)
        end->n_living--;
    *at = lives;
}

static void forget_all(struct log_watch_end *end)
{
    map_finish(&end->living);
    end->n_living = 0;
}

static void take_line(struct log_watch_end *end, struct bytes text)
{
    struct line line;
    line_read(text, &line);
    switch (line.kind) {
    case LINE_UNKNOWN:
    case LINE_EMPTY:
    case LINE_NOTE:
    case LINE_STACK:
    case LINE_DUMP:
    case LINE_TABLE:
        return;
    case LINE_ENDED:
        if (line.pid)
            set_living(end, line.pid, false);
        else /* strace prints a pid only if it traces several processes */
            forget_all(end);
        break;
    case LINE_SUPERSEDED:
        set_living(end, line.other_pid, false);
        set_living(end, line.pid, true);
        break;
    case LINE_DETACHED:
        set_living(end, line.other_pid, false);
        break;
    case LINE_ATTACHED:
        set_living(end, line.other_pid, true);
        break;
    default:
        if (line.pid || !end->n_living)
            set_living(end, line.pid, true);
        break;
    }
    end->any = true;
}

static void take_chunk(struct log_watch_end *end, struct bytes chunk)
{
    size_t newline;
    while ((newline = bytes_index(chunk, '\n')) < chunk.n) {
        struct bytes text = bytes_from(chunk.p, newline);
        chunk = bytes_skip(chunk, newline + 1);
        if (end->rest.n) {
            buf_add(&end->rest, text);
            text = buf_bytes(&end->rest);
        }
        take_line(end, text);
        buf_clear(&end->rest);
    }
    if (end->rest.n + chunk.n <= LINE_BYTES_MAX)
        buf_add(&end->rest, chunk);
}

void log_watch_end_read(struct log_watch_end *end)
{
    struct stat st = {0};
    int fd = open(end->path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0)
        return;
    if (fstat(fd, &st) == 0 && (uint64_t)st.st_size < end->n_bytes) {
        const char *path = end->path;
        log_watch_end_finish(end);
        end->path = path;
    }
    MEM_AUTO char *chunk = mem_alloc(CHUNK_BYTES);
    ssize_t n = 1;
    while (S_ISREG(st.st_mode) && n) {
        n = pread(fd, chunk, CHUNK_BYTES, (off_t)end->n_bytes);
        if (n < 0 && errno != EINTR)
            break;
        if (n > 0) {
            take_chunk(end, bytes_from(chunk, (size_t)n));
            end->n_bytes += (uint64_t)n;
        }
    }
    close(fd);
}

bool log_watch_end_is_over(const struct log_watch_end *end)
{
    return end->any && !end->n_living && !end->rest.n;
}

void log_watch_end_finish(struct log_watch_end *end)
{
    buf_finish(&end->rest);
    map_finish(&end->living);
    *end = (struct log_watch_end){0};
}
