/* SPDX-License-Identifier: MIT
 *
 * The packages of the subject in numbers: what each has installed, what of it the trace used, what
 * is kept.
 *
 *     struct packages packages = {0};
 *     if (!packages_read(session, &packages, err)) …
 *     packages.all[0].sums[PACKAGES_KEPT].bytes
 *     packages_finish(&packages);
 */
#ifndef XSMALL_REPORT_PACKAGES_H
#define XSMALL_REPORT_PACKAGES_H

#include "session/session.h"

/* Non-directories; bytes of regular files, a hard-link group once in each sum. */
struct packages_sum {
    uint32_t n_files;
    int64_t bytes;
};

enum packages_part {
    PACKAGES_INSTALLED,
    PACKAGES_USED, /* a surviving access ends there */
    PACKAGES_KEPT, /* to copy */
    N_PACKAGES_PARTS
};

struct package {
    struct bytes manager, name, version, arch; /* in the arena; version, arch: n 0 if not said */
    struct packages_sum sums[N_PACKAGES_PARTS];
    size_t first, n_nodes; /* in packages.nodes */
};

struct packages {
    struct package *all; /* owned; by table package's number */
    size_t n;
    uint32_t *nodes; /* owned; non-directories, package by package, each in the tree's order */
    struct packages_sum sums[N_PACKAGES_PARTS]; /* of all packages */
    struct arena arena;
};

/* Without a subject, or where it has no packages, n is 0. Before session is settled nothing is used
 * or kept. *out is all zero before. */
bool packages_read(struct session *session, struct packages *out, struct err *err);
/* The sums anew, of session as it is. */
void packages_count(struct packages *packages, const struct session *session);
void packages_finish(struct packages *packages);

/* Indices of all packages, yours: those with the most bytes in that part first, then by name; with
 * N_PACKAGES_PARTS by name alone. */
uint32_t *packages_order(const struct packages *packages, enum packages_part part);

#endif
