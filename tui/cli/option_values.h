/* SPDX-License-Identifier: MIT
 *
 * The values that an option can have where these are few and have names: read from the tables of
 * the modules that implement them, for the help, the manual, the completions and the errors.
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
    const char *help; /* NULL: no more than the name */
};

/* The value number i, from 0; false after the last one. */
typedef bool option_values(size_t i, struct option_value *out);

option_values values_forms;    /* --form */
option_values values_styles;   /* --style, of all forms */
option_values values_builders; /* --builder */
option_values values_closure;  /* --closure; "all" after the kinds */
option_values values_targets;  /* --target */

/* Appends the names. */
void option_values_join(option_values *values, const char *between, struct buf *out);
/* Appends a line "  NAME  HELP" for each value; nothing where the values have no help. */
void option_values_describe(option_values *values, struct buf *out);
/* Always false, err set: "OPTION GIVEN: not one of …". */
bool option_values_refuse(option_values *values, const char *option, const char *given,
                          struct err *err);

#endif
