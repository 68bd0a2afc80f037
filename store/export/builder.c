/* SPDX-License-Identifier: MIT */
#include "export/builder.h"

#include <string.h>

static const struct builder builders[] = {
    [BUILDER_ANY] = {"any", "Dockerfile that all builders below can build", .globs_twice = true,
                     .breaks_many_sources = true},
    [BUILDER_BUILDKIT] = {"buildkit", "docker build with BuildKit, docker buildx",
                          .breaks_many_sources = true, .makes_devices = true},
    [BUILDER_DOCKER] = {"docker-classic", "docker build with DOCKER_BUILDKIT=0",
                        .copies_fifos = true, .copies_devices = true, .makes_devices = true,
                        .one_platform = true},
    [BUILDER_BUILDAH_128] = {"buildah-1.28", "buildah or podman build, older than 1.38",
                             .globs_twice = true, .copies_fifos = true, .copies_devices = true,
                             .keeps_xattrs = true},
    [BUILDER_BUILDAH] = {"buildah", "buildah or podman build, 1.38 or newer", .backslash = true,
                         .knows_start_interval = true, .copies_fifos = true, .copies_devices = true,
                         .keeps_xattrs = true},
};

const struct builder *builder_of(enum export_builder which)
{
    return &builders[which];
}

bool export_builder_find(const char *name, enum export_builder *out)
{
    if (!strcmp(name, "docker"))
        name = "docker-classic";
    for (enum export_builder which = BUILDER_ANY; which < N_BUILDERS; which++) {
        if (!strcmp(name, builders[which].name)) {
            *out = which;
            return true;
        }
    }
    return false;
}
