/* SPDX-License-Identifier: MIT
 *
 * The undo journal. Every decision is written to the session immediately, and can be undone without
 * limit, also after a restart.
 *
 * A step is one action of the user. It has one row for each value that the action changed. Code
 * that owns a kind of value (enum journal_what) writes values only with journal_set; undo and redo
 * then write the old or new values back.
 *
 *     db_begin(db, err) && journal_step(db, err) &&
 *         journal_set(db, EDIT_MARK, path, value, err) && db_commit(db, err)
 */
#ifndef XSMALL_DB_JOURNAL_H
#define XSMALL_DB_JOURNAL_H

#include "db/db.h"

/* EDIT_CHAIN: key "", value FILES NUL, then for each stage E TARGET SPACE STAGE NUL. FILES is the
 * list of the pipeline's operands as shell text. E is '0' or '1' (enabled). TARGET is the word for
 * what the stage filters (any word without a space). STAGE is the shell text of the stage. Stored
 * in `pattern` and the setting chain.files. EDIT_MARK: key path, value the mark. EDIT_NOTE: key
 * path, value the text. EDIT_MAP: key source, value target. EDIT_SETTING: key name, value the
 * setting's value. */
enum journal_what { EDIT_CHAIN, EDIT_MARK, EDIT_NOTE, EDIT_MAP, EDIT_SETTING };

/* Begins a step and deletes the steps that were undone. Call inside a transaction. */
bool journal_step(struct db *db, struct err *err);
/* Sets a value and journals the old value. A value with p NULL removes the key. If the value does
 * not change, no journal row is written. */
bool journal_set(struct db *db, enum journal_what what, struct bytes key, struct bytes value,
                 struct err *err);
/* Replaces the bytes of out with the current value. */
enum lookup journal_get(struct db *db, enum journal_what what, struct bytes key, struct buf *out,
                        struct err *err);
/* Undoes the last step, or repeats the last undone step. Sets *done to false if there was no such
 * step. Uses a transaction of its own. */
bool journal_undo(struct db *db, bool *done, struct err *err);
bool journal_redo(struct db *db, bool *done, struct err *err);

#endif
