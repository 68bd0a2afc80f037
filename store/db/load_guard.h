/* SPDX-License-Identifier: MIT
 *
 * What a load into an existing session prepares so that it can be undone when it fails, also on a
 * full disk:
 *   - A second connection, the pin, reads the session as it was before the load. While it reads,
 *     SQLite copies nothing from the write-ahead log into the session file. If no other connection
 *     wrote meanwhile and no other process has the session open, a failed load is undone by
 * removing the log. When the log has grown to PIN_PAGES pages, the pin is given up, so that the log
 * can be copied.
 *   - A file without a name, the reserve, holds disk space that is given back before the rows of a
 *     failed load are deleted, because deleting needs space too.
 *
 * Only the files of store/db use it. For the load itself, see loading.h.
 */
#ifndef XSMALL_DB_LOAD_GUARD_H
#define XSMALL_DB_LOAD_GUARD_H

#include "db/db.h"

/* Prepares. Without a pin or a reserve, the load works, and only its undoing is less complete. */
void load_guard_begin(struct db *db);
/* Gives pin and reserve back; the load goes on or is done. */
void load_guard_end(struct db *db);
/* Gives the reserve back: what is left to do needs little space. */
void load_guard_free_reserve(struct db *db);
/* Returns false if the disk has no space to copy the log into the session file. */
bool load_guard_check_space(struct db *db, struct err *err);
/* Undoes the load by removing the write-ahead log. Returns false if that is not possible. Call it
 * outside a transaction. */
bool load_guard_undo(struct db *db);
/* Copies the log into the session file and empties it; waits a moment for readers. */
void load_guard_empty_log(struct db *db);
/* Gives free pages of the session file back to the file system, where there are many. */
void load_guard_shrink(struct db *db);

#endif
