/* SPDX-License-Identifier: MIT
 *
 * Names of images as FROM accepts them.
 */
#include "image/format/image_format.h"

#include <string.h>

#include "util/path.h"

enum { NAME_MAX_BYTES = 400 };

static bool is_lower_or_digit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_name_byte(char c)
{
    return is_lower_or_digit(c) || (c >= 'A' && c <= 'Z') || (c != 0 && strchr("._-/:", c));
}

bool reference_is_name(struct bytes text)
{
    if (!text.n || text.n > NAME_MAX_BYTES)
        return false;
    for (size_t i = 0; i < text.n; i++)
        if (!is_name_byte(text.p[i]))
            return false;
    char first = text.p[0], last = text.p[text.n - 1];
    return !strchr("._-/:", first) && !strchr("/:", last);
}

void reference_from_file(struct bytes path, struct buf *out)
{
    static const char *const endings[] = {".tar",  ".gz",   ".zst", ".tgz",
                                          ".tzst", ".zstd", ".oci", ".docker"};
    struct bytes base = path_base(path);
    for (size_t i = 0; i < sizeof endings / sizeof *endings;) {
        struct bytes ending = bytes_of(endings[i]);
        bool ends = base.n > ending.n && bytes_ends(base, ending);
        base.n -= ends ? ending.n : 0;
        i = ends ? 0 : i + 1;
    }
    buf_clear(out);
    for (size_t i = 0; i < base.n; i++) {
        char c = base.p[i] >= 'A' && base.p[i] <= 'Z' ? (char)(base.p[i] + 32) : base.p[i];
        bool fits = is_lower_or_digit(c) || c == '.' || c == '_' || c == '-';
        /* A name begins and ends with a letter or a digit. */
        if (out->n || is_lower_or_digit(c))
            buf_byte(out, fits ? c : '-');
    }
    while (out->n && !is_lower_or_digit(out->p[out->n - 1]))
        out->p[--out->n] = 0;
    if (!out->n)
        buf_add(out, bytes_of("image"));
}
