/* SPDX-License-Identifier: MIT
 *
 * The values of options that accept only a few names. They are read from the tables of the modules
 * that implement them, for the help, the manual pages, the completions and the errors.
 *
 *     struct option_value value;
 *     for (size_t i = 0; values_forms(i, &value); i++)
 *         puts(value.name);
 */
#ifndef XSMALL_TUI_CLI_OPTION_VALUES_H
#define XSMALL_TUI_CLI_OPTION_VALUES_H

#include <stdbool.h>
#include <stddef.h>

#include "util/bytes.h"
#include "util/err.h"

struct option_value {
    const char *name;
    const char *help; /* NULL: the value has no description */
};

/* Reads the value number i, from 0. Returns false after the last value. */
typedef bool option_values(size_t i, struct option_value *out);

option_values values_forms;    /* --form */
option_values values_styles;   /* --style, of all forms */
option_values values_builders; /* --builder */
option_values values_closure;  /* --closure; "all" after the kinds */
option_values values_targets;  /* --target */
option_values values_listed;   /* --keep-listed, in the order of enum listed_choice */

/* Appends the names of the values. */
void option_values_join(option_values *values, const char *between, struct buf *out);
/* Appends a line "  NAME  HELP" for each value; nothing where the values have no help. */
void option_values_describe(option_values *values, struct buf *out);
/* Sets err to "OPTION GIVEN: expected one of …". Returns false. */
bool option_values_refuse(option_values *values, const char *option, const char *given,
                          struct err *err);

#endif
