/* SPDX-License-Identifier: MIT */
#include "cli/docs/template.h"

void template_fill(struct bytes text, const struct template_part *parts, struct buf *out)
{
    while (text.n) {
        struct bytes line = bytes_split(&text, '\n');
        const struct template_part *part = parts;
        while (part->mark && !bytes_equal(line, bytes_of(part->mark)))
            part++;
        if (part->mark) {
            part->write(out);
        } else {
            buf_add(out, line);
            buf_byte(out, '\n');
        }
    }
}
