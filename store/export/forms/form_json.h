/* SPDX-License-Identifier: MIT
 *
 * Form `json`: the plan with its reasons, for programs.
 */
#ifndef XSMALL_EXPORT_FORMS_FORM_JSON_H
#define XSMALL_EXPORT_FORMS_FORM_JSON_H

#include "export/export.h"

/* Appends one object. Its "version" changes when a key changes its meaning or goes. A path that is
 * no UTF-8 has its bytes in "path_hex" too. */
void json_write(const struct export_request *request, const struct mapped_tree *moved,
                struct buf *out);

#endif
