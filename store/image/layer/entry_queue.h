/* SPDX-License-Identifier: MIT
 *
 * What the readers of layers hand to the one thread that writes: entries in batches, through a
 * bounded queue.
 *
 * A reader, on a worker thread:
 *     struct feed feed = {.queue = queue, .task = 3};
 *     struct feed_entry *entry = feed_entry(&feed);    // zeroed; strings and lists from feed_arena
 *     entry->path = arena_copy(feed_arena(&feed), path);
 *     feed_problem(&feed, path, "its owner is out of range");
 *     if (!feed_pass(&feed)) return false;             // after each entry; false: nobody wants
 * more feed_end(&feed, ok, &err);                       // once, whatever happened The writer:
 *     while ((batch = feed_pop(queue, wait))) { use(batch); feed_batch_destroy(batch); }
 *
 * Everything in a batch belongs to it and goes with it.
 */
#ifndef XSMALL_IMAGE_LAYER_ENTRY_QUEUE_H
#define XSMALL_IMAGE_LAYER_ENTRY_QUEUE_H

#include "image/tree/tree.h"
#include "util/arena.h"
#include "util/err.h"

/* As table entry's column kind. */
enum entry_kind {
    ENTRY_DIR,
    ENTRY_FILE,
    ENTRY_LINK,
    ENTRY_CHAR,
    ENTRY_BLOCK,
    ENTRY_FIFO,
    ENTRY_SOCKET,
    ENTRY_HARDLINK,
    ENTRY_WHITEOUT,
    ENTRY_OPAQUE
};

struct feed_xattr {
    struct bytes name, value;
};

struct feed_entry {
    struct bytes path; /* canonical; of a whiteout, the path that it takes away */
    struct bytes link; /* symlink: target's bytes; hardlink: the peer's canonical path */
    enum entry_kind kind;
    uint32_t mode, uid, gid;
    int64_t size, mtime_s;
    uint32_t mtime_ns;
    int64_t device; /* char, block: major << 32 | minor */
    int64_t offset; /* of the content in the uncompressed layer; -1: there is no such place */
    bool has_hash;
    uint8_t hash[16];
    struct feed_xattr *xattrs; /* sorted by name, no name twice */
    size_t n_xattrs;
    uint8_t xattrs_hash[16];
    struct need *needs;
    size_t n_needs;
    struct bytes packages; /* text of a package manager's file, one zstd frame; n 0: it is none */
};

struct feed_problem {
    struct bytes where;
    struct bytes what;
};

struct feed_batch {
    size_t task;                /* which reader it comes from */
    struct feed_entry *entries; /* owned */
    size_t n;
    struct feed_problem *problems; /* owned */
    size_t n_problems, cap_problems;
    struct arena arena;
    size_t bytes; /* of what entries refer to, about */
    bool last;    /* the reader is done; */
    bool failed;  /* then err says why, */
    struct err err;
    struct feed_batch *next; /* in the queue */
};

struct feed_queue;
struct feed_queue *feed_queue_create(void);
void feed_queue_destroy(struct feed_queue *queue); /* with the batches in it; NULL is allowed */
/* Nobody wants more: readers' feed_pass returns false from here on. */
void feed_stop(struct feed_queue *queue);

struct feed {
    struct feed_queue *queue; /* borrowed */
    size_t task;
    struct feed_batch *batch; /* owned; NULL at first */
};

/* A fresh entry at the end of the batch; valid until feed_pass. */
struct feed_entry *feed_entry(struct feed *feed);
struct arena *feed_arena(struct feed *feed);
/* Takes the last entry back. */
void feed_undo(struct feed *feed);
/* where and what are copied. */
void feed_problem(struct feed *feed, struct bytes where, struct bytes what);
/* Hands the batch on if it is full; waits while the queue is. */
bool feed_pass(struct feed *feed);
/* Hands on what is left, marked as the last of its reader. err is copied where !ok. */
void feed_end(struct feed *feed, bool ok, const struct err *err);

enum feed_wait { FEED_SOON, FEED_WAIT };
/* The next batch, yours; NULL: with FEED_SOON there was none for a millisecond; with FEED_WAIT it
 * waits until there is one (never NULL). */
struct feed_batch *feed_pop(struct feed_queue *queue, enum feed_wait wait);
void feed_batch_destroy(struct feed_batch *batch); /* NULL is allowed */

#endif
