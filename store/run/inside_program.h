/* SPDX-License-Identifier: MIT
 *
 * The bytes of the sandbox's first program (inside/inside.c), an ELF file that the build made.
 */
#ifndef XSMALL_RUN_INSIDE_PROGRAM_H
#define XSMALL_RUN_INSIDE_PROGRAM_H

#include "util/bytes.h"

struct bytes inside_program(void);

#endif
