/* SPDX-License-Identifier: MIT */
#include "image/source/platform.h"

#include <string.h>
#include <sys/utsname.h>

static bool is_word(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c && strchr("._-", c))))
            return false;
    }
    return text.n > 0;
}

/* Returns the part before the next slash and removes it from rest. */
static struct bytes take_part(struct bytes *rest)
{
    struct bytes part = bytes_split(rest, '/');
    return part;
}

bool platform_split(struct bytes text, struct platform_parts *out)
{
    struct bytes rest = text;
    out->os = take_part(&rest);
    out->machine = take_part(&rest);
    out->variant = rest;
    return is_word(out->os) && is_word(out->machine) && (!rest.n || is_word(rest)) &&
           !bytes_ends(text, bytes_of("/"));
}

void platform_of(struct db *db, struct bytes json, struct buf *out)
{
    BUF_AUTO struct buf os = {0};
    BUF_AUTO struct buf machine = {0};
    BUF_AUTO struct buf variant = {0};
    if (!db_json(db, json, "$.os", &os) || !db_json(db, json, "$.architecture", &machine))
        return;
    if (!is_word(buf_bytes(&os)) || !is_word(buf_bytes(&machine)))
        return;
    buf_printf(out, "%s/%s", os.p, machine.p);
    if (db_json(db, json, "$.variant", &variant) && is_word(buf_bytes(&variant)))
        buf_printf(out, "/%s", variant.p);
}

bool platform_matches(struct bytes is, struct bytes wanted)
{
    struct platform_parts a, b;
    return platform_split(is, &a) && platform_split(wanted, &b) && bytes_equal(a.os, b.os) &&
           bytes_equal(a.machine, b.machine) && (!b.variant.n || bytes_equal(a.variant, b.variant));
}

/* uname(2)'s machine → GOARCH, as image configs name it. */
static const char *const machines[][2] = {
    {"x86_64", "amd64"},    {"aarch64", "arm64"},   {"i686", "386"},
    {"armv7l", "arm"},      {"armv6l", "arm"},      {"s390x", "s390x"},
    {"ppc64le", "ppc64le"}, {"riscv64", "riscv64"}, {"loongarch64", "loong64"},
};

void platform_of_host(struct buf *out)
{
    struct utsname host;
    uname(&host);
    const char *machine = host.machine;
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (strcmp(host.machine, machines[i][0]) == 0)
            machine = machines[i][1];
    buf_printf(out, "linux/%s", machine);
}

/* Returns the variant of a platform, or the default variant of its architecture. */
static struct bytes full_variant(const struct platform_parts *parts)
{
    static const char *const known[][2] = {{"amd64", "v1"}, {"arm", "v7"}, {"arm64", "v8"}};
    for (size_t i = 0; !parts->variant.n && i < sizeof known / sizeof *known; i++)
        if (bytes_equal(parts->machine, bytes_of(known[i][0])))
            return bytes_of(known[i][1]);
    return parts->variant;
}

bool platform_is_same(struct bytes a, struct bytes b)
{
    struct platform_parts x, y;
    return platform_split(a, &x) && platform_split(b, &y) && bytes_equal(x.os, y.os) &&
           bytes_equal(x.machine, y.machine) && bytes_equal(full_variant(&x), full_variant(&y));
}

struct listing {
    struct db *db;
    struct buf *out;
    size_t n;
};

static bool is_listed(const struct buf *list, struct bytes platform)
{
    struct bytes rest = buf_bytes(list);
    while (rest.n) {
        struct bytes one = bytes_from(rest.p, bytes_index(rest, ','));
        if (bytes_equal(one, platform))
            return true;
        rest = bytes_skip(rest, one.n + 2);
    }
    return false;
}

static bool take_manifest(void *with, struct bytes key, struct bytes descriptor)
{
    struct listing *listing = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf json = {0};
    BUF_AUTO struct buf platform = {0};
    (void)key;
    buf_add(&own, descriptor);
    if (!db_json_valid(listing->db, buf_bytes(&own)) ||
        !db_json(listing->db, buf_bytes(&own), "$.platform", &json) ||
        !db_json_valid(listing->db, buf_bytes(&json)))
        return true;
    platform_of(listing->db, buf_bytes(&json), &platform);
    if (!platform.n || bytes_starts(buf_bytes(&platform), bytes_of("unknown/")) ||
        is_listed(listing->out, buf_bytes(&platform)))
        return true;
    buf_printf(listing->out, "%s%s", listing->n++ ? ", " : "", platform.p);
    return true;
}

bool platform_list(struct bytes index, struct buf *out, size_t *n, struct err *err)
{
    struct listing listing = {.out = out};
    if (!db_open_memory(&listing.db, err))
        return false;
    if (db_json_valid(listing.db, index))
        db_json_each(listing.db, index, "$.manifests", take_manifest, &listing);
    db_close(listing.db);
    *n = listing.n;
    return true;
}
