/* SPDX-License-Identifier: MIT
 *
 * One of a few rows, chosen on the terminal before there is a session to show.
 *
 *     struct chooser_row rows[] = {{"app:1", "linux/amd64"}, {"app:2", "linux/amd64"}};
 *     switch (chooser_run("which image?", rows, 2, &config, &at, err)) …
 */
#ifndef XSMALL_TUI_EXPLORER_CHOOSER_H
#define XSMALL_TUI_EXPLORER_CHOOSER_H

#include <stddef.h>

#include "app/config.h"
#include "util/err.h"

struct chooser_row {
    const char *name, *detail; /* shown escaped; detail dim behind it, NULL: none */
};
enum chooser_end { CHOOSER_CHOSEN, CHOOSER_LEFT, CHOOSER_FAILED };

/* Keys and the mouse move, search, choose and leave as they do in the explorer; a digit is a row;
 * Escape leaves. n at least 1. */
enum chooser_end chooser_run(const char *title, const struct chooser_row *rows, size_t n,
                             const struct config *config, size_t *chosen, struct err *err);

#endif
