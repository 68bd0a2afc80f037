/* SPDX-License-Identifier: MIT
 * A package manager's file: the first byte selects its name, the rest is its text. The parsed
 * records are within the limits. Seeds: tests/fuzz/image_packages. */
#include <assert.h>

#include "image/content/package_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void take_package(void *with, const struct package_text_about *about)
{
    (void)with;
    assert(about->name.n && about->name.n <= PACKAGE_WORD_MAX);
    assert(about->version.n <= PACKAGE_WORD_MAX && about->arch.n <= PACKAGE_WORD_MAX);
}

static void take_path(void *with, struct bytes path)
{
    (void)with;
    assert(path.n && path.n <= PACKAGE_PATH_MAX && bytes_index(path, 0) == path.n);
}

static void take_odd(void *with, const char *what)
{
    assert(with && *what);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const char *const names[] = {
        "var/lib/dpkg/status",
        "var/lib/dpkg/info/a:amd64.list",
        "var/lib/dpkg/diversions",
        "var/lib/dpkg/status.d/a",
        "var/lib/dpkg/status.d/a.md5sums",
        "lib/apk/db/installed",
        "a/site-packages/b-1.dist-info/RECORD",
        "a/dist-packages/b-1.dist-info/METADATA",
    };
    if (!n)
        return 0;
    struct bytes path = bytes_of(names[data[0] % (sizeof names / sizeof *names)]);
    enum package_text_kind kind = package_text_kind_of(path);
    assert(kind != PACKAGE_NONE);
    struct bytes text = bytes_from((const char *)data + 1, n - 1);
    struct package_text_sink sink = {(void *)names, take_package, take_path, take_odd};
    package_text_read(kind, text, &sink);
    /* As a path too: only the name of the file is parsed. */
    kind = package_text_kind_of(text);
    assert(package_text_stem(kind, text).n <= text.n);
    return 0;
}
