/* SPDX-License-Identifier: MIT
 *
 * Standard input is read once to its end into a file, which is then read like any archive. The
 * reference "-:N" names that file by its descriptor N; the session stores only "-".
 */
#include "image/source/source_kind.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/interrupt.h"
#include "util/spool.h"

#define STDIN_PREFIX "-:"

static bool accepts(const char *ref)
{
    return !strcmp(ref, "-") || bytes_starts(bytes_of(ref), bytes_of(STDIN_PREFIX));
}

static bool open_again(struct image_source *source, const char *ref, struct progress *progress,
                       struct err *err)
{
    struct stat st;
    (void)progress;
    if (!strcmp(ref, "-"))
        return err_set(err,
                       "standard input: the image was not stored; load it again with --spool FILE");
    source->path = mem_dup(bytes_of(stdin_source.public_ref));
    source->fd = fcntl(atoi(ref + strlen(STDIN_PREFIX)), F_DUPFD_CLOEXEC, 0);
    if (source->fd < 0 || fstat(source->fd, &st) != 0 || !S_ISREG(st.st_mode))
        return err_set(
            err, "standard input: cannot be read a second time; load it again with --spool FILE");
    source->size = source->file_size = (uint64_t)st.st_size;
    return true;
}

static bool copy_stdin(int to, struct err *err)
{
    enum { CHUNK = 256 * 1024 };
    MEM_AUTO char *buffer = mem_alloc(CHUNK);
    uint64_t at = 0;
    for (;;) {
        ssize_t n = read(STDIN_FILENO, buffer, CHUNK);
        if (interrupt_is_on())
            return err_cancelled(err);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, "standard input");
        if (n == 0)
            return at || err_set(err, "standard input: empty; expected an image archive");
        if (!spool_write(to, bytes_from(buffer, (size_t)n), at, err))
            return false;
        at += (uint64_t)n;
    }
}

bool stdin_source_read(const char *spool, struct buf *ref, struct err *err)
{
    if (isatty(STDIN_FILENO))
        return err_set(err, "-: standard input is a terminal; expected an image archive");
    FD_AUTO int fd =
        spool ? open(spool, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : spool_open(err);
    if (fd < 0)
        return spool ? err_sys(err, "%s", spool) : false;
    if (!copy_stdin(fd, err)) {
        if (spool)
            unlink(spool);
        return false;
    }
    buf_clear(ref);
    if (spool)
        buf_add(ref, bytes_of(spool));
    else
        buf_printf(ref, STDIN_PREFIX "%d", fd);
    if (!spool)
        fd = -1; /* stays open until the program ends */
    return true;
}

static void add_help(struct buf *out)
{
    buf_byte(out, '-');
}

const struct source_kind stdin_source = {
    .public_ref = "-",
    .accepts = accepts,
    .open = open_again,
    .help = add_help,
};
