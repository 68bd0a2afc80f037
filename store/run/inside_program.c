/* SPDX-License-Identifier: MIT */
#include "run/inside_program.h"

/* XSMALL_INSIDE is the path of the file, from the build. */
__asm__(".pushsection .rodata\n"
        "inside_begin:\n"
        ".incbin \"" XSMALL_INSIDE "\"\n"
        "inside_end:\n"
        ".popsection\n");
extern const char inside_begin[], inside_end[];

struct bytes inside_program(void)
{
    return bytes_from(inside_begin, (size_t)(inside_end - inside_begin));
}
