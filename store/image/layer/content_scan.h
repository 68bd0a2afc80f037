/* SPDX-License-Identifier: MIT
 *
 * The content of one file while it streams by: its hash, what it needs if it is an ELF file or a
 * script, and its text if a package manager keeps its notes in it.
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

/* Where the same bytes can be read again with pread; fd -1: nowhere. */
struct content_scan_place {
    int fd; /* borrowed */
    uint64_t offset;
};

struct content_scan {
    struct XXH3_state_s *hash; /* owned; made at the first begin */
    struct content_scan_place place;
    uint64_t size, n; /* to come in all; come so far */
    struct buf head;  /* the first bytes, until the kind is known; of a script its line; of a
                         configuration, of a package manager's notes and
                         of a small ELF file all of it */
    bool is_config;   /* of a loader (ld_so_conf.h) */
    enum package_text_kind package_file;
    struct ZSTD_CCtx_s *zstd; /* owned; for package files; made at the first one */
    enum content_kind {
        CONTENT_NEW,
        CONTENT_PLAIN,
        CONTENT_SCRIPT,
        CONTENT_CONFIG,
        CONTENT_PACKAGES,
        CONTENT_ELF
    } kind;
    int spool;                  /* a temporary file for big ELF files that have no place, one after
                                   the other; -1: none yet */
    bool spooled, spool_failed; /* this file is in it; it could not be written */
    struct err spool_err;
};

/* size is what content_scan_add will be given in all; path is canonical, and tells which files are
 * read as a configuration. A fresh content is all zero. */
void content_scan_begin(struct content_scan *content, uint64_t size,
                        struct content_scan_place place, struct bytes path);
void content_scan_add(struct content_scan *content, struct bytes chunk);
/* n zero bytes: a hole of a sparse file. */
void content_scan_add_hole(struct content_scan *content, uint64_t n);
/* Fills entry's hash, needs and package text; memory from the feed's arena. */
void content_scan_end(struct content_scan *content, struct entry_feed *feed, struct entry *entry);
void content_scan_finish(struct content_scan *content);

#endif
