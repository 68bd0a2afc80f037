/* SPDX-License-Identifier: MIT
 *
 * manifest.json is asked first: archives of docker 25 and later have both, and their index.json may
 * be empty or name only a part (moby#47065, #47210).
 */
#include "image/manifest_private.h"

#include <stdlib.h>
#include <string.h>

#include "image/rootfs.h"

void manifest_finish(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->n; i++) {
        free(manifest->layers[i].diff_id);
        free(manifest->layers[i].command);
        source_extent_finish(&manifest->layers[i].extent);
    }
    free(manifest->layers);
    free(manifest->identity);
    free(manifest->name);
    buf_finish(&manifest->config);
    *manifest = (struct manifest){0};
}

struct manifest_layer *manifest_add_layer(struct manifest *manifest, struct bytes member)
{
    ARRAY_ROOM(manifest->layers, manifest->n, manifest->cap);
    struct manifest_layer *layer = &manifest->layers[manifest->n++];
    *layer = (struct manifest_layer){0};
    buf_add(&layer->extent.name, member);
    return layer;
}

static void candidates_finish(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->n; i++) {
        struct candidate *candidate = &candidates->list[i];
        buf_finish(&candidate->name);
        buf_finish(&candidate->label);
        buf_finish(&candidate->config);
        buf_finish(&candidate->digest);
        buf_finish(&candidate->manifest);
    }
    free(candidates->list);
    *candidates = (struct candidates){0};
}
#define CANDIDATES_AUTO __attribute__((cleanup(candidates_finish)))

struct candidate *candidates_add(struct candidates *candidates)
{
    ARRAY_ROOM(candidates->list, candidates->n, candidates->cap);
    candidates->list[candidates->n] = (struct candidate){0};
    return &candidates->list[candidates->n++];
}

bool manifest_is_in(const struct source *source)
{
    return source_has(source, bytes_of("oci-layout")) ||
           source_has(source, bytes_of("manifest.json"));
}

/* A digest of the content of a layer: sha256 or sha512, lower-case hex (image-spec,
 * descriptor.md). Nothing else may pass for one of ours. */
static bool is_diff_id(struct bytes text)
{
    size_t n = bytes_starts(text, bytes_of("sha256:"))   ? 64
               : bytes_starts(text, bytes_of("sha512:")) ? 128
                                                         : 0;
    struct bytes hex = bytes_skip(text, strlen("sha256:"));
    if (!n || hex.n != n)
        return false;
    for (size_t i = 0; i < hex.n; i++)
        if (!((hex.p[i] >= '0' && hex.p[i] <= '9') || (hex.p[i] >= 'a' && hex.p[i] <= 'f')))
            return false;
    return true;
}

/* Hands out the layers in order to what lists something for each of them. */
struct pairing {
    struct db *db;
    struct manifest *manifest;
    size_t n; /* paired so far */
    bool odd; /* an element is not what it should be */
};

static bool take_diff_id(void *with, struct bytes key, struct bytes diff_id)
{
    struct pairing *pairing = with;
    (void)key;
    pairing->odd = !is_diff_id(diff_id);
    if (pairing->odd || pairing->n == pairing->manifest->n) {
        pairing->n++;
        return false;
    }
    pairing->manifest->layers[pairing->n++].diff_id = mem_dup(diff_id);
    return true;
}

/* History names also steps that made no layer: those have empty_layer true. */
static bool take_history(void *with, struct bytes key, struct bytes step)
{
    struct pairing *pairing = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf value = {0};
    (void)key;
    buf_add(&own, step);
    struct bytes json = buf_bytes(&own);
    if (!db_json_valid(pairing->db, json))
        return true;
    if (db_json(pairing->db, json, "$.empty_layer", &value) &&
        bytes_equal(buf_bytes(&value), bytes_of("true")))
        return true;
    if (pairing->n == pairing->manifest->n)
        return false;
    struct manifest_layer *layer = &pairing->manifest->layers[pairing->n++];
    if (db_json(pairing->db, json, "$.created_by", &value))
        layer->command = mem_dup(buf_bytes(&value));
    return true;
}

static bool read_config(struct manifest *manifest, struct db *db, const struct source *source,
                        const struct candidate *candidate, struct err *err)
{
    if (!source_read(source, buf_bytes(&candidate->config), &manifest->config, err))
        return false;
    struct bytes config = buf_bytes(&manifest->config);
    if (!db_json_valid(db, config))
        return err_set(err, "%s: damaged config", candidate->config.p);
    BUF_AUTO struct buf digest = {0};
    buf_add(&digest, buf_bytes(&candidate->digest));
    if (!digest.n && !reference_digest(config, &digest, err))
        return false;
    manifest->identity = buf_steal(&digest);
    struct pairing ids = {.db = db, .manifest = manifest};
    db_json_each(db, config, "$.rootfs.diff_ids", take_diff_id, &ids);
    if (ids.odd)
        return err_set(err, "%s: layer %zu has no proper diff_id", candidate->config.p, ids.n);
    if (ids.n != manifest->n)
        return err_set(err, "%s: the manifest has %zu layers, the config's rootfs %s",
                       candidate->config.p, manifest->n, ids.n < manifest->n ? "fewer" : "more");
    struct pairing history = {.db = db, .manifest = manifest};
    db_json_each(db, config, "$.history", take_history, &history);
    return true;
}

/* Finds each layer's bytes. Old docker wrote links between equal layers that lead nowhere
 * (moby#24951): another layer of the same diff_id does as well. */
static bool find_layers(struct manifest *manifest, const struct source *source, struct err *err)
{
    for (size_t i = 0; i < manifest->n; i++) {
        struct manifest_layer *layer = &manifest->layers[i];
        struct err why = {0}, again;
        bool found = false;
        for (size_t k = 0; k <= manifest->n && !found; k++) {
            const struct manifest_layer *at = k ? &manifest->layers[k - 1] : layer;
            if (strcmp(at->diff_id, layer->diff_id) != 0)
                continue;
            BUF_AUTO struct buf name = {0};
            buf_add(&name, buf_bytes(&at->extent.name));
            found = source_find(source, buf_bytes(&name), &layer->extent, k ? &again : &why);
            if (!found) { /* what was asked for is what the error and the next layers name */
                buf_clear(&layer->extent.name);
                buf_add(&layer->extent.name, buf_bytes(&name));
            }
        }
        if (!found)
            return err_set(err, "layer %zu (%s): %s", i + 1, layer->diff_id, why.text);
    }
    return true;
}

static void list_candidates(const struct candidates *candidates, struct buf *out)
{
    for (size_t i = 0; i < candidates->n; i++)
        buf_printf(out, "%s%zu %s", i ? ", " : "", i + 1, candidates->list[i].label.p);
}

static bool choose(const struct candidates *candidates, int choice, size_t *at, struct err *err)
{
    *at = choice > 0 ? (size_t)choice - 1 : 0;
    if (choice < 0 || *at >= candidates->n || (choice == 0 && candidates->n > 1)) {
        BUF_AUTO struct buf list = {0};
        list_candidates(candidates, &list);
        return err_set(err, "holds %zu image%s, choose one by number (--image N): %s",
                       candidates->n, candidates->n == 1 ? "" : "s", list.p);
    }
    return true;
}

static void name_it(struct manifest *manifest, const struct source *source, struct bytes name)
{
    BUF_AUTO struct buf out = {0};
    if (name.n)
        buf_add(&out, name);
    else
        reference_from_file(bytes_of(source->path), &out);
    manifest->name = buf_steal(&out);
}

static bool read_rootfs(struct manifest *manifest, const struct source *source, struct err *err)
{
    if (source->is_dir && !rootfs_is_one(source->fd))
        return err_set(err, "neither an image nor a root file system");
    manifest->kind = source->is_dir ? "rootfs-dir" : "rootfs-tar";
    buf_add(&manifest->config, bytes_of("{}"));
    name_it(manifest, source, bytes_from("", 0));
    manifest_add_layer(manifest, bytes_from("", 0))->extent.size = source->size;
    return true;
}

static bool read_any(struct manifest *manifest, struct db *db, const struct source *source,
                     int choice, struct err *err)
{
    CANDIDATES_AUTO struct candidates candidates = {0};
    bool docker, oci = false;
    size_t at;
    if (!docker_images(db, source, &candidates, &docker, err))
        return false;
    if (!docker) {
        candidates_finish(&candidates);
        if (!oci_images(db, source, &candidates, &oci, err))
            return false;
    }
    if (!docker && !oci)
        return read_rootfs(manifest, source, err);
    if (!choose(&candidates, choice, &at, err))
        return false;
    const struct candidate *candidate = &candidates.list[at];
    manifest->kind = docker ? "docker-archive" : source->is_dir ? "oci-dir" : "oci-archive";
    bool ok = docker ? docker_layers(db, candidate, manifest) : oci_layers(db, candidate, manifest);
    if (!ok)
        return err_set(err, "%s: a damaged list of layers", candidate->label.p);
    name_it(manifest, source, buf_bytes(&candidate->name));
    return read_config(manifest, db, source, candidate, err) && find_layers(manifest, source, err);
}

bool manifest_read(struct manifest *manifest, struct db *db, const struct source *source,
                   int choice, struct err *err)
{
    return read_any(manifest, db, source, choice, err) || err_wrap(err, "%s", source->path);
}
