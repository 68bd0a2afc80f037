/* SPDX-License-Identifier: MIT
 *
 * The builders by name, and what each can do: measured with BuildKit 0.8 to 0.11, docker 20.10 and
 * buildah 1.28 (tests/e2e/all_buildkit.sh, hostile.sh); for a newer buildah, globs as its history
 * describes them.
 */
#ifndef XSMALL_EXPORT_BUILDER_H
#define XSMALL_EXPORT_BUILDER_H

#include <stdbool.h>

enum export_builder {
    BUILDER_ANY, /* what all of them can */
    BUILDER_BUILDKIT,
    BUILDER_DOCKER,      /* the classic builder of docker's engine */
    BUILDER_BUILDAH_128, /* below 1.38 */
    BUILDER_BUILDAH,
    N_BUILDERS
};

struct builder {
    const char *name;
    const char *help;
    bool globs_twice;    /* what a COPY's glob finds is one again: no class helps */
    bool backslash;      /* in a glob a backslash is none even where nothing else is a glob's */
    bool copies_fifos;   /* COPY of a directory brings them; else it leaves them out */
    bool copies_devices; /* COPY of a directory brings them; else COPY makes empty files of them */
    bool makes_devices;  /* a RUN may */
    bool keeps_xattrs;   /* all of them; else capabilities alone */
    bool breaks_many_sources; /* old versions break off at a COPY of many files */
};

const struct builder *builder_of(enum export_builder which);
/* "docker", the classic one's older name, too. */
bool export_builder_find(const char *name, enum export_builder *out);

#endif
