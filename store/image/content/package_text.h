/* SPDX-License-Identifier: MIT
 *
 * The files in which dpkg, apk and Python's installers note what they installed, as text: packages,
 * and the paths of each as they are written there. Nothing here knows an image.
 *
 *     enum package_text_kind kind =
 * package_text_kind_of(bytes_of("var/lib/dpkg/info/libc6:amd64.list")); package_text_read(kind,
 * text, &sink);
 *
 * Formats: dpkg's status(5) paragraphs and one path a line in its lists; apk-tools' database(5);
 * Recording installed projects (packaging.python.org), core metadata. rpm's database is binary, and
 * not read.
 */
#ifndef XSMALL_IMAGE_CONTENT_PACKAGE_TEXT_H
#define XSMALL_IMAGE_CONTENT_PACKAGE_TEXT_H

#include "util/bytes.h"

enum {
    PACKAGE_TEXT_MAX = 32 * 1024 * 1024, /* of such a file; a longer one is not read */
    PACKAGE_HEAD_MAX = 64 * 1024,        /* of METADATA: its name and version stand at the top */
    PACKAGE_WORD_MAX = 256,              /* of a name, version, architecture */
    PACKAGE_PATH_MAX = 4095
};

enum package_text_kind {
    PACKAGE_NONE,
    PACKAGE_DPKG_STATUS,     /* var/lib/dpkg/status: paragraphs */
    PACKAGE_DPKG_LIST,       /* var/lib/dpkg/info/NAME[:ARCH].list: paths */
    PACKAGE_DPKG_DIVERSIONS, /* var/lib/dpkg/diversions: three lines each, given out as paths */
    PACKAGE_DPKG_ONE,        /* var/lib/dpkg/status.d/NAME: a paragraph, of images without dpkg */
    PACKAGE_DPKG_SUMS,       /* var/lib/dpkg/status.d/NAME.md5sums: paths of those */
    PACKAGE_APK,             /* [usr/]lib/apk/db/installed: paragraphs with their paths */
    PACKAGE_PYTHON_RECORD,  /* …/{site,dist}-packages/X.dist-info/RECORD: paths from X's parent */
    PACKAGE_PYTHON_METADATA /* …/METADATA: a paragraph */
};

/* What a file is by its canonical path. */
enum package_text_kind package_text_kind_of(struct bytes path);
/* Of a list, of status.d and of a dist-info directory: NAME[:ARCH], NAME, the directory's path. */
struct bytes package_text_stem(enum package_text_kind kind, struct bytes path);

struct package_text_about {
    struct bytes name, version, arch; /* n 0: not said */
    struct bytes state;               /* dpkg: the last word of Status, "installed"; else n 0 */
};

/* All borrowed for the call. Any of them may be NULL. */
struct package_text_sink {
    void *with;
    void (*package)(void *with, const struct package_text_about *about);
    void (*path)(void *with, struct bytes path); /* apk: of the package before it */
    void (*odd)(void *with, const char *what);   /* something that was left out */
};
void package_text_read(enum package_text_kind kind, struct bytes text,
                       const struct package_text_sink *sink);

#endif
