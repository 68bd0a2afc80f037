/* SPDX-License-Identifier: MIT
 * A hostile layer, in any codec: no input may crash the reader, and its entries are in canonical
 * form: no path that leaves the image, no kind or owner out of range. */
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "image/layer/layer.h"
#include "util/path.h"

static void need(bool ok)
{
    if (!ok)
        abort();
}

static void check_entry(const struct entry *entry)
{
    BUF_AUTO struct buf path = {0};
    need(path_member(entry->path, &path) && bytes_equal(buf_bytes(&path), entry->path));
    need(entry->kind <= ENTRY_OPAQUE && entry->mode <= 07777 && entry->size >= 0);
    need(entry->mtime_ns < 1000000000);
    need(entry->kind != ENTRY_FILE || entry->has_hash);
    need(entry->kind != ENTRY_LINK || entry->link.n);
}

/* Accepts entries until the reader has finished, as the writer does. */
static void *drain(void *with)
{
    for (bool last = false; !last;) {
        struct entry_batch *batch = entry_queue_pop(with, ENTRY_QUEUE_WAIT);
        for (size_t i = 0; i < batch->n; i++) /* of a failed one the last entry may be half made */
            if (!batch->failed)
                check_entry(&batch->entries[i]);
        last = batch->last;
        entry_batch_destroy(batch);
    }
    return NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    pthread_t thread;
    struct err err = {0};
    int fd = memfd_create("layer", MFD_CLOEXEC);
    need(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    struct entry_feed feed = {.queue = entry_queue_create()};
    need(pthread_create(&thread, NULL, drain, feed.queue) == 0);
    bool ok = layer_read(fd, 0, size, &feed, NULL, &err);
    need(ok || err.kind != ERR_NONE);
    entry_feed_end(&feed, ok, &err);
    pthread_join(thread, NULL);
    entry_queue_destroy(feed.queue);
    close(fd);
    return 0;
}
