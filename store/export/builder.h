/* SPDX-License-Identifier: MIT
 *
 * The builders by name, with the abilities of each. Measured with BuildKit 0.8 to 0.11,
 * docker 20.10 and buildah 1.28 (tests/e2e/all_buildkit.sh, hostile.sh); the globs of newer buildah
 * versions are taken from its commit history.
 */
#ifndef XSMALL_EXPORT_BUILDER_H
#define XSMALL_EXPORT_BUILDER_H

#include <stdbool.h>

enum export_builder {
    BUILDER_ANY, /* only what all builders support */
    BUILDER_BUILDKIT,
    BUILDER_DOCKER,      /* the classic builder of docker's engine */
    BUILDER_BUILDAH_128, /* older than 1.38 */
    BUILDER_BUILDAH,
    N_BUILDERS
};

struct builder {
    const char *name;
    const char *help;
    bool globs_twice; /* a path that a COPY glob matches is a glob again: a class does not escape */
    bool backslash;   /* a backslash in a COPY source is an escape even without a glob character */
    bool copies_fifos;         /* COPY of a directory copies fifos; else it omits them */
    bool copies_devices;       /* COPY of a directory copies devices; else it creates empty files */
    bool makes_devices;        /* RUN can create devices */
    bool keeps_xattrs;         /* keeps all extended attributes; else only capabilities */
    bool knows_start_interval; /* HEALTHCHECK --start-interval, in every version: imagebuilder 280
                                  (buildah 1.36); Dockerfile 1.6 (BuildKit 0.12), docker 25 */
    bool one_platform;         /* builds for the platform of its engine only */
    bool breaks_many_sources;  /* old versions fail at a COPY of many files */
};

const struct builder *builder_of(enum export_builder which);
/* Finds a builder by name; also accepts "docker", the older name of docker-classic. */
bool export_builder_find(const char *name, enum export_builder *out);

#endif
