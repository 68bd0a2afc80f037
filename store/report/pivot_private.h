/* SPDX-License-Identifier: MIT
 *
 * Functions that the files of the pivot share; no other room includes this header.
 */
#ifndef XSMALL_REPORT_PIVOT_PRIVATE_H
#define XSMALL_REPORT_PIVOT_PRIVATE_H

#include "report/pivot.h"

bool pivot_make_processes(const struct pivot_input *input, const struct uses *uses,
                          const struct pivot_filter *filter, struct pivot *out, struct err *err);
void pivot_make_searches(const struct pivot_input *input, const struct uses *uses,
                         const struct pivot_filter *filter, struct pivot *out);

#endif
