/* SPDX-License-Identifier: MIT */
#include "image/format/image_format.h"

#include <sys/stat.h>

#define IMAGE_FORMAT_ROW(format) &format,
const struct image_format *const image_formats[] = {IMAGE_FORMATS(IMAGE_FORMAT_ROW) NULL};

bool image_format_is_sign(struct bytes member)
{
    for (const struct image_format *const *at = image_formats; *at; at++)
        if ((*at)->sign && bytes_equal(member, bytes_of((*at)->sign)))
            return true;
    return false;
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
