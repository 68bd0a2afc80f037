/* SPDX-License-Identifier: MIT
 *
 * Programs that have images: container engines, and skopeo for registries. One row of a table each:
 * to add one, add a row to engines.c. References (engine_source.c), the images offered at the start
 * (session/discovery.h) and help texts come from the table.
 *
 *     for (size_t i = 0; i < n_engines; i++)
 *         if (engines[i].list[0])
 *             engine_list(&engines[i], take, with, err);     // take gets "docker:alpine:3.20", …
 */
#ifndef XSMALL_IMAGE_SOURCE_ENGINE_H
#define XSMALL_IMAGE_SOURCE_ENGINE_H

#include "util/bytes.h"
#include "util/err.h"

enum { ENGINE_WORDS = 10 }; /* of a command, the NULL included */

/* Commands are lists of words that end with NULL; "@" at the end of a word stands for the image. */
struct engine {
    const char *name; /* of references: NAME:IMAGE */
    /* Prints the images, REPOSITORY:TAG a line. Empty: the engine cannot list its images. */
    const char *list[ENGINE_WORDS];
    /* Writes an archive of the image, in any format that image_format.h has, to standard output. */
    const char *save[ENGINE_WORDS];
    /* Prints the OCI index of an image that exists for several platforms, or anything else for one
     * that does not. Empty: " PLATFORM" cannot follow a reference. */
    const char *index[ENGINE_WORDS];
    /* The options of save that choose a platform, each followed by its part: inserted after the
     * first word. Used only with index. */
    const char *os, *machine, *variant;
};

extern const struct engine engines[];
extern const size_t n_engines;

/* Lists the images of the engine as references; gives it one second. Returns false if the engine
 * cannot be run, fails or does not answer: what take has got until then is not complete. */
bool engine_list(const struct engine *engine, void (*take)(void *with, struct bytes reference),
                 void *with, struct err *err);

#endif
