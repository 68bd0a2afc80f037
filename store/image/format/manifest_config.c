/* SPDX-License-Identifier: MIT
 *
 * Shared by all formats after an image was chosen: reads the config, which has the diff_id and the
 * history line of each layer, and finds the bytes of each layer.
 */
#include "image/format/image_format.h"

#include <stdlib.h>
#include <string.h>

#include "image/format/digest.h"
#include "util/spool.h"

#define SHA256_OF_NOTHING "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

bool manifest_refuse_layers(const struct manifest *manifest, const struct candidate *candidate,
                            struct err *err)
{
    if (manifest->n == LAYERS_MAX)
        return err_set(err, "%s: more than %d layers", candidate->label.p, LAYERS_MAX);
    return err_set(err, "%s: a damaged list of layers", candidate->label.p);
}

/* Assigns the elements of a list to the layers, in order. */
struct pairing {
    struct db *db;
    struct manifest *manifest;
    size_t n; /* paired so far */
    bool odd; /* an element has an unexpected type or value */
};

static bool take_diff_id(void *with, struct bytes key, struct bytes diff_id)
{
    struct pairing *pairing = with;
    (void)key;
    pairing->odd = !digest_is_one(diff_id);
    if (pairing->odd || pairing->n == pairing->manifest->n) {
        pairing->n++;
        return false;
    }
    pairing->manifest->layers[pairing->n++].diff_id = mem_dup(diff_id);
    return true;
}

/* Reads a step of the history. Steps without a layer have empty_layer true. A null is a step
 * without a command, as Go decodes it. */
static bool take_history(void *with, struct bytes key, struct bytes step)
{
    struct pairing *pairing = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf value = {0};
    (void)key;
    buf_add(&own, step);
    struct bytes json = buf_bytes(&own);
    if (step.p && !db_json_valid(pairing->db, json))
        return true;
    if (step.p && db_json(pairing->db, json, "$.empty_layer", &value) &&
        bytes_equal(buf_bytes(&value), bytes_of("true")))
        return true;
    if (pairing->n == pairing->manifest->n)
        return false;
    struct manifest_layer *layer = &pairing->manifest->layers[pairing->n++];
    if (step.p && db_json(pairing->db, json, "$.created_by", &value))
        layer->command = mem_dup(buf_bytes(&value));
    return true;
}

bool manifest_read_config(struct manifest *manifest, struct db *db,
                          const struct image_source *source, const struct candidate *candidate,
                          struct err *err)
{
    if (!image_source_read(source, buf_bytes(&candidate->config), &manifest->config, err))
        return false;
    struct bytes config = buf_bytes(&manifest->config);
    if (!db_json_valid(db, config))
        return err_set(err, "%s: damaged config", candidate->config.p);
    BUF_AUTO struct buf digest = {0};
    buf_add(&digest, buf_bytes(&candidate->digest));
    if (!digest.n && !digest_bytes(config, &digest, err))
        return false;
    manifest->identity = buf_steal(&digest);
    struct pairing ids = {.db = db, .manifest = manifest};
    db_json_each(db, config, "$.rootfs.diff_ids", take_diff_id, &ids);
    if (ids.odd)
        return err_set(err, "%s: layer %zu: the diff_id is missing or invalid", candidate->config.p,
                       ids.n);
    if (ids.n != manifest->n)
        return err_set(err, "%s: the manifest has %zu layer%s, the config's rootfs %s",
                       candidate->config.p, manifest->n, manifest->n == 1 ? "" : "s",
                       ids.n < manifest->n ? "fewer" : "more");
    struct pairing history = {.db = db, .manifest = manifest};
    db_json_each(db, config, "$.history", take_history, &history);
    return true;
}

bool manifest_is_list(struct db *db, struct bytes json, const char *path)
{
    BUF_AUTO struct buf value = {0};
    return db_json_length(db, json, path) >= 0 || !db_json(db, json, path, &value);
}

void manifest_describe_layer(struct manifest_layer *layer, struct db *db, struct bytes descriptor)
{
    BUF_AUTO struct buf value = {0};
    mem_free_at(&layer->media_type);
    mem_free_at(&layer->url);
    layer->size = 0;
    if (db_json(db, descriptor, "$.size", &value) && value.n && value.p[0] != '-')
        layer->size = strtoull(value.p, NULL, 10);
    if (db_json(db, descriptor, "$.mediaType", &value) && value.n)
        layer->media_type = buf_steal(&value);
    if (db_json(db, descriptor, "$.urls[0]", &value) && value.n)
        layer->url = buf_steal(&value);
}

/* Returns true if the descriptor's size may describe the decoded layer, not the stored bytes:
 * docker's LayerSources can do that, and other tools compress the layer without changing them. */
static bool is_decoded_size(const struct manifest_layer *layer, const struct image_source *source)
{
    enum codec codec;
    FD_AUTO int fd = image_source_member_fd(source, &layer->extent, NULL);
    return !layer->digest && fd >= 0 &&
           blob_sniff(fd, layer->extent.offset, layer->extent.size, &codec, NULL) &&
           codec != CODEC_PLAIN;
}

/* Rejects a layer of which bytes are missing, as after an interrupted download or copy. */
static bool check_size(const struct manifest_layer *layer, const struct image_source *source,
                       struct err *err)
{
    uint64_t size = layer->extent.size;
    if (!size && bytes_starts(bytes_of(layer->diff_id), bytes_of("sha256:")) &&
        strcmp(layer->diff_id, SHA256_OF_NOTHING) != 0)
        return err_set(err, "%s: empty; save or copy the image again", layer->extent.name.p);
    if (size >= layer->size || is_decoded_size(layer, source))
        return true;
    return err_set(err, "%s: %llu bytes of %llu; save or copy the image again",
                   layer->extent.name.p, (unsigned long long)size, (unsigned long long)layer->size);
}

/* Finds the bytes of a layer at the member of layer `at`. If they are absent, the extent keeps the
 * member's name, for errors and for the comparison with later layers. */
static bool find_at(struct manifest_layer *layer, const struct manifest_layer *at,
                    const struct image_source *source, struct err *err)
{
    BUF_AUTO struct buf name = {0};
    buf_add(&name, buf_bytes(&at->extent.name));
    if (image_source_require(source, buf_bytes(&name), &layer->extent, err) &&
        check_size(layer, source, err))
        return true;
    buf_clear(&layer->extent.name);
    buf_add(&layer->extent.name, buf_bytes(&name));
    return false;
}

/* Finds the bytes of a layer. Old docker wrote dangling links between equal layers (moby#24951):
 * for these the bytes of another layer with the same diff_id are used. */
static bool find_layer(struct manifest *manifest, size_t place, const struct image_source *source,
                       struct err *err)
{
    struct manifest_layer *layer = &manifest->layers[place];
    struct err why, ignored;
    if (find_at(layer, layer, source, &why))
        return true;
    for (size_t i = 0; i < manifest->n; i++)
        if (!strcmp(manifest->layers[i].diff_id, layer->diff_id) &&
            find_at(layer, &manifest->layers[i], source, &ignored))
            return true;
    if (layer->url)
        return err_set(err,
                       "layer %zu (%s): a foreign layer (%s), not stored in the image; download %s "
                       "as %s",
                       place + 1, layer->diff_id,
                       layer->media_type ? layer->media_type : "no media type", layer->url,
                       layer->extent.name.p);
    return err_set(err, "layer %zu (%s): %s", place + 1, layer->diff_id, why.text);
}

/* Returns false and sets err if the layer is encrypted (ocicrypt, spec.md). */
static bool refuse_encrypted(const struct manifest_layer *layer, size_t place, struct err *err)
{
    if (!layer->media_type || !strstr(layer->media_type, "+encrypted"))
        return true;
    return err_set(err,
                   "layer %zu (%s): encrypted (%s); decrypt the image first (skopeo copy "
                   "--decryption-key)",
                   place + 1, layer->diff_id, layer->media_type);
}

bool manifest_find_layers(struct manifest *manifest, const struct image_source *source,
                          struct err *err)
{
    for (size_t i = 0; i < manifest->n; i++)
        if (!refuse_encrypted(&manifest->layers[i], i, err) ||
            !find_layer(manifest, i, source, err))
            return false;
    return true;
}
