/* SPDX-License-Identifier: MIT
 *
 * What the readers of layers hand to the one thread that writes: entries in batches, through a
 * bounded queue.
 *
 * A reader, on a worker thread; strings and lists of an entry are in entry_feed_arena():
 *
 *     struct entry_feed feed = {.queue = queue, .task = 3};
 *     struct entry *entry = entry_feed_add(&feed);
 *     entry->path = arena_copy(entry_feed_arena(&feed), path);
 *     entry_feed_problem(&feed, path, "its owner is out of range");
 *     if (!entry_feed_pass(&feed)) // after each entry; false: the writer stopped
 *         return false;
 *     entry_feed_end(&feed, ok, &err); // once, also on failure
 *
 * The writer:
 *
 *     while ((batch = entry_queue_pop(queue, wait))) {
 *         use(batch);
 *         entry_batch_destroy(batch);
 *     }
 *
 * Everything in a batch is owned by it.
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

struct entry_xattr {
    struct bytes name, value;
};

struct entry {
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
    struct entry_xattr *xattrs; /* sorted by name, no name twice */
    size_t n_xattrs;
    uint8_t xattrs_hash[16];
    struct need *needs;
    size_t n_needs;
    struct bytes packages; /* text of a package manager's file, one zstd frame; n 0: it is none */
};

struct entry_problem {
    struct bytes where;
    struct bytes what;
};

struct entry_batch {
    size_t task;           /* which reader it comes from */
    struct entry *entries; /* owned */
    size_t n;
    struct entry_problem *problems; /* owned */
    size_t n_problems, cap_problems;
    struct arena arena;
    size_t bytes; /* about the bytes that the entries refer to */
    bool last;    /* the reader is done; */
    bool failed;  /* then err says why, */
    struct err err;
    struct entry_batch *next; /* in the queue */
};

struct entry_queue;
struct entry_queue *entry_queue_create(void);
void entry_queue_destroy(struct entry_queue *queue); /* with the batches in it; NULL is allowed */
/* Stops the readers: entry_feed_pass returns false from now on. */
void entry_queue_stop(struct entry_queue *queue);

struct entry_feed {
    struct entry_queue *queue; /* borrowed */
    size_t task;
    struct entry_batch *batch; /* owned; NULL at first */
};

/* Adds an entry to the batch, all zero but offset -1; valid until entry_feed_pass. */
struct entry *entry_feed_add(struct entry_feed *feed);
struct arena *entry_feed_arena(struct entry_feed *feed);
/* Removes the last entry. */
void entry_feed_remove_last(struct entry_feed *feed);
/* where and what are copied. */
void entry_feed_problem(struct entry_feed *feed, struct bytes where, struct bytes what);
/* Hands the batch on if it is full; waits while the queue is. */
bool entry_feed_pass(struct entry_feed *feed);
/* Hands on what is left, marked as the last of its reader. err is copied where !ok. */
void entry_feed_end(struct entry_feed *feed, bool ok, const struct err *err);

enum entry_queue_wait { ENTRY_QUEUE_POLL, ENTRY_QUEUE_WAIT };
/* The next batch, yours; NULL: with ENTRY_QUEUE_POLL there was none for a millisecond; with
 * ENTRY_QUEUE_WAIT it waits until there is one (never NULL). */
struct entry_batch *entry_queue_pop(struct entry_queue *queue, enum entry_queue_wait wait);
void entry_batch_destroy(struct entry_batch *batch); /* NULL is allowed */

#endif
