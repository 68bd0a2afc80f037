/* SPDX-License-Identifier: MIT
 *
 * Families: files that stand for each other. A program opens those that its input, its user or its
 * environment ask for, so a trace shows some and another day needs the others. Which they are is
 * data: the program's own (share/families) and a person's, NAME.family in one directory; a person's
 * family hides the program's of the same name. What a family means for an image: group_offer.h.
 *
 * A family is text, a line each:
 *
 *     # what it is: the first line of the list that is shown
 *     ask: What may be missing if the others are left out?
 *     used: /etc/nsswitch.conf        # a glob: the trace used one of these
 *     needed: /usr/bin/python3.*      # a glob: one of these is needed
 *     member: /usr/lib/libnss_*.so.2
 *     member: /usr/share/zoneinfo/    # a slash behind: all that is below
 *
 * It fires when any of its globs `used` or `needed` finds something; without any of them, when the
 * trace used a member. Globs are those of marks_match and begin with a slash. " #" begins a
 * comment. A family can come from a stranger: see the limits.
 */
#ifndef XSMALL_KEEP_GROUPS_FILE_GROUP_H
#define XSMALL_KEEP_GROUPS_FILE_GROUP_H

#include "util/arena.h"
#include "util/bytes.h"
#include "util/err.h"

enum {
    FAMILY_MAX_BYTES = 64 * 1024, /* of a file */
    FAMILY_MAX_GLOBS = 64,        /* of each kind */
    FAMILY_MAX_ASK = 300,         /* bytes of the question */
    FAMILY_MAX_OWN = 64           /* files of a person's */
};

enum file_group_glob { FAMILY_USED, FAMILY_NEEDED, FAMILY_MEMBER, N_FAMILY_GLOBS };

struct file_group {
    struct bytes name, about, ask; /* in the arena; about, ask: n 0 for none */
    struct bytes *globs[N_FAMILY_GLOBS];
    size_t n_globs[N_FAMILY_GLOBS];
    bool own;           /* a person's */
    struct bytes error; /* why it cannot be used, with file and line; n 0: it can */
};

struct file_group_list {
    struct file_group *list; /* owned; a person's by name, then the program's by name */
    size_t n;
    struct arena arena;
};

/* $XDG_CONFIG_HOME/xsmall/families, or that in ~/.config; appended; as user_files_directory. */
void file_group_directory(struct buf *out);

/* All of them. dir: of a person's; NULL: none; it need not be there. One that cannot be read or
 * makes no sense is in the list with its error and without globs. *out is yours:
 * file_group_list_finish.
 */
bool file_group_list_read(const char *dir, struct file_group_list *out, struct err *err);
void file_group_list_finish(struct file_group_list *families);
const struct file_group *file_group_list_find(const struct file_group_list *families,
                                              struct bytes name); /* or NULL */

/* One text; `file` is what its errors name. What it says is put into the arena. */
bool file_group_parse(struct bytes text, const char *file, struct arena *arena,
                      struct file_group *out, struct err *err);

#endif
