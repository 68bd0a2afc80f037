/* SPDX-License-Identifier: MIT */
#include "image/source/source_kind.h"

const struct source_kind *const source_kinds[] = {
    &stdin_source,
    &engine_source,
    &path_source,
    NULL,
};

const struct source_kind *source_kind_of(const char *ref)
{
    const struct source_kind *const *at = source_kinds;
    while (!(*at)->accepts(ref))
        at++;
    return *at;
}

const char *source_public_ref(const char *ref)
{
    const struct source_kind *kind = source_kind_of(ref);
    return kind->public_ref ? kind->public_ref : ref;
}

void source_ref_name(const char *ref, struct buf *out)
{
    const struct source_kind *kind = source_kind_of(ref);
    buf_clear(out);
    if (kind->name)
        kind->name(ref, out);
}

bool source_takes_platform(const char *ref)
{
    const struct source_kind *kind = source_kind_of(ref);
    return kind->takes_platform && kind->takes_platform(ref);
}

void source_kinds_help(struct buf *out)
{
    path_source.help(out);
    buf_add(out, bytes_of(", "));
    engine_source.help(out);
    buf_add(out, bytes_of(" or "));
    stdin_source.help(out);
}
