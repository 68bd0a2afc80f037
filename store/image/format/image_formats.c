/* SPDX-License-Identifier: MIT */
#include "image/format/image_format.h"

#include <string.h>
#include <sys/stat.h>

#include "util/path.h"

#define IMAGE_FORMAT_ROW(format) &format,
const struct image_format *const image_formats[] = {IMAGE_FORMATS(IMAGE_FORMAT_ROW) NULL};

/* Returns true if the base name of the member is a digest: HEX, HEX.tar, HEX.manifest.json. */
static bool is_blob(struct bytes member)
{
    enum { HEX = 64 };
    struct bytes name = path_base(member);
    size_t n = 0;
    if (bytes_starts(name, bytes_of("sha256:")))
        name = bytes_skip(name, strlen("sha256:"));
    while (n < name.n &&
           ((name.p[n] >= '0' && name.p[n] <= '9') || (name.p[n] >= 'a' && name.p[n] <= 'f')))
        n++;
    return n >= HEX && (n == name.n || name.p[n] == '.');
}

enum source_sign image_format_sign(struct bytes member)
{
    for (const struct image_format *const *at = image_formats; *at; at++)
        if (((*at)->sign && bytes_equal(member, bytes_of((*at)->sign))) ||
            ((*at)->archive_sign && bytes_equal(member, bytes_of((*at)->archive_sign))))
            return SOURCE_SIGN_IMAGE;
    return is_blob(member) ? SOURCE_SIGN_BLOB : SOURCE_SIGN_NONE;
}

bool image_format_is_dir(int dir_fd)
{
    struct stat st;
    for (const struct image_format *const *at = image_formats; *at; at++)
        if (((*at)->sign && fstatat(dir_fd, (*at)->sign, &st, 0) == 0) ||
            ((*at)->is_dir && (*at)->is_dir(dir_fd)))
            return true;
    return false;
}
