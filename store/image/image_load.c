/* SPDX-License-Identifier: MIT
 *
 * Loads one image into the session. Workers read the layers that the session lacks and feed a
 * queue. This thread writes the entries from the queue and merges the layers; loading_finish then
 * makes the rows visible.
 *
 * While the queue is empty, no transaction is open, so that edits do not wait for a decoder.
 */
#include "image/image.h"

#include <stdlib.h>
#include <string.h>

#include "db/loading.h"
#include "image/format/digest.h"
#include "image/format/image_format.h"
#include "image/layer/layer_rows.h"
#include "image/source/platform.h"
#include "image/source/source_kind.h"
#include "image/merge/layer_merge.h"
#include "image/layer_workers.h"
#include "image/image_rows.h"

/* A layer of the image. Equal layers share one struct layer_rows. */
struct load_layer {
    int64_t id;
    struct layer_rows *facts; /* borrowed from facts of struct image_load */
};

struct image_load {
    struct db *db;
    const struct image_request *request;
    const struct image_source *source;
    const struct manifest *manifest;
    struct progress *progress;
    struct path_ids paths;
    struct load_layer *layers; /* owned; one per layer of the manifest */
    struct layer_rows *facts;  /* owned; one per different layer */
    bool *is_new;              /* owned; same indexes as facts; true: the layer is read now */
    size_t n_facts;
    struct layer_task *tasks; /* owned */
    size_t *task_layers;      /* owned; index in layers of each task */
    size_t n_tasks;
};

static void load_finish(struct image_load *load)
{
    for (size_t i = 0; i < load->n_facts; i++)
        layer_rows_finish(&load->facts[i]);
    free(load->facts);
    free(load->is_new);
    free(load->layers);
    free(load->tasks);
    free(load->task_layers);
    path_ids_finish(&load->paths);
}
#define LOAD_AUTO __attribute__((cleanup(load_finish)))

static bool is_rootfs(const struct image_load *load)
{
    return !load->manifest->identity;
}

/* Makes a temporary name for the layer of a rootfs from the load, because its id is computed from
 * its entries. */
static void make_name(const struct image_load *load, struct buf *out)
{
    buf_printf(out, "load:%lld:%s", (long long)load->request->load, load->request->role);
}

static struct layer_rows *layer_rows_of(struct image_load *load, int64_t layer)
{
    for (size_t i = 0; i < load->n_facts; i++)
        if (load->facts[i].layer == layer)
            return &load->facts[i];
    return NULL;
}

/* Finds the layer in the session. If the session does not have it, adds the layer and a task that
 * reads it. */
static bool plan_layer(struct image_load *load, size_t at, struct err *err)
{
    const struct manifest_layer *from = &load->manifest->layers[at];
    struct load_layer *layer = &load->layers[at];
    BUF_AUTO struct buf name = {0};
    if (from->diff_id)
        buf_add(&name, bytes_of(from->diff_id));
    else
        make_name(load, &name);
    enum lookup found =
        image_rows_find_layer(load->db, name.p, load->request->load, &layer->id, err);
    if (found == LOOKUP_ERR)
        return false;
    layer->facts = found == LOOKUP_FOUND ? layer_rows_of(load, layer->id) : NULL;
    if (layer->facts)
        return true;
    size_t place = load->n_facts++;
    load->is_new[place] = found == LOOKUP_ABSENT;
    if (found == LOOKUP_ABSENT) {
        if (!image_rows_add_layer(load->db, name.p, load->request->load, &layer->id, err))
            return false;
        load->task_layers[load->n_tasks] = at;
        load->tasks[load->n_tasks++].extent = &from->extent;
        atomic_fetch_add(&load->progress->total_bytes, from->extent.size);
    }
    layer->facts = &load->facts[place];
    layer_rows_begin(layer->facts, &load->paths, load->request->load, layer->id);
    layer->facts->keep_digests = is_rootfs(load);
    return true;
}

static bool plan(struct image_load *load, struct err *err)
{
    size_t n = load->manifest->n;
    load->layers = mem_zero(n, sizeof *load->layers);
    load->facts = mem_zero(n, sizeof *load->facts);
    load->is_new = mem_zero(n, sizeof *load->is_new);
    load->tasks = mem_zero(n, sizeof *load->tasks);
    load->task_layers = mem_zero(n, sizeof *load->task_layers);
    for (size_t i = 0; i < n; i++)
        if (!plan_layer(load, i, err))
            return false;
    return true;
}

static bool write_batch(struct image_load *load, const struct entry_batch *batch, struct err *err)
{
    struct layer_rows *facts = load->layers[load->task_layers[batch->task]].facts;
    for (size_t i = 0; i < batch->n; i++)
        if (!layer_rows_add(facts, &batch->entries[i], err))
            return false;
    if (!layer_rows_write(facts, err))
        return false;
    for (size_t i = 0; i < batch->n_problems; i++)
        if (!loading_problem(load->db, load->request->load, batch->problems[i].where,
                             batch->problems[i].what.p, err))
            return false;
    atomic_fetch_add(&load->progress->n_entries, (uint32_t)batch->n);
    return !batch->last || layer_rows_end(facts, err);
}

/* Sets err, with the names of the archive and the layer. Returns false. */
static bool fail_layer(const struct image_load *load, const struct entry_batch *batch,
                       struct err *err)
{
    size_t at = load->task_layers[batch->task];
    err_copy(err, &batch->err);
    if (is_rootfs(load))
        return err_wrap(err, "%s", load->source->path);
    const struct manifest_layer *layer = &load->manifest->layers[at];
    if (layer->media_type && !strstr(layer->media_type, "tar"))
        err_wrap(err, "media type %s", layer->media_type);
    return err_wrap(err, "%s: layer %zu (%s)", load->source->path, at + 1, layer->diff_id);
}

/* Waits for the next batch. Commits the transaction if the wait is longer than a slice. */
static struct entry_batch *next_batch(struct image_load *load, struct entry_queue *queue,
                                      struct err *err)
{
    struct entry_batch *batch;
    do {
        if ((batch = entry_queue_pop(queue, ENTRY_QUEUE_POLL)))
            return batch;
    } while (!db_slice_is_over(load->db));
    if (!db_commit(load->db, err))
        return NULL;
    batch = entry_queue_pop(queue, ENTRY_QUEUE_WAIT);
    if (db_begin(load->db, err))
        return batch;
    entry_batch_destroy(batch);
    return NULL;
}

static bool write_batches(struct image_load *load, struct entry_queue *queue, struct err *err)
{
    bool ok = true;
    for (size_t n_done = 0; ok && n_done < load->n_tasks;) {
        struct entry_batch *batch = next_batch(load, queue, err);
        if (!batch)
            return false;
        if (atomic_load(&load->progress->cancel))
            ok = err_cancelled(err);
        else if (batch->failed)
            ok = fail_layer(load, batch, err);
        else
            ok = write_batch(load, batch, err) && db_slice(load->db, err);
        n_done += batch->last;
        entry_batch_destroy(batch);
    }
    return ok;
}

static bool read_layers(struct image_load *load, struct err *err)
{
    load->progress->phase = PROGRESS_LAYERS;
    struct layer_workers *workers =
        layer_workers_start(load->source, load->tasks, load->n_tasks, load->progress);
    bool ok = write_batches(load, layer_workers_queue(workers), err);
    layer_workers_finish(workers);
    for (size_t i = 0; ok && i < load->n_facts; i++)
        if (!load->is_new[i])
            ok = layer_rows_read(&load->facts[i], err);
    return ok;
}

static bool merge_layers(struct image_load *load, int64_t image, struct err *err)
{
    size_t n = load->manifest->n;
    load->progress->phase = PROGRESS_MERGE;
    MEM_AUTO struct layer_merge_input *layers = mem_zero(n, sizeof *layers);
    for (size_t i = 0; i < n; i++)
        layers[i].facts = load->layers[i].facts;
    struct layer_merge merge = {load->db, &load->paths,  image, load->request->load, layers,
                                n,        load->progress};
    if (!layer_merge_write(&merge, err))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!image_rows_set_dead(load->db, image, i + 1, layers[i].dead_bytes, err))
            return false;
    return true;
}

static bool refuse_other(const struct image_row *current, const struct image_source *source,
                         struct err *err)
{
    return err_set(err,
                   "%s: the session has the subject image %s; add --replace to replace "
                   "it",
                   source->path, current->source);
}

/* Sets the diff_id of the layer of a rootfs; if the session has the same layer, uses that one. */
static bool name_rootfs(struct image_load *load, struct buf *identity, struct err *err)
{
    struct load_layer *layer = &load->layers[0];
    int64_t same;
    layer_rows_identity(layer->facts, identity);
    enum lookup found =
        image_rows_find_layer(load->db, identity->p, load->request->load, &same, err);
    if (found == LOOKUP_ERR)
        return false;
    if (found == LOOKUP_ABSENT)
        return image_rows_name_layer(load->db, layer->id, identity->p, err);
    if (!image_rows_orphan_layer(load->db, layer->id, err))
        return false;
    layer->id = layer->facts->layer = same;
    return true;
}

/* Adds a problem of the root directory if the image is for Windows. The layers of a Windows image
 * have their files below /Files, and no builder of Linux images makes such layers. */
static bool note_platform(const struct image_load *load, struct err *err)
{
    BUF_AUTO struct buf platform = {0};
    BUF_AUTO struct buf what = {0};
    platform_of(load->db, buf_bytes(&load->manifest->config), &platform);
    if (!bytes_starts(buf_bytes(&platform), bytes_of("windows/")))
        return true;
    buf_printf(&what,
               "an image for %s: the exported files build a Linux image, which does not run there",
               platform.p);
    return loading_problem(load->db, load->request->load, bytes_of(""), what.p, err);
}

/* Writes the rows of the image. A transaction must be open; on success another transaction is open
 * at the end. */
static bool load_rows(struct image_load *load, const struct image_row *current, bool *was_there,
                      struct err *err)
{
    BUF_AUTO struct buf identity = {0};
    int64_t image;
    if (!plan(load, err) || !read_layers(load, err))
        return false;
    if (is_rootfs(load)) {
        if (!name_rootfs(load, &identity, err))
            return false;
        if (current->id && !strcmp(current->identity, identity.p)) {
            *was_there = true;
            return image_rows_move(load->db, current->id, load->source, load->manifest, err);
        }
        if (current->id && !load->request->replace)
            return refuse_other(current, load->source, err);
    } else {
        buf_add(&identity, bytes_of(load->manifest->identity));
    }
    MEM_AUTO int64_t *ids = mem_array(NULL, load->manifest->n, sizeof *ids);
    for (size_t i = 0; i < load->manifest->n; i++)
        ids[i] = load->layers[i].id;
    return image_rows_add_image(load->db, load->request, load->source, load->manifest, identity.p,
                                &image, err) &&
           image_rows_add_layers(load->db, image, load->source, load->manifest, ids, err) &&
           note_platform(load, err) && merge_layers(load, image, err);
}

/* Keeps the image that the session has; updates its location if that has changed. */
static bool keep_current(struct db *db, const struct image_row *current,
                         const struct image_source *source, const struct manifest *manifest,
                         struct err *err)
{
    if (image_rows_is_at(current, source, manifest->kind))
        return true;
    if (!db_begin(db, err))
        return false;
    if (!image_rows_move(db, current->id, source, manifest, err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}

static bool is_same(const struct image_row *current, const struct image_source *source,
                    const struct manifest *manifest)
{
    if (!current->id)
        return false;
    if (manifest->identity)
        return strcmp(current->identity, manifest->identity) == 0;
    /* An equal modification time identifies the same file; data from a pipe has no modification
     * time. */
    return source->mtime_ns && image_rows_is_at(current, source, manifest->kind);
}

/* Makes the reference to open. For a registry's image the platform is a part of the reference, so
 * that the session can fetch the same image again. */
static void open_as(const struct image_request *request, struct buf *out)
{
    buf_add(out, bytes_of(request->ref));
    if (request->choice.platform && source_takes_platform(request->ref))
        buf_printf(out, " %s", request->choice.platform);
}

bool image_load(struct db *db, const struct image_request *request, struct progress *progress,
                bool *was_there, struct err *err)
{
    BUF_AUTO struct buf ref = {0};
    IMAGE_ROW_AUTO struct image_row current = {0};
    SOURCE_AUTO struct image_source source = SOURCE_NONE;
    MANIFEST_AUTO struct manifest manifest = {0};
    *was_there = false;
    open_as(request, &ref);
    if (image_rows_find_image(db, request->role, &current, err) == LOOKUP_ERR ||
        !image_source_open(&source, ref.p, image_format_sign, progress, err) ||
        !manifest_read(&manifest, db, &source, request->choice, err))
        return false;
    if (request->verify && !digest_verify(&source, &manifest, progress, err))
        return false;
    if (is_same(&current, &source, &manifest)) {
        *was_there = true;
        return keep_current(db, &current, &source, &manifest, err);
    }
    if (current.id && manifest.identity && !request->replace)
        return refuse_other(&current, &source, err);
    LOAD_AUTO struct image_load load = {.db = db,
                                        .request = request,
                                        .source = &source,
                                        .manifest = &manifest,
                                        .progress = progress,
                                        .paths = path_ids_of(db)};
    /* A load that was killed can have left incomplete layers that this load must read. */
    if (!loading_clean(db, err) || !db_begin(db, err))
        return false;
    if (!load_rows(&load, &current, was_there, err)) {
        db_rollback(db);
        return false;
    }
    return db_commit(db, err);
}
