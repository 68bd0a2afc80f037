/* SPDX-License-Identifier: MIT
 *
 * Extracts files of an image into a directory, under their own paths: contents, modes, times,
 * symlinks, hard links and extended attributes; for root also owners and devices. Existing files
 * are not overwritten. Nothing outside the directory is changed, because symlinks in it are not
 * followed. Blocks of zeros become holes. If a file's owner cannot be set, its setuid and setgid
 * bits are removed.
 *
 *     struct extract_result result;
 *     struct extract_request request = {contents, db, tree, nodes, n, dir_fd};
 *     extract(&request, &result, err)
 */
#ifndef XSMALL_IMAGE_FILES_EXTRACT_H
#define XSMALL_IMAGE_FILES_EXTRACT_H

#include "image/files/file_contents.h"

struct extract_result {
    uint32_t n_written; /* all kinds, including new directories */
    int64_t bytes;
    uint32_t n_left_out; /* devices and attributes that the user has no right to create */
};

/* Opens the output directory; creates it if it does not exist. Returns -1 and fills err on failure.
 */
int extract_directory(const char *path, struct err *err);

struct extract_request {
    struct file_contents *contents;
    struct db *db;
    const struct tree *tree;
    const uint32_t *nodes; /* n of them */
    size_t n;
    int dir_fd; /* the output directory */
};

/* Writes the nodes, everything below them, and the directories above them. If something other than
 * a directory already exists at one of the paths, writes nothing, and err names the path. After a
 * later failure or a cancel, the complete files and the directories with their attributes remain.
 */
bool extract(const struct extract_request *request, struct extract_result *result, struct err *err);

#endif
