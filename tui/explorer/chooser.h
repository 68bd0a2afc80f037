/* SPDX-License-Identifier: MIT
 *
 * Lets the user choose one of several rows on the terminal, before a session is open.
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
    const char *name, *detail; /* shown escaped; detail is dim, after name; NULL: no detail */
};
enum chooser_end { CHOOSER_CHOSEN, CHOOSER_LEFT, CHOOSER_FAILED };

/* Shows the rows and sets *chosen. Keys and the mouse work as in the explorer; a digit moves to the
 * row with that number; Escape leaves without a choice. n is at least 1. */
enum chooser_end chooser_run(const char *title, const struct chooser_row *rows, size_t n,
                             const struct config *config, size_t *chosen, struct err *err);

#endif
