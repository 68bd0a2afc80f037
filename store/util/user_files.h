/* SPDX-License-Identifier: MIT
 *
 * The user's own data files: NAME.SUFFIX in a directory below the XDG configuration directory.
 * These files can come from a stranger, so only regular files of a limited size are read.
 *
 *     BUF_AUTO struct buf dir = {0}, text = {0};
 *     user_files_directory("families", &dir);
 *     enum lookup found = user_files_read(dir.p, "nss", ".family", MAX_BYTES, &text, err);
 */
#ifndef XSMALL_UTIL_USER_FILES_H
#define XSMALL_UTIL_USER_FILES_H

#include "util/bytes.h"
#include "util/err.h"
#include "util/lookup.h"

enum { USER_FILES_MAX_NAME = 64 };

/* Appends $XDG_CONFIG_HOME/xsmall/KIND, or ~/.config/xsmall/KIND if XDG_CONFIG_HOME is not an
 * absolute path. Appends nothing if HOME is not an absolute path either: then the user has no data
 * files. */
void user_files_directory(const char *kind, struct buf *out);

/* Returns true if a data file may have this name: letters, digits, ".", "_" and "-", beginning with
 * a letter or digit, at most USER_FILES_MAX_NAME bytes. */
bool user_files_is_name(struct bytes name);

/* Appends the text of the file DIR/NAMESUFFIX. Returns LOOKUP_ABSENT also if dir is NULL. */
enum lookup user_files_read(const char *dir, const char *name, const char *suffix, size_t max_bytes,
                            struct buf *out, struct err *err);

/* Lists the names in the directory that have the suffix, in C order, with the suffix removed. The
 * caller frees *names with user_files_free_names. The list is empty if the directory does not exist
 * or dir is NULL. */
bool user_files_names(const char *dir, const char *suffix, char ***names, size_t *n,
                      struct err *err);
void user_files_free_names(char **names, size_t n);

#endif
