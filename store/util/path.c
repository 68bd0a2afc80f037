/* SPDX-License-Identifier: MIT */
#include "util/path.h"

struct bytes path_next(struct bytes *rest)
{
    while (rest->n && rest->p[0] == '/')
        *rest = bytes_skip(*rest, 1);
    struct bytes part = {rest->p, bytes_index(*rest, '/')};
    *rest = bytes_skip(*rest, part.n);
    return part;
}

static bool is_dot(struct bytes part)
{
    return part.n == 1 && part.p[0] == '.';
}

static bool is_dot_dot(struct bytes part)
{
    return part.n == 2 && part.p[0] == '.' && part.p[1] == '.';
}

bool path_member(struct bytes name, struct buf *out)
{
    buf_clear(out);
    buf_reserve(out, name.n);
    if (bytes_index(name, 0) != name.n)
        return false;
    for (struct bytes part; (part = path_next(&name)).n;) {
        if (is_dot(part))
            continue;
        if (is_dot_dot(part))
            return false;
        if (out->n)
            buf_byte(out, '/');
        buf_add(out, part);
    }
    return true;
}

static void add_parts(struct buf *out, struct bytes path)
{
    for (struct bytes part; (part = path_next(&path)).n;) {
        if (is_dot(part))
            continue;
        if (is_dot_dot(part)) {
            size_t slash = bytes_rindex(buf_bytes(out), '/');
            out->n = slash < out->n ? slash : 0;
            continue;
        }
        buf_byte(out, '/');
        buf_add(out, part);
    }
}

void path_absolute(struct bytes dir, struct bytes path, struct buf *out)
{
    buf_clear(out);
    bool absolute = path.n && path.p[0] == '/';
    if (!absolute && !dir.n) {
        buf_add(out, path);
        return;
    }
    if (!absolute)
        add_parts(out, dir);
    add_parts(out, path);
    if (!out->n)
        buf_byte(out, '/');
    out->p[out->n] = 0;
}

struct bytes path_base(struct bytes path)
{
    size_t slash = bytes_rindex(path, '/');
    return slash < path.n ? bytes_skip(path, slash + 1) : path;
}

struct bytes path_dir(struct bytes path)
{
    size_t slash = bytes_rindex(path, '/');
    return slash < path.n ? bytes_from(path.p, slash) : bytes_from(path.p, 0);
}
