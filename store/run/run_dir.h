/* SPDX-License-Identifier: MIT
 *
 * The directories of a run, and their removal.
 *
 *     TMP/xsmall-run-XXXXXX        0700, the caller's: logs, output, the lock, the ids in use
 *     TMP/xsmall-run-XXXXXX.root   0700, of the sandbox's id 0: the unpacked image in root/
 *
 * TMP is $TMPDIR or /var/tmp. The lock is held by xsmall and by the sandbox's keeper; directories
 * whose lock is free were left by a process that was killed, and run_dir_sweep removes them.
 */
#ifndef XSMALL_RUN_RUN_DIR_H
#define XSMALL_RUN_RUN_DIR_H

#include "run/id_map.h"
#include "util/bytes.h"

struct run_dir {
    struct buf path;   /* the caller's directory, absolute */
    struct buf root;   /* "PATH.root/root": where the image is unpacked */
    struct buf inside; /* "PATH.root/inside": the sandbox's first program */
    struct buf log;    /* "PATH/trace": prefix of the log files */
    int lock;          /* owned; -1: not made */
};

/* Creates the caller's directory, with subdirectory trace/. The other is made by run_dir_make_root.
 * All zero but lock -1 on failure. */
bool run_dir_make(struct run_dir *dir, const struct id_map *map, struct err *err);
/* Creates the directory for the image, owned by the sandbox's id 0, and writes the first program
 * into it. For the keeper: it needs the right to change owners in its user namespace. */
bool run_dir_make_root(const struct run_dir *dir, const struct id_map *map, struct err *err);
/* Removes the image's directory, or that and the caller's directory. Call it in the keeper or in a
 * process of its user namespace; xsmall may call it only after the image's directory is removed. */
enum run_dir_part { RUN_DIR_ROOT, RUN_DIR_BOTH };
void run_dir_remove(const struct run_dir *dir, enum run_dir_part part);
uint64_t
run_dir_free_bytes(const struct run_dir *dir); /* of its file system; UINT64_MAX: unknown */
void run_dir_finish(struct run_dir *dir);      /* frees the memory and closes the lock */

/* Removes what killed processes of this user left. */
void run_dir_sweep(void);

#endif
