/* SPDX-License-Identifier: MIT
 *
 * Scans the content of one file while it is streamed: computes its hash, finds the needs of an ELF
 * file or a script, and stores the text of a package manager's file.
 *
 *     content_scan_begin(&content, size, place, path);
 *     while (…) content_scan_add(&content, chunk);
 *     content_scan_end(&content, feed, entry);      // fills hash and needs
 *     …
 *     content_scan_finish(&content);                // once, after the last file
 */
#ifndef XSMALL_IMAGE_LAYER_CONTENT_SCAN_H
#define XSMALL_IMAGE_LAYER_CONTENT_SCAN_H

#include "image/layer/entry_queue.h"
#include "image/content/package_text.h"

/* The position at which the same bytes can be read again with pread; fd is -1 if they cannot be
 * read again. */
struct content_scan_place {
    int fd; /* borrowed */
    uint64_t offset;
};

struct content_scan {
    struct XXH3_state_s *hash; /* owned; created by the first content_scan_begin */
    struct content_scan_place place;
    uint64_t size, n; /* total bytes; bytes received so far */
    struct buf head; /* the first bytes, until the kind is known; the first line of a script; all of
                        a configuration, a package manager's file or a small ELF file */
    bool is_config;  /* a configuration of a loader (ld_so_conf.h) */
    enum package_text_kind package_file;
    struct ZSTD_CCtx_s *zstd; /* owned; for package files; created at the first such file */
    enum content_kind {
        CONTENT_NEW,
        CONTENT_PLAIN,
        CONTENT_SCRIPT,
        CONTENT_CONFIG,
        CONTENT_PACKAGES,
        CONTENT_ELF
    } kind;
    int spool; /* owned; temporary file for big ELF files that cannot be read again; reused for each
                  file; -1: not created yet */
    bool spooled, spool_failed; /* spool has the current file; spool could not be written */
    struct err spool_err;
};

/* Begins a file. size is the total of all chunks that follow. path is canonical; it decides if the
 * file is parsed as a configuration or a package manager's file. A new struct content_scan must be
 * all zero. */
void content_scan_begin(struct content_scan *content, uint64_t size,
                        struct content_scan_place place, struct bytes path);
void content_scan_add(struct content_scan *content, struct bytes chunk);
/* Adds n zero bytes: a hole of a sparse file. */
void content_scan_add_hole(struct content_scan *content, uint64_t n);
/* Sets the hash, the dependencies and the package text of entry, in the memory of feed's arena. */
void content_scan_end(struct content_scan *content, struct entry_feed *feed, struct entry *entry);
void content_scan_finish(struct content_scan *content);

#endif
