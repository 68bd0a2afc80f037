/* SPDX-License-Identifier: MIT */
#include "image/source/engine.h"

#define LIST_FORMAT "--format", "{{.Repository}}:{{.Tag}}"

const struct engine engines[] = {
    {
        .name = "docker",
        .list = {"docker", "images", LIST_FORMAT},
        .save = {"docker", "save", "--", "@"},
    },
    {
        .name = "podman",
        .list = {"podman", "images", LIST_FORMAT},
        .save = {"podman", "save", "--quiet", "--format=docker-archive", "--", "@"},
    },
    {
        .name = "registry",
        .save = {"skopeo", "copy", "--quiet", "--", "docker://@", "docker-archive:/dev/stdout"},
        .index = {"skopeo", "inspect", "--raw", "--", "docker://@"},
        .os = "--override-os=",
        .machine = "--override-arch=",
        .variant = "--override-variant=",
    },
};
const size_t n_engines = sizeof engines / sizeof *engines;
