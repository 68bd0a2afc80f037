/* SPDX-License-Identifier: MIT
 *
 * The coverage matrix: which run of the evidence uses which file, and which files each further run
 * adds.
 *
 * A file is the node of the subject image to which a successful access resolves, symbolic links
 * followed; directories are excluded. If there is no subject image, a file is the path as the
 * program passed it. Check runs are not counted.
 *
 *     struct coverage coverage = {0};
 *     if (!coverage_read(session, &coverage, err)) …
 *     coverage.runs[1].added.n_files: files that the second run uses and the first does not
 *     if (coverage_uses(&coverage, file, run)) …
 *     coverage_finish(&coverage);
 */
#ifndef XSMALL_REPORT_COVERAGE_H
#define XSMALL_REPORT_COVERAGE_H

#include "session/session.h"

struct coverage_sum {
    uint64_t n_files;
    int64_t bytes; /* contents of regular files, a hard-link group once; 0 if there is no subject
                      image */
};

struct coverage_run {
    struct bytes name; /* in the arena */
    int64_t id;        /* id in the table run */
    struct coverage_sum used;
    struct coverage_sum only;  /* files that no other run uses */
    struct coverage_sum added; /* files that no earlier run uses */
};

struct coverage_file {
    struct bytes path;  /* in the arena */
    uint32_t node;      /* in the subject image; NODE_NONE if there is no subject image */
    uint32_t n_runs;    /* number of runs that use the file */
    uint32_t first_run; /* first run that uses the file; index in runs */
};

struct coverage {
    struct coverage_run *runs; /* owned; in load order */
    size_t n_runs;
    struct coverage_file *files; /* owned; the files that any run uses, in C order of their paths */
    size_t n_files;
    uint64_t *uses; /* owned; one bit per run, words_per_file words per file */
    size_t words_per_file;
    struct coverage_sum all, any; /* files used by every run; by any run */
    struct arena arena;
};

/* Reads the coverage. If there is a subject image, call session_settle first. *out must be all
 * zero; the caller owns it: coverage_finish. */
bool coverage_read(struct session *session, struct coverage *out, struct err *err);
bool coverage_uses(const struct coverage *coverage, size_t file, size_t run);

/* The files to copy, by the number of runs that use them. session must be settled. If there is no
 * subject image, all sums are zero. */
struct coverage_kept {
    struct coverage_sum all, some, none; /* used by every run; by some runs; by no run */
};
void coverage_of_kept(const struct session *session, const struct coverage *coverage,
                      struct coverage_kept *out);
/* Appends one sentence that reports the kept files that all runs, some runs and no run use. */
void coverage_say_kept(const struct coverage_kept *kept, size_t n_runs, struct buf *out);
void coverage_finish(struct coverage *coverage);

#endif
