/* SPDX-License-Identifier: MIT
 *
 * The ELF interpreter (PT_INTERP) of a needed file. The kernel opens it itself, so no log shows it.
 */
#include "keep/closure.h"
#include "keep/needs/node_fact.h"

static void add(struct closure *closure, void *state, uint32_t node)
{
    (void)state;
    struct bytes path = node_fact(&closure->tree->nodes[node], NEED_INTERPRETER);
    uint32_t file = closure_need_file(closure, path, &reason_interpreter, node);
    if (file != NODE_NONE)
        closure->verdicts[file].linked = true;
}

/* Shares its switch with need_libraries.c. */
const struct reason reason_interpreter = {
    NEED_KIND("elf", "interpreter and libraries of ELF files"), .origin = ORIGIN_NEED,
    .text = "ELF interpreter of ", .add = add};
