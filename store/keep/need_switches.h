/* SPDX-License-Identifier: MIT
 *
 * The switches of the closure: which kinds of needs drag files in. All are on until the person says
 * otherwise; those that are off are the setting "closure.off", names with commas between.
 *
 *     unsigned off = 0;
 *     if (!switches_parse(bytes_of("-elf,python"), &off, err)) … // elf is off, python is on
 */
#ifndef XSMALL_KEEP_NEED_SWITCHES_H
#define XSMALL_KEEP_NEED_SWITCHES_H

#include "db/db.h"

enum closure_kind {
    CLOSURE_LINKS,   /* symlinks on the way */
    CLOSURE_PARENTS, /* directories above */
    CLOSURE_ELF,     /* interpreters and libraries of ELF files */
    CLOSURE_SCRIPTS, /* interpreters of #! lines */
    CLOSURE_PEERS,   /* other names of hard links */
    CLOSURE_PYTHON,  /* sources and bytecode of each other, metadata of packages */
    CLOSURE_CONFIG,  /* what the image config names */
    N_CLOSURE_KINDS
};
const char *closure_kind_name(enum closure_kind kind); /* "links", … */
const char *closure_kind_about(enum closure_kind kind);

/* Changes *off, a bit a kind: each word of the list is a kind or "all", to be on, or with a - in
 * front off; a + is allowed. */
bool switches_parse(struct bytes list, unsigned *off, struct err *err);
/* Those that are off, "elf,python"; appended. */
void switches_print(unsigned off, struct buf *out);

bool switches_read(struct db *db, unsigned *off, struct err *err);
/* As part of the current step of the edits. */
bool switches_put(struct db *db, unsigned off, struct err *err);

#endif
