/* SPDX-License-Identifier: MIT
 *
 * The program of an image, from its config (OCI image-spec, config.md): command, environment, user,
 * working directory, stop signal, as an engine reads them.
 *
 * Users are looked up in the image's /etc/passwd and /etc/group, as runc does: a user without a
 * group gets the group of its passwd line and the groups that list it; with a group, only that.
 */
#ifndef XSMALL_RUN_IMAGE_PROGRAM_H
#define XSMALL_RUN_IMAGE_PROGRAM_H

#include "image/tree/tree.h"
#include "run/run_spec.h"

/* What the caller changes; NULL and 0 leave the image's own value. */
struct program_choice {
    const char *const *command; /* replaces CMD; n_command of them */
    size_t n_command;
    const char *entrypoint; /* replaces ENTRYPOINT by this one word, and drops CMD; "": none */
    const char *user;       /* USER[:GROUP], names or numbers */
    const char *working_directory;
    const char *const *environment; /* NAME=VALUE, added to the image's; n_environment of them */
    size_t n_environment;
};

/* Fills the program's part of a spec (run_spec_init). Reads /etc/passwd and /etc/group from the
 * image's source. Fails if the image has no command, is for another kind of machine, or has no such
 * user. */
bool image_program_read(struct db *db, const struct tree *tree, struct bytes config,
                        const struct program_choice *choice, struct run_spec *spec,
                        struct err *err);

#endif
