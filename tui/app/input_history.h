/* SPDX-License-Identifier: MIT
 *
 * The history of texts typed at the prompts. It is stored in a file of the user, one entry per
 * line, so that the next explorer has it too. Several explorers may append to the file at once.
 *
 *     input_history_read(&history, path);
 *     input_history_add(&history, INPUT_COMMAND, bytes_of("quit"));
 *     input_history_begin(&history);                       // a prompt opens
 *     input_history_move(&history, INPUT_COMMAND, -1, typed, &text)   // the previous entry
 *
 * If the file cannot be read or written, the history works in memory; this is not an error.
 */
#ifndef XSMALL_TUI_APP_INPUT_HISTORY_H
#define XSMALL_TUI_APP_INPUT_HISTORY_H

#include "util/bytes.h"

#ifndef INPUT_HISTORY_MAX
#define INPUT_HISTORY_MAX 500 /* entries */
#endif
enum { INPUT_HISTORY_MAX_TEXT = 4096, INPUT_HISTORY_MAX_BYTES = 1 << 20 /* read from the file */ };

enum input_history_kind {
    INPUT_NONE, /* not stored */
    INPUT_COMMAND,
    INPUT_SEARCH,
    INPUT_PATTERN,
    INPUT_FILTER,
    N_INPUT_KINDS
};

struct input_history {
    struct input_history_entry {
        enum input_history_kind kind;
        struct buf text;
    } list[INPUT_HISTORY_MAX]; /* the oldest first; no two are the same */
    size_t n;
    struct buf path;  /* n 0: no file */
    struct buf typed; /* the prompt's text before the first move */
    size_t at;        /* the entry that is shown; n: the typed text */
};

/* Appends $XDG_STATE_HOME/xsmall/history or ~/.local/state/xsmall/history. Appends nothing if
 * neither XDG_STATE_HOME nor HOME is an absolute path. */
void input_history_path(struct buf *out);
/* Reads the file into a zeroed history. path NULL: no file. */
void input_history_read(struct input_history *history, const char *path);
void input_history_finish(struct input_history *history);

/* Adds an entry. Ignores text that is empty, has a newline or is longer than
 * INPUT_HISTORY_MAX_TEXT. */
void input_history_add(struct input_history *history, enum input_history_kind kind,
                       struct bytes text);
void input_history_begin(struct input_history *history);
/* Moves to the previous (by -1) or next (by 1) entry of this kind; after the last entry comes the
 * typed text. *out is borrowed until the next call. Returns false if there is no such entry. */
bool input_history_move(struct input_history *history, enum input_history_kind kind, int by,
                        struct bytes typed, struct bytes *out);

#endif
