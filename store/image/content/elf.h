/* SPDX-License-Identifier: MIT
 *
 * What an ELF file asks the loader for: interpreter, needed libraries, search paths, its own name,
 * symbol versions.
 *
 * Not here: searching for them (that is the closure's), and #! lines (content_scan.h).
 *
 *     struct elf_source source = {read_fd, &at};
 *     if (elf_needs(&source, size, add, with)) …
 */
#ifndef XSMALL_IMAGE_CONTENT_ELF_H
#define XSMALL_IMAGE_CONTENT_ELF_H

#include "image/tree/tree.h"

/* Where the file's bytes are. read copies n bytes at offset, all of them, or returns false. */
struct elf_source {
    bool (*read)(void *with, void *to, size_t n, uint64_t offset);
    void *with;
    bool *cut; /* set where more is there than is read of a file: 16384 dynamic entries, 4096
                  versions; may be NULL */
};

/* Calls add for each need in the order of the file: PT_INTERP first, then the dynamic section
 * (System V gABI, chapters 4 and 5), value borrowed. A file that is broken, or no ELF, gives none;
 * returns whether it was read to the end. */
bool elf_needs(const struct elf_source *source, uint64_t size,
               void (*add)(void *with, enum need_kind kind, struct bytes value), void *with);

#endif
