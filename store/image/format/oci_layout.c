/* SPDX-License-Identifier: MIT
 *
 * OCI layout (image-spec: image-layout.md, image-index.md, manifest.md). The kind of a blob is
 * detected by its content, because media types are often missing or wrong. Attestations, artifacts,
 * and images of platforms whose blobs are absent are skipped.
 */
#include "image/format/image_format.h"

#include <string.h>

#include "image/format/digest.h"
#include "image/source/platform.h"

#define SIGN "oci-layout"

enum { NESTED_MAX = 4, DIGEST_MAX = 200 };

struct scan {
    struct db *db;
    const struct image_source *source;
    struct candidates *out;
    struct bytes name, label; /* from the index entry that contains this index */
    struct bytes documents;   /* digests of the blobs above this index, one per line */
    int depth;
    int *n_blobs;        /* number of blobs read so far */
    struct err *refusal; /* error of an exceeded limit */
};

/* Converts "ALGORITHM:HEX" to "blobs/ALGORITHM/HEX". Returns false if digest has another form. */
static bool blob_path(struct bytes digest, struct buf *out)
{
    size_t colon = bytes_index(digest, ':');
    if (colon == 0 || colon == digest.n || digest.n > DIGEST_MAX || colon + 1 == digest.n)
        return false;
    for (size_t i = 0; i < digest.n; i++) {
        char c = digest.p[i];
        bool plain =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (i > colon && c >= 'A' && c <= 'Z');
        if (i != colon && !plain)
            return false;
    }
    buf_clear(out);
    buf_printf(out, "blobs/%.*s/%.*s", (int)colon, digest.p, (int)(digest.n - colon - 1),
               digest.p + colon + 1);
    return true;
}

static bool is_text(struct db *db, struct bytes json, const char *path, const char *text)
{
    BUF_AUTO struct buf value = {0};
    return db_json(db, json, path, &value) && bytes_equal(buf_bytes(&value), bytes_of(text));
}

static bool is_attestation(struct db *db, struct bytes descriptor)
{
    return is_text(db, descriptor, "$.annotations.\"vnd.docker.reference.type\"",
                   "attestation-manifest") ||
           (is_text(db, descriptor, "$.platform.os", "unknown") &&
            is_text(db, descriptor, "$.platform.architecture", "unknown"));
}

static bool has_host_or_tag(struct bytes name)
{
    return bytes_index(name, '/') < name.n || bytes_index(name, ':') < name.n;
}

/* Reads the name for FROM, if the descriptor has a full name, and the label for a list. */
static void read_names(struct scan *scan, struct bytes descriptor, struct buf *name,
                       struct buf *label)
{
    static const char *const keys[] = {"$.annotations.\"io.containerd.image.name\"",
                                       "$.annotations.\"org.opencontainers.image.ref.name\""};
    BUF_AUTO struct buf value = {0};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (!db_json(scan->db, descriptor, keys[i], &value))
            continue;
        if (!label->n)
            buf_add(label, buf_bytes(&value));
        if (!name->n && reference_is_name(buf_bytes(&value)) && has_host_or_tag(buf_bytes(&value)))
            buf_add(name, buf_bytes(&value));
    }
    if (!name->n)
        buf_add(name, scan->name);
    if (!label->n)
        buf_add(label, scan->label);
}

/* Adds the image of a manifest whose config is an image config. */
static void take_image(struct scan *scan, struct bytes digest, struct bytes manifest,
                       struct bytes name, struct bytes label)
{
    BUF_AUTO struct buf config_digest = {0};
    BUF_AUTO struct buf member = {0};
    BUF_AUTO struct buf config = {0};
    if (!db_json(scan->db, manifest, "$.config.digest", &config_digest) ||
        db_json_length(scan->db, manifest, "$.layers") < 0 ||
        !blob_path(buf_bytes(&config_digest), &member) ||
        !image_source_read(scan->source, buf_bytes(&member), &config, NULL) ||
        !db_json_valid(scan->db, buf_bytes(&config)) ||
        db_json_length(scan->db, buf_bytes(&config), "$.rootfs.diff_ids") < 0)
        return;
    for (size_t i = 0; i < scan->out->n; i++)
        if (bytes_equal(buf_bytes(&scan->out->list[i].manifest), manifest))
            return; /* the same image under another tag */
    struct candidate *candidate = candidates_add(scan->out);
    buf_add(&candidate->name, name);
    buf_add(&candidate->label, label.n ? label : digest);
    platform_of(scan->db, buf_bytes(&config), &candidate->platform);
    buf_printf(&candidate->documents, "%.*s%s\n", (int)scan->documents.n,
               scan->documents.n ? scan->documents.p : "", config_digest.p);
    buf_add(&candidate->config, buf_bytes(&member));
    buf_add(&candidate->digest, buf_bytes(&config_digest));
    buf_add(&candidate->manifest, manifest);
}

/* Reads one descriptor of an index: an image or a nested index. Returns false after an exceeded
 * limit. */
static bool take_descriptor(void *with, struct bytes key, struct bytes descriptor)
{
    struct scan *scan = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf digest = {0};
    BUF_AUTO struct buf member = {0};
    BUF_AUTO struct buf json = {0};
    BUF_AUTO struct buf name = {0};
    BUF_AUTO struct buf label = {0};
    (void)key;
    buf_add(&own, descriptor);
    if (++*scan->n_blobs > IMAGES_MAX)
        return candidates_refuse(scan->refusal);
    if (!db_json_valid(scan->db, buf_bytes(&own)) || is_attestation(scan->db, buf_bytes(&own)) ||
        !db_json(scan->db, buf_bytes(&own), "$.digest", &digest) ||
        !blob_path(buf_bytes(&digest), &member) ||
        !image_source_read(scan->source, buf_bytes(&member), &json, NULL) ||
        !db_json_valid(scan->db, buf_bytes(&json)))
        return true;
    read_names(scan, buf_bytes(&own), &name, &label);
    BUF_AUTO struct buf documents = {0};
    buf_add(&documents, scan->documents);
    buf_printf(&documents, "%s\n", digest.p);
    struct scan nested = *scan;
    nested.documents = buf_bytes(&documents);
    nested.name = buf_bytes(&name);
    nested.label = buf_bytes(&label);
    nested.depth++;
    if (db_json_length(scan->db, buf_bytes(&json), "$.manifests") < 0)
        take_image(scan, buf_bytes(&digest), buf_bytes(&json), nested.name, nested.label);
    else if (nested.depth > NESTED_MAX)
        return err_set(scan->refusal, "more than %d nested indexes", NESTED_MAX);
    else
        db_json_each(scan->db, buf_bytes(&json), "$.manifests", take_descriptor, &nested);
    return scan->refusal->kind == ERR_NONE;
}

static enum lookup list_images(struct db *db, const struct image_source *source,
                               struct candidates *out, struct err *err)
{
    static const char index[] = "index.json";
    BUF_AUTO struct buf json = {0};
    if (!image_source_has(source, bytes_of(SIGN)))
        return LOOKUP_ABSENT;
    enum lookup found = image_source_find_text(source, bytes_of(index), &json, err);
    if (found != LOOKUP_FOUND)
        return found;
    if (!db_json_valid(db, buf_bytes(&json)))
        return LOOKUP_ABSENT;
    int n_blobs = 0;
    struct err refusal = {0};
    struct scan scan = {
        .db = db, .source = source, .out = out, .n_blobs = &n_blobs, .refusal = &refusal};
    db_json_each(db, buf_bytes(&json), "$.manifests", take_descriptor, &scan);
    if (refusal.kind != ERR_NONE)
        err_set(err, "%s: %s", index, refusal.text);
    else if (!out->n)
        err_set(err, "index.json: names no image whose blobs are all present");
    else
        return LOOKUP_FOUND;
    return LOOKUP_ERR;
}

struct layer_scan {
    struct db *db;
    struct manifest *out;
};

static bool take_layer(void *with, struct bytes key, struct bytes descriptor)
{
    struct layer_scan *scan = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf digest = {0};
    BUF_AUTO struct buf member = {0};
    (void)key;
    buf_add(&own, descriptor);
    if (scan->out->n == LAYERS_MAX || !db_json_valid(scan->db, buf_bytes(&own)) ||
        !db_json(scan->db, buf_bytes(&own), "$.digest", &digest) ||
        !blob_path(buf_bytes(&digest), &member))
        return false;
    manifest_add_layer(scan->out, buf_bytes(&member))->digest = buf_steal(&digest);
    return true;
}

/* Adds the digests of the blobs on the way from the index to the config. */
static void add_documents(struct manifest *manifest, const struct candidate *candidate)
{
    struct bytes rest = buf_bytes(&candidate->documents);
    while (rest.n) {
        struct bytes digest = bytes_split(&rest, '\n');
        BUF_AUTO struct buf member = {0};
        if (digest_is_one(digest) && blob_path(digest, &member))
            manifest_add_document(manifest, buf_bytes(&member), digest);
    }
}

static bool read_image(struct db *db, const struct image_source *source,
                       const struct candidate *candidate, struct manifest *manifest,
                       struct err *err)
{
    struct layer_scan scan = {db, manifest};
    if (!db_json_each(db, buf_bytes(&candidate->manifest), "$.layers", take_layer, &scan))
        return manifest_refuse_layers(manifest, candidate, err);
    add_documents(manifest, candidate);
    return manifest_read_config(manifest, db, source, candidate, err) &&
           manifest_find_layers(manifest, source, err);
}

const struct image_format oci_layout_format = {
    .name = "oci-archive",
    .dir_name = "oci-dir",
    .what = "an OCI layout: buildah, skopeo, buildkit",
    .sign = SIGN,
    .list = list_images,
    .read = read_image,
};
