/* SPDX-License-Identifier: MIT
 *
 * The keeper: a process between xsmall and the sandbox. It makes the namespaces, unpacks the image,
 * starts bubblewrap, and removes everything when xsmall is done, or has been killed.
 *
 *     xsmall ── keeper (outer user namespace, network namespace)
 *        │         ├── unpacker, then bubblewrap (inner user namespace) ── the image's program
 *        ├── strace, attached to the image's program
 *        └── tests (outer user namespace, network namespace)
 *
 * One socket connects both. If xsmall's end closes, the keeper kills the sandbox and removes the
 * directories.
 *
 *     struct keeper keeper;
 *     keeper_start(&keeper, &sandbox, err)
 *     slim_tar_write(…, keeper.tar, err);            // the image's files
 *     keeper_unpacked(&keeper, &result, err)
 *     keeper_program(&keeper, &init, &program, err)
 *     keeper_let_go(&keeper);
 *     keeper_finish(&keeper);                        // ends and removes everything
 */
#ifndef XSMALL_RUN_KEEPER_H
#define XSMALL_RUN_KEEPER_H

#include "run/sandbox_args.h"
#include "run/unpack.h"

struct sandbox {
    const struct run_spec *spec; /* borrowed */
    const struct run_dir *dir;   /* borrowed */
    struct id_map map;
    int input;         /* standard input of the program; borrowed */
    int output, error; /* ends of pipes or files for its output; borrowed */
};

struct keeper {
    pid_t pid;  /* of the keeper */
    int socket; /* owned, as are all */
    int tar;    /* write the image's tar stream here; -1: closed */
    int info;   /* bubblewrap reports here */
    int go;     /* a byte written here starts the program; closed: it never starts */
};

bool keeper_start(struct keeper *keeper, const struct sandbox *sandbox, struct err *err);
/* Closes `tar`, waits until the image is unpacked, and returns what could not be. */
bool keeper_unpacked(struct keeper *keeper, struct unpack_result *result, struct err *err);
/* Waits until the sandbox is complete and its first program waits. Stores the pids of bubblewrap's
 * process 1 in the sandbox, whose end ends all others there, and of the first program. Fails if
 * bubblewrap failed; its message is in the program's error output then. */
bool keeper_program(struct keeper *keeper, pid_t *init, pid_t *program, struct err *err);
void keeper_let_go(struct keeper *keeper);
/* Kills the processes of the sandbox and waits until its directories are removed. Does nothing if
 * pid is 0. */
void keeper_finish(struct keeper *keeper);

#endif
