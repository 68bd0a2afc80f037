/* SPDX-License-Identifier: MIT
 *
 * File groups: files that stand for each other. A program opens those members that its input, its
 * user or its environment require, so one trace shows some of them and the next run needs others.
 * The groups are data files: those that come with the program (share/families), and the person's
 * own NAME.family in one directory. A person's group replaces the program's group of the same name.
 * What a group means for one image: group_offer.h.
 *
 * A group is text, one item a line:
 *
 *     # what it is: the description in lists
 *     ask: What can be missing if the other members are left out?
 *     used: /etc/nsswitch.conf        # a glob: the trace used a match
 *     needed: /usr/bin/python3.*      # a glob: a match is needed
 *     member: /usr/lib/libnss_*.so.2
 *     member: /usr/share/zoneinfo/    # a slash at the end: everything below
 *
 * A group fires when a glob `used` or `needed` finds something; if it has neither, when the trace
 * used a member. Globs are those of marks_match and begin with a slash. " #" begins a comment. A
 * group can come from a stranger, so its size is limited.
 */
#ifndef XSMALL_KEEP_GROUPS_FILE_GROUP_H
#define XSMALL_KEEP_GROUPS_FILE_GROUP_H

#include "util/arena.h"
#include "util/bytes.h"
#include "util/err.h"

enum {
    FILE_GROUP_MAX_BYTES = 64 * 1024, /* of a file */
    FILE_GROUP_MAX_GLOBS = 64,        /* of each kind */
    FILE_GROUP_MAX_ASK = 300,         /* bytes of the question */
    FILE_GROUP_MAX_OWN = 64           /* files of the person */
};

enum file_group_glob { FILE_GROUP_USED, FILE_GROUP_NEEDED, FILE_GROUP_MEMBER, N_FILE_GROUP_GLOBS };

struct file_group {
    struct bytes name, about, ask; /* in the arena; about, ask: n 0: none */
    struct bytes *globs[N_FILE_GROUP_GLOBS];
    size_t n_globs[N_FILE_GROUP_GLOBS];
    bool own;           /* the person's */
    struct bytes error; /* why it cannot be used, with file and line; n 0: it can */
};

struct file_group_list {
    struct file_group *list; /* owned; the person's by name, then the program's by name */
    size_t n;
    struct arena arena;
};

/* $XDG_CONFIG_HOME/xsmall/families, or that in ~/.config; appended; as user_files_directory. */
void file_group_directory(struct buf *out);

/* Reads all groups. dir: the person's directory; it need not exist; NULL: none. A file that cannot
 * be read or parsed is in the list with its error and without globs. *out is yours:
 * file_group_list_finish. */
bool file_group_list_read(const char *dir, struct file_group_list *out, struct err *err);
void file_group_list_finish(struct file_group_list *groups);
const struct file_group *file_group_list_find(const struct file_group_list *groups,
                                              struct bytes name); /* or NULL */

/* Parses one text into *out, whose strings are in the arena; errors name `file`. */
bool file_group_parse(struct bytes text, const char *file, struct arena *arena,
                      struct file_group *out, struct err *err);

#endif
