/* SPDX-License-Identifier: MIT
 *
 * docker-archive, as docker save, podman save and kaniko write it: manifest.json is an array of
 * {"Config": member, "RepoTags": [name, …] or null, "Layers": [member, …]} (moby,
 * image/tarexport/save.go).
 */
#include "image/format/image_format.h"

#include <string.h>

#include "image/format/digest.h"

#define LIST_NAME "manifest.json"

struct scan {
    struct db *db;
    struct candidates *out;
    size_t n;
    bool valid;
};

static bool take_tag(void *with, struct bytes key, struct bytes tag)
{
    struct candidate *candidate = with;
    (void)key;
    if (candidate->label.n)
        buf_add(&candidate->label, bytes_of(", "));
    buf_add(&candidate->label, tag);
    if (!candidate->name.n && reference_is_name(tag))
        buf_add(&candidate->name, tag);
    return true;
}

static bool take_image(void *with, struct bytes key, struct bytes image)
{
    struct scan *scan = with;
    BUF_AUTO struct buf config = {0};
    BUF_AUTO struct buf json = {0};
    (void)key;
    buf_add(&json, image);
    scan->valid = ++scan->n <= IMAGES_MAX && db_json_valid(scan->db, buf_bytes(&json)) &&
                  db_json(scan->db, buf_bytes(&json), "$.Config", &config) && config.n &&
                  manifest_is_list(scan->db, buf_bytes(&json), "$.Layers");
    if (!scan->valid)
        return false;
    for (size_t i = 0; i < scan->out->n; i++)
        if (bytes_equal(buf_bytes(&scan->out->list[i].manifest), buf_bytes(&json)))
            return true;
    struct candidate *candidate = candidates_add(scan->out);
    db_json_each(scan->db, buf_bytes(&json), "$.RepoTags", take_tag, candidate);
    buf_add(&candidate->config, buf_bytes(&config));
    buf_add(&candidate->manifest, buf_bytes(&json));
    if (!candidate->label.n)
        buf_add(&candidate->label, buf_bytes(&config));
    return true;
}

static enum lookup list_images(struct db *db, const struct image_source *source,
                               struct candidates *out, struct err *err)
{
    static const char name[] = LIST_NAME;
    BUF_AUTO struct buf json = {0};
    enum lookup found = image_source_find_text(source, bytes_of(name), &json, err);
    if (found != LOOKUP_FOUND)
        return found;
    struct scan scan = {.db = db, .out = out, .valid = true};
    bool valid = db_json_valid(db, buf_bytes(&json)) &&
                 db_json_each(db, buf_bytes(&json), "$", take_image, &scan) && scan.valid && out->n;
    if (scan.n > IMAGES_MAX) {
        candidates_refuse(err);
        err_wrap(err, "%s", name);
        return LOOKUP_ERR;
    }
    return valid ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

/* Reads the digest from a member name. docker uses HEX.json or blobs/sha256/HEX; kaniko uses
 * sha256:HEX. */
static bool digest_in_name(struct bytes member, const char *before, struct buf *out)
{
    if (!bytes_starts(member, bytes_of(before)))
        return false;
    struct bytes hex = bytes_skip(member, strlen(before));
    if (bytes_ends(hex, bytes_of(".json")))
        hex.n -= strlen(".json");
    buf_clear(out);
    buf_add(out, bytes_of("sha256:"));
    buf_add(out, hex);
    return digest_is_one(buf_bytes(out));
}

static bool take_layer(void *with, struct bytes key, struct bytes member)
{
    struct manifest *manifest = with;
    BUF_AUTO struct buf digest = {0};
    (void)key;
    if (manifest->n == LAYERS_MAX)
        return false;
    struct manifest_layer *layer = manifest_add_layer(manifest, member);
    if (digest_in_name(member, "blobs/sha256/", &digest))
        layer->digest = buf_steal(&digest);
    return true;
}

/* Reads what the archive reports about layers that it does not contain (moby,
 * image/tarexport/save.go: LayerSources). */
static void read_sources(struct db *db, struct bytes image, struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->n; i++) {
        BUF_AUTO struct buf path = {0};
        BUF_AUTO struct buf descriptor = {0};
        buf_printf(&path, "$.LayerSources.\"%s\"", manifest->layers[i].diff_id);
        if (db_json(db, image, path.p, &descriptor) && db_json_valid(db, buf_bytes(&descriptor)))
            manifest_describe_layer(&manifest->layers[i], db, buf_bytes(&descriptor));
    }
}

static bool read_image(struct db *db, const struct image_source *source,
                       const struct candidate *candidate, struct manifest *manifest,
                       struct err *err)
{
    BUF_AUTO struct buf digest = {0};
    struct bytes config = buf_bytes(&candidate->config);
    if (digest_in_name(config, "", &digest) || digest_in_name(config, "sha256:", &digest) ||
        digest_in_name(config, "blobs/sha256/", &digest))
        manifest_add_document(manifest, config, buf_bytes(&digest));
    if (!db_json_each(db, buf_bytes(&candidate->manifest), "$.Layers", take_layer, manifest) &&
        db_json_length(db, buf_bytes(&candidate->manifest), "$.Layers") >= 0)
        return manifest_refuse_layers(manifest, candidate, err);
    if (!manifest_read_config(manifest, db, source, candidate, err))
        return false;
    read_sources(db, buf_bytes(&candidate->manifest), manifest);
    return manifest_find_layers(manifest, source, err);
}

const struct image_format docker_archive_format = {
    .name = "docker-archive",
    .what = "docker save, podman save, kaniko",
    .sign = LIST_NAME,
    .list = list_images,
    .read = read_image,
};
