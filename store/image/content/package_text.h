/* SPDX-License-Identifier: MIT
 *
 * Parses the files in which dpkg, apk and Python's installers record the installed packages and the
 * paths of each package. This file works on text only and does not use an image.
 *
 *     enum package_text_kind kind =
 * package_text_kind_of(bytes_of("var/lib/dpkg/info/libc6:amd64.list")); package_text_read(kind,
 * text, &sink);
 *
 * Formats: dpkg's status(5) paragraphs and one path per line in its lists; apk-tools' database(5);
 * Recording installed projects (packaging.python.org), core metadata. rpm's database is binary and
 * is not read.
 */
#ifndef XSMALL_IMAGE_CONTENT_PACKAGE_TEXT_H
#define XSMALL_IMAGE_CONTENT_PACKAGE_TEXT_H

#include "util/bytes.h"

enum {
    PACKAGE_TEXT_MAX = 32 * 1024 * 1024, /* of any of these files; a longer file is not read */
    PACKAGE_HEAD_MAX = 64 * 1024,        /* of METADATA: name and version are at the top */
    PACKAGE_WORD_MAX = 256,              /* of a name, a version, an architecture */
    PACKAGE_PATH_MAX = 4095
};

enum package_text_kind {
    PACKAGE_NONE,
    PACKAGE_DPKG_STATUS,     /* var/lib/dpkg/status: paragraphs */
    PACKAGE_DPKG_LIST,       /* var/lib/dpkg/info/NAME[:ARCH].list: paths */
    PACKAGE_DPKG_DIVERSIONS, /* var/lib/dpkg/diversions: three lines each, reported as paths */
    PACKAGE_DPKG_ONE,        /* var/lib/dpkg/status.d/NAME: a paragraph; in images without dpkg */
    PACKAGE_DPKG_SUMS,      /* var/lib/dpkg/status.d/NAME.md5sums: paths of a package in status.d */
    PACKAGE_APK,            /* [usr/]lib/apk/db/installed: paragraphs with their paths */
    PACKAGE_PYTHON_RECORD,  /* …/{site,dist}-packages/X.dist-info/RECORD: paths from X's parent */
    PACKAGE_PYTHON_METADATA /* …/METADATA: a paragraph */
};

/* Returns the kind of a file, detected by its canonical path. */
enum package_text_kind package_text_kind_of(struct bytes path);
/* Returns the part of the path that identifies the package: NAME[:ARCH] for a list, NAME for a file
 * in status.d, the path of the dist-info directory for Python. */
struct bytes package_text_stem(enum package_text_kind kind, struct bytes path);

struct package_text_about {
    struct bytes name, version, arch; /* n is 0 if unknown */
    struct bytes state; /* dpkg: the last word of Status, such as "installed"; else n is 0 */
};

/* Receives the parsed data, borrowed for the call. Each function may be NULL. */
struct package_text_sink {
    void *with;
    void (*package)(void *with, const struct package_text_about *about);
    void (*path)(void *with, struct bytes path); /* apk: a path of the last package */
    void (*odd)(void *with, const char *what);   /* reports a part that was skipped */
};
void package_text_read(enum package_text_kind kind, struct bytes text,
                       const struct package_text_sink *sink);

#endif
