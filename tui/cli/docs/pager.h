/* SPDX-License-Identifier: MIT
 *
 * Shows a text to a person: through the pager if standard output is a terminal.
 */
#ifndef XSMALL_TUI_CLI_DOCS_PAGER_H
#define XSMALL_TUI_CLI_DOCS_PAGER_H

#include "util/bytes.h"

/* Prints text to standard output. On a terminal, runs $PAGER (default: less with the options FRX)
 * and writes text to its standard input. If the pager cannot be started, prints text directly. */
void pager_show(struct bytes text);

#endif
