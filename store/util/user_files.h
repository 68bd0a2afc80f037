/* SPDX-License-Identifier: MIT
 *
 * A person's own data files: NAME.SUFFIX in a directory of XDG's configuration. They can come from
 * a stranger: only plain files of a limited size are read.
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

/* $XDG_CONFIG_HOME/xsmall/KIND, or that in ~/.config; appended. Nothing where neither XDG's nor
 * HOME is an absolute path: then there are no files of one's own. */
void user_files_directory(const char *kind, struct buf *out);

/* Whether a file can have this name: letters, digits and ._-, beginning with a letter or digit, at
 * most USER_FILES_MAX_NAME bytes. */
bool user_files_is_name(struct bytes name);

/* Appends the text of DIR/NAMESUFFIX. Absent also if dir is NULL. */
enum lookup user_files_read(const char *dir, const char *name, const char *suffix, size_t max_bytes,
                            struct buf *out, struct err *err);

/* The names in the directory that have the suffix, in C order, without it. *names and what it
 * points at are yours: user_files_free_names. A directory that is not there has none; dir may be
 * NULL. */
bool user_files_names(const char *dir, const char *suffix, char ***names, size_t *n,
                      struct err *err);
void user_files_free_names(char **names, size_t n);

#endif
