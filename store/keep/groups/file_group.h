/* SPDX-License-Identifier: MIT
 *
 * File groups: files of which a program opens only some, depending on its input, its user or its
 * environment (NSS modules, locales). One trace shows some members; the next run can need others.
 * Groups are data files: those shipped with the program (share/families), and the user's files
 * NAME.family in one directory. A group of the user replaces the shipped group of the same name.
 *
 * Not here: the members in one image (group_offer.h).
 *
 * A group is text, one item a line:
 *
 *     # description of the group, shown in lists
 *     ask: What can be missing if the other members are left out?
 *     used: /etc/nsswitch.conf        # a glob: the trace used a match
 *     needed: /usr/bin/python3.*      # a glob: a match is needed
 *     member: /usr/lib/libnss_*.so.2
 *     member: /usr/share/zoneinfo/    # a slash at the end: everything below
 *
 * A group fires if a glob `used` or `needed` matches; without such a glob, if the trace used a
 * member. Globs have the syntax of marks_match and begin with a slash. " #" begins a comment. The
 * size of a group is limited, because the file is not trusted.
 */
#ifndef XSMALL_KEEP_GROUPS_FILE_GROUP_H
#define XSMALL_KEEP_GROUPS_FILE_GROUP_H

#include "util/arena.h"
#include "util/bytes.h"
#include "util/err.h"

enum {
    FILE_GROUP_MAX_BYTES = 64 * 1024, /* size of a file */
    FILE_GROUP_MAX_GLOBS = 64,        /* of each kind */
    FILE_GROUP_MAX_ASK = 300,         /* bytes of the question */
    FILE_GROUP_MAX_OWN = 64           /* files of the user */
};

enum file_group_glob { FILE_GROUP_USED, FILE_GROUP_NEEDED, FILE_GROUP_MEMBER, N_FILE_GROUP_GLOBS };

struct file_group {
    struct bytes name, about, ask; /* in the arena; about, ask: n 0: not given */
    struct bytes *globs[N_FILE_GROUP_GLOBS];
    size_t n_globs[N_FILE_GROUP_GLOBS];
    bool own;           /* a file of the user */
    struct bytes error; /* why the file is invalid, with file and line; n 0: valid */
};

struct file_group_list {
    struct file_group *list; /* owned; the user's groups by name, then the shipped ones by name */
    size_t n;
    struct arena arena;
};

/* Appends the user's directory: $XDG_CONFIG_HOME/xsmall/families, by default
 * ~/.config/xsmall/families (user_files_directory). */
void file_group_directory(struct buf *out);

/* Reads all groups. dir: the user's directory, which can be missing; NULL: none. A file that cannot
 * be read or parsed is in the list with its error and without globs. The caller frees *out with
 * file_group_list_finish. */
bool file_group_list_read(const char *dir, struct file_group_list *out, struct err *err);
void file_group_list_finish(struct file_group_list *groups);
const struct file_group *file_group_list_find(const struct file_group_list *groups,
                                              struct bytes name); /* NULL: not found */

/* Parses one text into *out, whose strings are in the arena; errors name `file`. */
bool file_group_parse(struct bytes text, const char *file, struct arena *arena,
                      struct file_group *out, struct err *err);

#endif
