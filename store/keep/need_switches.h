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

/* Switches are numbered from 0 in the order of needs.h. A set of switches has one bit for each. */
size_t switches_count(void);
const char *switch_name(size_t i); /* "links", … */
const char *switch_help(size_t i);
const struct reason *switch_row(size_t i); /* the first row of switch i; NULL: no such switch */

unsigned switches_default(void); /* the switches that are off by default */
/* Returns whether the switch of a reason is on; true for a reason without a switch. */
bool switches_are_on(unsigned off, const struct reason *reason);

/* Changes *off by a comma-separated list: a kind or "all" switches on, with an optional prefix +; a
 * prefix - switches off. */
bool switches_parse(struct bytes list, unsigned *off, struct err *err);
/* Appends the names of the switches that are off: "elf,python". */
void switches_print(unsigned off, struct buf *out);

/* Reads the switches; ignores unknown words, because sessions are not trusted. */
bool switches_read(struct db *db, unsigned *off, struct err *err);
/* Stores the switches as part of the current step of the journal. */
bool switches_save(struct db *db, unsigned off, struct err *err);

#endif
