/* SPDX-License-Identifier: MIT
 *
 * Finds the known word that is most similar to a mistyped one.
 *
 *     struct suggestion similar = {0};
 *     suggestion_try(&similar, "lod", "load");
 *     suggestion_try(&similar, "lod", "lines");
 *     similar.best // "load"; NULL if no word is similar
 */
#ifndef XSMALL_TUI_CLI_SUGGESTION_H
#define XSMALL_TUI_CLI_SUGGESTION_H

#include <stddef.h>

struct suggestion {
    const char *best; /* borrowed; NULL: no word is similar so far */
    size_t distance;  /* edits between the typed word and best */
};

/* Compares the typed word with a known one, and stores it if it is more similar than the best so
 * far. Similar means: at most 1 edit (of a word of up to 3 letters) or 2 edits, where an edit
 * inserts, deletes, replaces or swaps letters; or the known word begins with the typed one. */
void suggestion_try(struct suggestion *suggestion, const char *typed, const char *known);

#endif
