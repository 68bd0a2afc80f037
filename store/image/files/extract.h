/* SPDX-License-Identifier: MIT
 *
 * Files out of an image into a directory, under their own paths: contents, modes, times, links,
 * hard links and extended attributes; owners and devices for root. Nothing that is there is
 * overwritten, nothing outside the directory is touched: no link in it is followed. Blocks of zeros
 * become holes. What cannot be given to its owner loses its setuid and setgid bits.
 *
 *     struct extract_result result;
 *     struct extract_request request = {contents, db, tree, nodes, n, dir_fd};
 *     extract(&request, &result, err)
 */
#ifndef XSMALL_IMAGE_FILES_EXTRACT_H
#define XSMALL_IMAGE_FILES_EXTRACT_H

#include "image/files/file_contents.h"

struct extract_result {
    uint32_t n_written; /* all kinds, directories that were made too */
    int64_t bytes;
    uint32_t n_left_out; /* devices and attributes that this user may not make */
};

/* Opens the directory to write into; creates it if it does not exist. -1 and err on failure. */
int extract_directory(const char *path, struct err *err);

struct extract_request {
    struct file_contents *contents;
    struct db *db;
    const struct tree *tree;
    const uint32_t *nodes; /* n of them */
    size_t n;
    int dir_fd; /* the directory to write into */
};

/* Writes nodes with everything below them, and the directories above. If anything but a directory
 * exists already at one of the paths nothing is written, and err names it. A later failure, or a
 * cancel, leaves the files that are complete, and the directories with their attributes. */
bool extract(const struct extract_request *request, struct extract_result *result, struct err *err);

#endif
