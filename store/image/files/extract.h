/* SPDX-License-Identifier: MIT
 *
 * Files out of an image into a directory, under their own paths: contents, modes, times, links,
 * hard links and extended attributes; owners and devices for root. Nothing that is there is
 * overwritten, nothing outside the directory is touched: no link in it is followed. Blocks of zeros
 * become holes. What cannot be given to its owner loses its setuid and setgid bits.
 *
 *     struct extract_result result;
 *     extract(contents, db, tree, nodes, n, dir_fd, &result, err)
 */
#ifndef XSMALL_IMAGE_FILES_EXTRACT_H
#define XSMALL_IMAGE_FILES_EXTRACT_H

#include "image/files/file_contents.h"

struct extract_result {
    uint32_t n_written; /* all kinds, directories that were made too */
    int64_t bytes;
    uint32_t n_left_out; /* devices and attributes that this user may not make */
};

/* Opens the directory for it, made if it is not there; -1 and err if that cannot be. */
int extract_directory(const char *path, struct err *err);

/* Nodes with all below them, and the directories above. Where anything but a directory is there
 * already nothing is written, and err names it. What fails later, or is cancelled, leaves the files
 * that are complete, and the directories with their attributes. */
bool extract(struct file_contents *contents, struct db *db, const struct tree *tree,
             const uint32_t *nodes, size_t n, int dir_fd, struct extract_result *result,
             struct err *err);

#endif
