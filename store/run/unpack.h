/* SPDX-License-Identifier: MIT
 *
 * Unpacks a tar stream of a tree into the directory of a run, and prepares the places at which the
 * sandbox mounts. Runs in the inner user namespace, before any program of the image runs.
 */
#ifndef XSMALL_RUN_UNPACK_H
#define XSMALL_RUN_UNPACK_H

#include "run/id_map.h"
#include "run/sandbox_args.h"

struct unpack_result {
    uint64_t n_bytes;   /* of regular files */
    uint32_t n_devices; /* not created */
    uint32_t n_owners;  /* entries whose owner is no id of the sandbox: they belong to 0 or 65534 */
    uint32_t n_attributes; /* entries some of whose attributes could not be set */
};

/* Unpacks the stream of descriptor `tar` into the directory. Devices are not created. */
bool unpack_tar(int tar, const char *directory, const struct id_map *map,
                struct unpack_result *result, struct err *err);

/* Makes the directories /proc and /dev of the image, the working directory and the targets of
 * mounts; writes /etc/hosts, /etc/hostname and /etc/resolv.conf if the image has /etc. Links are
 * followed inside the image only. */
bool unpack_prepare(const char *directory, const struct run_spec *spec,
                    struct sandbox_places *places, struct err *err);

#endif
