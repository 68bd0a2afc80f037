/* SPDX-License-Identifier: MIT
 *
 * Hostile log starts, first execves, names and roots: the command that the doctor proposes consists
 * of words that a shell does not expand, and -- comes before the program.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "trace/doctor/advice.h"

/* Returns the next part up to a NUL. */
static struct bytes take(struct bytes *rest)
{
    struct bytes part = bytes_from(rest->p, bytes_index(*rest, 0));
    *rest = bytes_skip(*rest, part.n + 1);
    return part;
}

/* Parses plain characters, '…' and \' as a POSIX shell does; any other unquoted character is a
 * defect. */
static void check_words(struct bytes text)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "_@%+=:,./- ";
    bool quoted = false;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            quoted = !quoted;
        else if (!quoted && text.p[i] == '\\' && i + 1 < text.n && text.p[i + 1] == '\'')
            i++;
        else if (!text.p[i] || (!quoted && !strchr(plain, text.p[i])))
            abort();
    }
    if (quoted || !memmem(text.p, text.n, " -- ", 4))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    BUF_AUTO struct buf out = {0};
    struct bytes rest = bytes_from((const char *)data, size), stem;
    struct advice_log log = {
        .style = take(&rest), .command = take(&rest), .name = take(&rest), .root = take(&rest)};
    advice_one_process(&log, &stem);
    advice_command(&log, &out);
    check_words(buf_bytes(&out));
    return 0;
}
