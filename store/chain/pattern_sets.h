/* SPDX-License-Identifier: MIT
 *
 * Named sets of stages: the sets that xsmall installs (share/patterns), and the user's own sets,
 * which are files NAME.patterns in one directory. A user's set replaces an installed set of the
 * same name.
 *
 * A set is a text with one stage per line, applied in order:
 *
 *     # what the set is for: the first line of the list that is shown
 *     grep -v '^[^"]*"/proc[/"]'  # why
 *     path: grep -v '/tests/'     # on a target (filter_target.h); "line" if none is named
 *
 * A set can come from an untrusted source: it cannot name or read files, and has at most
 * SETS_MAX_BYTES bytes.
 *
 *     BUF_AUTO struct buf dir = {0};
 *     pattern_sets_directory(&dir);
 *     if (!pattern_sets_use(dir.p, "python", chain, warning, err)) …
 */
#ifndef XSMALL_CHAIN_PATTERN_SETS_H
#define XSMALL_CHAIN_PATTERN_SETS_H

#include "chain/chain.h"

enum { SETS_MAX_BYTES = 256 * 1024 };

struct pattern_set {
    char *name;  /* owned */
    char *about; /* owned; the first comment, "" if the set has no comment */
    bool own;    /* a user's set */
};

/* All zero: an empty list. Owned: pattern_sets_finish. */
struct pattern_sets {
    struct pattern_set *list;
    size_t n, cap;
};

/* Appends the directory of the user's sets: $XDG_CONFIG_HOME/xsmall/patterns, else
 * ~/.config/xsmall/patterns. Appends nothing if neither XDG_CONFIG_HOME nor HOME is an absolute
 * path: the user has no sets then. */
void pattern_sets_directory(struct buf *out);

/* Lists the available sets: the user's sets by name, then the installed sets by name. dir is the
 * directory of the user's sets; it may be NULL or missing. A set that cannot be read is in the list
 * with the error as `about`. */
bool pattern_sets_list(const char *dir, struct pattern_sets *out, struct err *err);
void pattern_sets_finish(struct pattern_sets *sets);

/* Appends the text of a set. */
bool pattern_sets_text(const char *dir, const char *name, struct buf *out, struct err *err);

/* Appends the stages of a set to the chain. If a stage is rejected, the chain is unchanged and the
 * error names the line. warning is as in chain_insert. */
bool pattern_sets_use(const char *dir, const char *name, struct chain *chain, struct buf *warning,
                      struct err *err);

/* Writes the stages of the chain to a user's set; disabled stages become comments. Creates dir if
 * it does not exist. If the set exists, its old text is kept as NAME.patterns~. name consists of
 * letters, digits and ._-, and begins with a letter or digit. */
bool pattern_sets_save(const char *dir, const char *name, const struct chain *chain,
                       struct err *err);

#endif
