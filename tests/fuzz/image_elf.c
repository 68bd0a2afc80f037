/* SPDX-License-Identifier: MIT
 * Any bytes as an ELF file of a layer: its dependencies are valid, or it has no dependencies. */
#include <assert.h>
#include <string.h>

#include "image/content/elf.h"

static bool read_at(void *with, void *to, size_t n, uint64_t offset)
{
    const struct bytes *file = with;
    assert(to || !n);
    if (offset > file->n || n > file->n - offset)
        return false;
    memcpy(to, file->p + offset, n);
    return true;
}

static void take(void *with, enum need_kind kind, struct bytes value)
{
    const struct bytes *file = with;
    size_t zeros = 0;
    for (size_t i = 0; i < value.n; i++) /* reads the whole value */
        zeros += !value.p[i];
    assert(kind <= NEED_INCLUDE && value.n <= file->n && !zeros);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct bytes file = bytes_from((const char *)data, n);
    struct elf_source source = {read_at, &file, NULL};
    elf_needs(&source, n, take, &file);
    return 0;
}
