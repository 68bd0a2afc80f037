/* SPDX-License-Identifier: MIT
 *
 * Programs that provide images: container engines, and skopeo for registries. Each program is one
 * row of a table; to add a program, add a row in engines.c. References (engine_source.c), the
 * images offered at the start (session/discovery.h) and help texts come from the table.
 *
 *     for (size_t i = 0; i < n_engines; i++)
 *         if (engines[i].list[0])
 *             engine_list(&engines[i], take, with, err);     // take gets "docker:alpine:3.20", …
 */
#ifndef XSMALL_IMAGE_SOURCE_ENGINE_H
#define XSMALL_IMAGE_SOURCE_ENGINE_H

#include "util/bytes.h"
#include "util/err.h"

enum { ENGINE_WORDS = 10 }; /* words of a command, including the final NULL */

/* Commands are lists of words that end with NULL; "@" at the end of a word is replaced by the image
 * name. */
struct engine {
    const char *name; /* prefix of references: NAME:IMAGE */
    /* Prints the images, one REPOSITORY:TAG per line. Empty: the engine cannot list its images. */
    const char *list[ENGINE_WORDS];
    /* Writes an archive of the image, in any format of image_format.h, to standard output. */
    const char *save[ENGINE_WORDS];
    /* Prints the OCI index of an image that exists for several platforms. For other images, the
     * output does not matter. Empty: " PLATFORM" cannot follow a reference. */
    const char *index[ENGINE_WORDS];
    /* The options of save that choose a platform, each followed by its part of the platform. They
     * are inserted after the first word of the command. Used only with index. */
    const char *os, *machine, *variant;
};

extern const struct engine engines[];
extern const size_t n_engines;

/* Lists the images of the engine as references; waits at most one second. Returns false if the
 * engine cannot be run, fails, or does not answer in time: the references passed to take() so far
 * are then incomplete. */
bool engine_list(const struct engine *engine, void (*take)(void *with, struct bytes reference),
                 void *with, struct err *err);

#endif
