/* SPDX-License-Identifier: MIT
 *
 * Finds the session file of a command (semantics.md, Session file).
 */
#include "session/session.h"

#include <dirent.h>
#include <stdlib.h>

static bool ends_in_xsmall(const char *name)
{
    return bytes_ends(bytes_of(name), bytes_of(".xsmall")) && name[0] != '.';
}

/* Finds the only *.xsmall in the current directory; *n is the number of *.xsmall files. */
static bool find_here(struct buf *out, size_t *n, struct err *err)
{
    DIR *dir = opendir(".");
    if (!dir)
        return err_sys(err, "current directory");
    *n = 0;
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!ends_in_xsmall(entry->d_name))
            continue;
        buf_clear(out);
        buf_add(out, bytes_of(entry->d_name));
        ++*n;
    }
    closedir(dir);
    return true;
}

static bool name_after_image(const char *ref, struct image_choice choice, struct buf *out,
                             struct err *err)
{
    if (!image_default_name(ref, choice, out, err))
        return false;
    for (size_t i = 0; i < out->n; i++)
        if (out->p[i] == '/' || out->p[i] == ':')
            out->p[i] = '_';
    buf_add(out, bytes_of(".xsmall"));
    return true;
}

bool session_find_path(const char *option, const char *const *operands, size_t n_operands,
                       struct image_choice choice, struct buf *out, struct err *err)
{
    if (option) {
        buf_add(out, bytes_of(option));
        return true;
    }
    for (size_t i = 0; i < n_operands; i++) {
        enum operand kind;
        if (!image_operand(operands[i], &kind, err))
            return false;
        if (kind == OPERAND_IMAGE)
            return name_after_image(operands[i], choice, out, err);
    }
    size_t n = 0;
    if (!find_here(out, &n, err))
        return false;
    if (n > 1)
        return err_set(err, "*.xsmall: several sessions here; name one with -s");
    if (n == 0 && !n_operands)
        return err_set(err, "*.xsmall: no session here; run xsmall run IMAGE, "
                            "or name one with -s");
    if (n == 0)
        buf_add(out, bytes_of("trace.xsmall"));
    return true;
}
