/* SPDX-License-Identifier: MIT
 *
 * The kinds of references to images, one row of a table each: a path, standard input, an image of
 * an engine (engine.h). A row stands in the file that opens such a reference; source_kinds.c
 * collects the rows.
 *
 *     docker:NAME, podman:NAME    an image of an engine
 *     registry:NAME               an image of a registry; "registry:NAME OS/ARCH[/VARIANT]": one
 *                                 platform of it
 *     -:N                         standard input, already in the file open as descriptor N
 *                                 (stdin_source_read)
 *     anything else               the path of a file or a directory; a file with the name of a
 *                                 reference is written ./docker:NAME
 */
#ifndef XSMALL_IMAGE_SOURCE_SOURCE_KIND_H
#define XSMALL_IMAGE_SOURCE_SOURCE_KIND_H

#include "image/source/image_source.h"

struct source_kind {
    const char *public_ref; /* what the session calls the source; NULL: by the reference itself */
    bool is_path;           /* a path of this machine: it has a date, and is read without a copy */
    bool (*accepts)(const char *ref);
    /* Sets path, name, fd, is_dir, sizes, mtime_ns and codec. On error err names the reference if
     * is_path; else the caller adds it. */
    bool (*open)(struct image_source *source, const char *ref, struct progress *progress,
                 struct err *err);
    /* The name of the reference in FROM, without digest and platform; out is empty at first and
     * stays so for no name. NULL: never a name. */
    void (*name)(const char *ref, struct buf *out);
    /* Whether " PLATFORM" can follow the reference. NULL: never. */
    bool (*takes_platform)(const char *ref);
    /* Appends the forms of the references for help texts, comma-separated: "docker:NAME, …". */
    void (*help)(struct buf *out);
};

/* In the order in which they are tried: the last one accepts everything. NULL at the end. */
extern const struct source_kind *const source_kinds[];
extern const struct source_kind stdin_source, engine_source, path_source;

const struct source_kind *source_kind_of(const char *ref);
/* What the session calls the reference: "-" for standard input, else ref. */
const char *source_public_ref(const char *ref);
/* The name of the reference in FROM into out (overwritten); n 0: no name. */
void source_ref_name(const char *ref, struct buf *out);
bool source_takes_platform(const char *ref);
/* Appends "a file, a directory, docker:NAME, …": the forms of all references. */
void source_kinds_help(struct buf *out);

/* Reads standard input to its end, into the new file `spool`, or if that is NULL into a temporary
 * one. ref becomes the reference to it for as long as this program runs. */
bool stdin_source_read(const char *spool, struct buf *ref, struct err *err);

#endif
