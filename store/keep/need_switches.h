/* SPDX-License-Identifier: MIT
 *
 * The switches of the closure: which dependency kinds add files. The kinds are the named rows of
 * needs/needs.h; kinds with the same name share a switch. The session's setting "closure.off" holds
 * the switches that differ from the default: NAME is off, +NAME is on; commas between them.
 *
 *     unsigned off = switches_default();
 *     if (!switches_parse(bytes_of("-elf,python"), &off, err)) … // elf is off, python is on
 *     if (switches_are_on(off, &reason_library)) … // false
 */
#ifndef XSMALL_KEEP_NEED_SWITCHES_H
#define XSMALL_KEEP_NEED_SWITCHES_H

#include "db/db.h"
#include "keep/needs/needs.h"

/* Switches are numbered from 0 in the order of needs.h; a set of switches is a bit each. */
size_t switches_count(void);
const char *switch_name(size_t i); /* "links", … */
const char *switch_help(size_t i);
const struct reason *switch_row(size_t i); /* its first row; NULL: there are fewer switches */

unsigned switches_default(void); /* those that are off by default */
/* Whether the reason's switch is on; true for a reason without a switch. */
bool switches_are_on(unsigned off, const struct reason *reason);

/* Changes *off: each word of the comma-separated list is a kind or "all" to switch on, or with a
 * prefix - to switch off; a prefix + is allowed. */
bool switches_parse(struct bytes list, unsigned *off, struct err *err);
/* Appends the names of those that are off: "elf,python". */
void switches_print(unsigned off, struct buf *out);

/* Words that name no kind are ignored: a session can come from a stranger. */
bool switches_read(struct db *db, unsigned *off, struct err *err);
/* Stores them as part of the current step of the journal. */
bool switches_save(struct db *db, unsigned off, struct err *err);

#endif
