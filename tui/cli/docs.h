/* SPDX-License-Identifier: MIT
 *
 * The program's documents, made from its own tables: manual page, key table, shell
 * completions, versions.
 */
#ifndef XSMALL_TUI_CLI_DOCS_H
#define XSMALL_TUI_CLI_DOCS_H

#include "util/bytes.h"

/* "man", "keys", "bash", "zsh", "fish": appended. False: there is no such document. */
bool docs_write(struct bytes name, struct buf *out);
/* The program's version, then a line for each library with its own. */
void docs_versions(struct buf *out);

#endif
