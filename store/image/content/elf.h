/* SPDX-License-Identifier: MIT
 *
 * Reads the parts of an ELF file that the loader uses: interpreter, needed libraries, search paths,
 * the file's own name (DT_SONAME), symbol versions.
 *
 * Not here: searching for the libraries (keep/closure.h), and #! lines (content_scan.h).
 *
 *     struct elf_source source = {read_fd, &at};
 *     if (elf_needs(&source, size, add, with)) …
 */
#ifndef XSMALL_IMAGE_CONTENT_ELF_H
#define XSMALL_IMAGE_CONTENT_ELF_H

#include "image/tree/tree.h"

/* Access to the bytes of the file. read copies exactly n bytes at offset, or returns false. */
struct elf_source {
    bool (*read)(void *with, void *to, size_t n, uint64_t offset);
    void *with;
    bool *cut; /* set to true if the file exceeds a limit (16384 dynamic entries, 4096 versions) and
                  is read only in part; may be NULL */
};

/* Calls add for each need in the order of the file: PT_INTERP first, then the dynamic section
 * (System V gABI, chapters 4 and 5). value is borrowed. A file that is damaged or not ELF has no
 * needs. Returns true if the file was read to the end. */
bool elf_needs(const struct elf_source *source, uint64_t size,
               void (*add)(void *with, enum need_kind kind, struct bytes value), void *with);

#endif
