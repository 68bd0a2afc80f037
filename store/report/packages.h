/* SPDX-License-Identifier: MIT
 *
 * The packages of the subject image in numbers: for each package the installed files, the files
 * that the trace used, and the kept files.
 *
 *     struct packages packages = {0};
 *     if (!packages_read(session, &packages, err)) …
 *     packages.all[0].sums[PACKAGES_KEPT].bytes
 *     packages_finish(&packages);
 */
#ifndef XSMALL_REPORT_PACKAGES_H
#define XSMALL_REPORT_PACKAGES_H

#include "session/session.h"

/* Number of files without directories; bytes of regular files, a hard-link group once in each
 * sum. */
struct packages_sum {
    uint32_t n_files;
    int64_t bytes;
};

enum packages_part {
    PACKAGES_INSTALLED,
    PACKAGES_USED, /* an access of a surviving line resolves to the file */
    PACKAGES_KEPT, /* copied to the slim image */
    N_PACKAGES_PARTS
};

struct package {
    struct bytes manager, name, version,
        arch; /* in the arena; version and arch have n 0 if unknown */
    struct packages_sum sums[N_PACKAGES_PARTS];
    size_t first, n_nodes; /* range in packages.nodes */
};

struct packages {
    struct package *all; /* owned; in the order of the table package */
    size_t n;
    uint32_t
        *nodes; /* owned; files without directories, grouped by package, in the order of the tree */
    struct packages_sum sums[N_PACKAGES_PARTS]; /* sums over all packages */
    struct arena arena;
};

/* Reads the packages. n is 0 if there is no subject image or it has no packages. Before
 * session_settle, no file counts as used or kept. *out must be all zero. */
bool packages_read(struct session *session, struct packages *out, struct err *err);
/* Computes the sums again from the current state of session. */
void packages_count(struct packages *packages, const struct session *session);
void packages_finish(struct packages *packages);

/* Returns the indices of all packages, sorted by the bytes of part, largest first, then by name;
 * N_PACKAGES_PARTS sorts by name only. The caller frees the array. */
uint32_t *packages_order(const struct packages *packages, enum packages_part part);

#endif
