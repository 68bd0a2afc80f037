/* SPDX-License-Identifier: MIT
 *
 * The kinds of references to images: a path, standard input, an image of an engine (engine.h). Each
 * kind is one row of a table. The row is in the file that opens such a reference; source_kinds.c
 * lists all rows.
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
    const char *public_ref; /* name of the source in the session; NULL: the reference itself */
    bool is_path; /* a local path: it has a modification time and is read without a copy */
    bool (*accepts)(const char *ref);
    /* Opens the source: sets path, name, fd, is_dir, sizes, mtime_ns and codec. On error err names
     * the reference if is_path; else the caller adds the reference. */
    bool (*open)(struct image_source *source, const char *ref, struct progress *progress,
                 struct err *err);
    /* Writes the name of the reference in FROM, without digest and platform, to the empty out.
     * Writes nothing if the reference has no name. NULL: such references never have a name. */
    void (*name)(const char *ref, struct buf *out);
    /* Returns true if " PLATFORM" can follow the reference. NULL: it never can. */
    bool (*takes_platform)(const char *ref);
    /* Appends the forms of the references for help texts, comma-separated: "docker:NAME, …". */
    void (*help)(struct buf *out);
};

/* All kinds, in the order in which they are tried. The last kind accepts every reference. NULL at
 * the end. */
extern const struct source_kind *const source_kinds[];
extern const struct source_kind stdin_source, engine_source, path_source;

const struct source_kind *source_kind_of(const char *ref);
/* Returns the name of the reference in the session: "-" for standard input, else ref. */
const char *source_public_ref(const char *ref);
/* Writes the name of the reference in FROM to out (overwritten). out->n is 0 if there is no name.
 */
void source_ref_name(const char *ref, struct buf *out);
bool source_takes_platform(const char *ref);
/* Appends "a file, a directory, docker:NAME, …": the forms of all references. */
void source_kinds_help(struct buf *out);

/* Reads standard input to its end, into the new file `spool`, or into a temporary file if spool is
 * NULL. Stores in ref the reference to that file; it is valid until the program ends. */
bool stdin_source_read(const char *spool, struct buf *ref, struct err *err);

#endif
