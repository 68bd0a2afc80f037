/* SPDX-License-Identifier: MIT
 *
 * A bounded queue of batches of entries, from the readers of layers to the one thread that writes.
 *
 * The reader runs on a worker thread. It stores the strings and lists of an entry in
 * entry_feed_arena():
 *
 *     struct entry_feed feed = {.queue = queue, .task = 3};
 *     struct entry *entry = entry_feed_add(&feed);
 *     entry->path = arena_copy(entry_feed_arena(&feed), path);
 *     entry_feed_problem(&feed, path, "its owner is out of range");
 *     if (!entry_feed_pass(&feed)) // after each entry; false: the writer stopped
 *         return false;
 *     entry_feed_end(&feed, ok, &err); // once, also on failure
 *
 * The writer runs on the loading thread:
 *
 *     while ((batch = entry_queue_pop(queue, wait))) {
 *         use(batch);
 *         entry_batch_destroy(batch);
 *     }
 *
 * A batch owns all its data.
 */
#ifndef XSMALL_IMAGE_LAYER_ENTRY_QUEUE_H
#define XSMALL_IMAGE_LAYER_ENTRY_QUEUE_H

#include "image/tree/tree.h"
#include "util/arena.h"
#include "util/err.h"

/* The values of column kind of table entry. */
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

enum { ENTRY_SPARSE = -2 }; /* see offset of struct entry */

struct entry_xattr {
    struct bytes name, value;
};

struct entry {
    struct bytes path; /* canonical; for a whiteout, the path that it removes */
    struct bytes link; /* symlink: the target; hard link: the peer's canonical path */
    enum entry_kind kind;
    uint32_t mode, uid, gid;
    int64_t size, mtime_s;
    uint32_t mtime_ns;
    int64_t device; /* char, block: major << 32 | minor */
    int64_t offset; /* of the content in the uncompressed layer; -1: unknown; less: of a sparse
                       file, ENTRY_SPARSE minus the position of its first header */
    bool has_hash;
    uint8_t hash[16];
    struct entry_xattr *xattrs; /* sorted by name, no name twice */
    size_t n_xattrs;
    uint8_t xattrs_hash[16];
    struct need *needs;
    size_t n_needs;
    struct bytes packages; /* text of a package manager's file, one zstd frame; else n is 0 */
};

struct entry_problem {
    struct bytes where;
    struct bytes what;
};

struct entry_batch {
    size_t task;           /* index of the task that the reader decodes */
    struct entry *entries; /* owned */
    size_t n;
    struct entry_problem *problems; /* owned */
    size_t n_problems, cap_problems;
    struct arena arena;
    size_t bytes; /* approximate bytes that the entries refer to */
    bool last;    /* the reader has finished */
    bool failed;  /* err has the reason */
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
    bool is_rootfs;            /* the tar is a root file system, not a layer of an image */
    struct entry_batch *batch; /* owned; NULL at first */
};

/* Adds an entry to the batch. It is all zero, except offset, which is -1. Valid until
 * entry_feed_pass. */
struct entry *entry_feed_add(struct entry_feed *feed);
struct arena *entry_feed_arena(struct entry_feed *feed);
/* Removes the last entry. */
void entry_feed_remove_last(struct entry_feed *feed);
/* Adds a problem to the batch. where and what are copied. */
void entry_feed_problem(struct entry_feed *feed, struct bytes where, struct bytes what);
/* Puts the batch into the queue if the batch is full; waits while the queue is full. */
bool entry_feed_pass(struct entry_feed *feed);
/* Puts the remaining entries into the queue, in a batch that is marked as the reader's last. If
 * !ok, copies err. */
void entry_feed_end(struct entry_feed *feed, bool ok, const struct err *err);

enum entry_queue_wait { ENTRY_QUEUE_POLL, ENTRY_QUEUE_WAIT };
/* Returns the next batch; the caller owns it. ENTRY_QUEUE_POLL returns NULL if no batch arrives
 * within one millisecond. ENTRY_QUEUE_WAIT waits for a batch and never returns NULL. */
struct entry_batch *entry_queue_pop(struct entry_queue *queue, enum entry_queue_wait wait);
void entry_batch_destroy(struct entry_batch *batch); /* NULL is allowed */

#endif
