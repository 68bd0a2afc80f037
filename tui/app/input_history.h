/* SPDX-License-Identifier: MIT
 *
 * What was typed at the prompts before: kept in a file of the user, a line an entry, so that the
 * next explorer has it too. Several explorers may add to it at once.
 *
 *     input_history_read(&history, path);
 *     input_history_add(&history, INPUT_COMMAND, bytes_of("quit"));
 *     input_history_begin(&history);                       // a prompt opens
 *     input_history_move(&history, INPUT_COMMAND, -1, typed, &text)   // the one before
 *
 * A file that cannot be read or written is no error: then only this explorer remembers.
 */
#ifndef XSMALL_TUI_APP_INPUT_HISTORY_H
#define XSMALL_TUI_APP_INPUT_HISTORY_H

#include "util/bytes.h"

#ifndef INPUT_HISTORY_MAX
#define INPUT_HISTORY_MAX 500 /* entries */
#endif
enum { INPUT_HISTORY_MAX_TEXT = 4096, INPUT_HISTORY_MAX_BYTES = 1 << 20 /* of the file, read */ };

enum input_history_kind {
    INPUT_NONE, /* not kept */
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
    struct buf typed; /* what stood at the prompt before the first move */
    size_t at;        /* the entry that is shown; n: what was typed */
};

/* $XDG_STATE_HOME/xsmall/history, or that in ~/.local/state; appended. Nothing where neither XDG's
 * nor HOME is an absolute path. */
void input_history_path(struct buf *out);
void input_history_read(struct input_history *history,
                        const char *path); /* into a zeroed one; NULL: no file */
void input_history_finish(struct input_history *history);

/* Text that is empty, that has a newline or that is longer than INPUT_HISTORY_MAX_TEXT is not kept.
 */
void input_history_add(struct input_history *history, enum input_history_kind kind,
                       struct bytes text);
void input_history_begin(struct input_history *history);
/* Goes an entry back (-1) or forward (1) among those of its kind; after the last entry comes what
 * was typed. *out is borrowed until the next call. False: no entry in that direction. */
bool input_history_move(struct input_history *history, enum input_history_kind kind, int by,
                        struct bytes typed, struct bytes *out);

#endif
