/* SPDX-License-Identifier: MIT
 *
 * Form `tar`: rootfs.tar, an archive of the kept files, next to a Dockerfile that adds it. The
 * Dockerfile does not use the subject image.
 */
#include "export/export_files.h"
#include "export/forms/dockerfile.h"
#include "export/forms/slim_tar.h"

static bool write_lines(struct dockerfile *dockerfile, struct err *err)
{
    if (!dockerfile_remove_conflicts(dockerfile, err))
        return false;
    buf_add(&dockerfile->final, bytes_of("ADD rootfs.tar /\n"));
    return true;
}

static bool write_archive(const struct export_output *output, int fd, struct err *err)
{
    struct tar_tree tree;
    tar_tree_of_kept(&tree, output->mapped);
    bool ok = slim_tar_write(output->db, &tree, output->progress, fd, err);
    tar_tree_finish(&tree);
    return ok;
}

static bool is_candidate(const struct export_request *request, const struct tree *subject)
{
    (void)subject;
    return request->with_files;
}

static const struct dockerfile_form tar_form = {CARRY_BY_TAR, is_candidate, write_lines};

const struct export_form form_tar = {
    .name = "tar",
    .help = "Dockerfile that adds rootfs.tar, an archive of the kept files",
    .text_file = "Dockerfile",
    .archive_file = "rootfs.tar",
    .write_archive = write_archive,
    .dockerfile = &tar_form,
    .write = dockerfile_write,
};
