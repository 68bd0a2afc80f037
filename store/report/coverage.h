/* SPDX-License-Identifier: MIT
 *
 * The coverage matrix: which run of the evidence uses which file, and what each further run adds.
 *
 * A file is where a successful access ends in the subject, its links followed, and is no directory;
 * without a subject, the path as asked for. Check runs are not counted.
 *
 *     struct coverage coverage = {0};
 *     if (!coverage_read(session, &coverage, err)) …
 *     coverage.runs[1].added.n_files: what the second run uses and the first does not
 *     if (coverage_uses(&coverage, file, run)) …
 *     coverage_finish(&coverage);
 */
#ifndef XSMALL_REPORT_COVERAGE_H
#define XSMALL_REPORT_COVERAGE_H

#include "session/session.h"

struct coverage_sum {
    uint64_t n_files;
    int64_t bytes; /* contents of regular files, a hard-link group once; 0 without a subject */
};

struct coverage_run {
    struct bytes name; /* in the arena */
    int64_t id;        /* of table run */
    struct coverage_sum used;
    struct coverage_sum only;  /* used by no other run */
    struct coverage_sum added; /* used by no run before this one */
};

struct coverage_file {
    struct bytes path;  /* in the arena */
    uint32_t node;      /* of the subject; NODE_NONE without one */
    uint32_t n_runs;    /* that use it */
    uint32_t first_run; /* of those, an index in runs */
};

struct coverage {
    struct coverage_run *runs; /* owned; in load order */
    size_t n_runs;
    struct coverage_file *files; /* owned; those that any run uses, in C order of their paths */
    size_t n_files;
    uint64_t *uses; /* owned; a bit a run, words_per_file words a file */
    size_t words_per_file;
    struct coverage_sum all, any; /* used by every run; by any */
    struct arena arena;
};

/* session is settled where it has a subject. *out is all zero before, and owns its parts behind. */
bool coverage_read(struct session *session, struct coverage *out, struct err *err);
bool coverage_uses(const struct coverage *coverage, size_t file, size_t run);

/* The files to copy, by how many runs use them; session is settled. Without a subject all is zero.
 */
struct coverage_kept {
    struct coverage_sum all, some, none; /* used by every run; not by every one; by none */
};
void coverage_of_kept(const struct session *session, const struct coverage *coverage,
                      struct coverage_kept *out);
/* "of the files kept 1 (20 bytes) by all runs, 1 (10 bytes) by some, 4 (13 bytes) by none";
 * appended. */
void coverage_say_kept(const struct coverage_kept *kept, size_t n_runs, struct buf *out);
void coverage_finish(struct coverage *coverage);

#endif
