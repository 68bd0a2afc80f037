/* SPDX-License-Identifier: MIT
 *
 * A file or a directory.
 */
#include "image/source/source_kind.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool accepts(const char *ref)
{
    (void)ref;
    return true;
}

static bool open_path(struct image_source *source, const char *ref, struct progress *progress,
                      struct err *err)
{
    struct stat st;
    (void)progress;
    source->fd = open(ref, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (source->fd < 0 || fstat(source->fd, &st) != 0)
        return err_sys(err, "%s", ref);
    source->path = realpath(ref, NULL);
    if (!source->path)
        return err_sys(err, "%s", ref);
    source->is_dir = S_ISDIR(st.st_mode);
    source->codec = CODEC_NONE;
    if (source->is_dir)
        return true;
    if (!S_ISREG(st.st_mode))
        return err_set(err, "%s: neither a file nor a directory", ref);
    source->size = source->file_size = (uint64_t)st.st_size;
    source->mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    return true;
}

static void add_help(struct buf *out)
{
    buf_add(out, bytes_of("a file, a directory"));
}

const struct source_kind path_source = {
    .is_path = true,
    .accepts = accepts,
    .open = open_path,
    .help = add_help,
};
