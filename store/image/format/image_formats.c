/* SPDX-License-Identifier: MIT
 *
 * The order decides: archives of docker 25 and later have both manifest.json and an OCI layout, and
 * their index.json may be empty or name only a part (moby#47065, #47210). Any archive is a root
 * file system if it is nothing else.
 */
#include "image/format/image_format.h"

#include <sys/stat.h>

const struct image_format *const image_formats[] = {
    &docker_archive_format, &oci_layout_format, &docker_legacy_format, &rootfs_format, NULL,
};

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
