/* SPDX-License-Identifier: MIT
 *
 * The undo journal: every decision is in the session the moment it is made, and undoable without
 * limit, over restarts.
 *
 * A step is one thing the person did; it holds one row for each value that changed. The owner of a
 * `what` writes values through journal_set and has them written back by undo and redo.
 *
 *     db_begin(db, err) && journal_step(db, err) && journal_set(db, EDIT_MARK, path, value, err) &&
 * db_commit(db, err)
 */
#ifndef XSMALL_DB_JOURNAL_H
#define XSMALL_DB_JOURNAL_H

#include "db/db.h"

/* chain: key "", value: FILES NUL, then for each stage E TARGET SPACE STAGE NUL, where FILES is the
 * pipeline's operands as shell text, E is '0' or '1' (enabled), TARGET is the word of what the
 * stage filters (any word without a space) and STAGE is the shell text of the stage; stored in
 * `pattern` and the setting chain.files. mark: key path, value the mark. note: key path, value the
 * text. map: key source, value target. setting: key name, value. */
enum journal_what { EDIT_CHAIN, EDIT_MARK, EDIT_NOTE, EDIT_MAP, EDIT_SETTING };

/* Begins a step; steps that were undone are forgotten. Inside a transaction. */
bool journal_step(struct db *db, struct err *err);
/* Sets a value and journals the old one. p NULL: absent. No row where nothing changes. */
bool journal_set(struct db *db, enum journal_what what, struct bytes key, struct bytes value,
                 struct err *err);
/* Replaces the bytes of out with the value. */
enum lookup journal_get(struct db *db, enum journal_what what, struct bytes key, struct buf *out,
                        struct err *err);
/* Undoes the last step, or does again the last undone. *done false: there was none. A transaction
 * of its own. */
bool journal_undo(struct db *db, bool *done, struct err *err);
bool journal_redo(struct db *db, bool *done, struct err *err);

#endif
