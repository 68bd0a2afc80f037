/* SPDX-License-Identifier: MIT
 *
 * Named sets of stages: those that the program brings (share/patterns) and a person's own, files
 * NAME.patterns in one directory. A person's set hides the program's of the same name.
 *
 * A set is text, a stage a line, run from the first to the last:
 *
 *     # what the set is for: the first line of the list that is shown
 *     grep -v '^[^"]*"/proc[/"]'  # why
 *     path: grep -v '/tests/'     # on a target (filter_target.h); "line" if none is named
 *
 * A set can come from a stranger: it names no files and reads none, and has at most SETS_MAX_BYTES.
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
    char *about; /* owned; its first comment, "" where there is none */
    bool own;    /* a person's */
};

/* All zero is an empty one. Owned: pattern_sets_finish. */
struct pattern_sets {
    struct pattern_set *list;
    size_t n, cap;
};

/* $XDG_CONFIG_HOME/xsmall/patterns, or that in ~/.config; appended. Nothing where neither XDG's nor
 * HOME is an absolute path: then there are no sets of one's own. */
void pattern_sets_directory(struct buf *out);

/* Those that can be used: a person's by name, then the program's by name. dir: of a person's; NULL:
 * none; it need not be there. One that cannot be read is in the list with the error as `about`. */
bool pattern_sets_list(const char *dir, struct pattern_sets *out, struct err *err);
void pattern_sets_finish(struct pattern_sets *sets);

/* The text of a set; appended. */
bool pattern_sets_text(const char *dir, const char *name, struct buf *out, struct err *err);

/* Appends the stages of a set to those of the chain. Where one is refused the chain stays as it
 * was; the error names the line. warning as in chain_insert. */
bool pattern_sets_use(const char *dir, const char *name, struct chain *chain, struct buf *warning,
                      struct err *err);

/* Makes the chain's stages a person's set; those that are off become comments. Makes dir where it
 * is not there. What was in a set of that name stays next to it as NAME.patterns~. name: letters,
 * digits and ._-, beginning with a letter or digit. */
bool pattern_sets_save(const char *dir, const char *name, const struct chain *chain,
                       struct err *err);

#endif
