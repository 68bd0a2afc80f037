/* SPDX-License-Identifier: MIT */
#include "image/format/oci_manifest.h"

#include <string.h>

#include "image/format/digest.h"
#include "image/source/platform.h"

enum { NESTED_MAX = 4, DIGEST_MAX = 200, SKIPPED_MAX = 400 };

struct scan {
    const struct oci_store *store;
    struct db *db;
    const struct image_source *source;
    struct candidates *out;
    struct bytes name, label; /* from the index entry that contains this index */
    struct bytes documents;   /* the blobs that lead to this index: one line "DIGEST MEMBER" each */
    int depth;
    int *n_blobs;        /* number of blobs read so far */
    struct buf *skipped; /* what was skipped, separated by ", " */
    struct err *refusal; /* error of an exceeded limit */
};

bool oci_digest_split(struct bytes digest, struct bytes *algorithm, struct bytes *hex)
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
    *algorithm = bytes_from(digest.p, colon);
    *hex = bytes_skip(digest, colon + 1);
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

/* Remembers what was skipped, each text once. */
static void skip(struct scan *scan, const char *what, struct bytes type)
{
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, "%s", what);
    if (type.n)
        buf_printf(&text, " of the type %.*s", (int)type.n, type.p);
    if (scan->skipped->n > SKIPPED_MAX || (scan->skipped->n && strstr(scan->skipped->p, text.p)))
        return;
    buf_printf(scan->skipped, "%s%s", scan->skipped->n ? ", " : "", text.p);
}

/* Returns true if a media type is not the type of a layer with files. An empty or a general type
 * can be wrong. All types of layers contain "tar" (image-spec, media-types.md; moby). */
static bool is_not_files(struct bytes type)
{
    return type.n && !memmem(type.p, type.n, "tar", strlen("tar")) &&
           !bytes_equal(type, bytes_of("application/octet-stream"));
}

struct type_scan {
    struct db *db;
    struct buf *type;   /* of the first layer that is not files */
    size_t n, n_others; /* layers; layers that are not files */
};

static bool take_type(void *with, struct bytes key, struct bytes descriptor)
{
    struct type_scan *scan = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf type = {0};
    (void)key;
    buf_add(&own, descriptor);
    scan->n++;
    if (!db_json_valid(scan->db, buf_bytes(&own)) ||
        !db_json(scan->db, buf_bytes(&own), "$.mediaType", &type) ||
        !is_not_files(buf_bytes(&type)))
        return true;
    if (!scan->n_others++)
        buf_add(scan->type, buf_bytes(&type));
    return true;
}

/* Writes to out the type of an artifact: its own type, else the type of its config or content. */
static void artifact_type(struct db *db, struct bytes manifest, const struct buf *content,
                          struct buf *out)
{
    BUF_AUTO struct buf type = {0};
    if (db_json(db, manifest, "$.artifactType", &type) && type.n)
        buf_add(out, buf_bytes(&type));
    else if (content->n)
        buf_add(out, buf_bytes(content));
    else if (db_json(db, manifest, "$.config.mediaType", &type))
        buf_add(out, buf_bytes(&type));
}

/* Returns true if no layer of the manifest has files: attestations and models have configs like
 * those of images. */
static bool is_artifact(struct scan *scan, struct bytes manifest)
{
    BUF_AUTO struct buf content = {0};
    BUF_AUTO struct buf type = {0};
    struct type_scan types = {.db = scan->db, .type = &content};
    db_json_each(scan->db, manifest, "$.layers", take_type, &types);
    if (!types.n || types.n_others < types.n)
        return false;
    artifact_type(scan->db, manifest, &content, &type);
    skip(scan, "an artifact", buf_bytes(&type));
    return true;
}

/* Returns true if the config is the config of an image: it has the list of layers, or the image has
 * no layers and the media type of the config is the one of images. */
static bool is_image(struct db *db, struct bytes manifest, struct bytes config)
{
    BUF_AUTO struct buf type = {0};
    if (db_json_length(db, config, "$.rootfs.diff_ids") >= 0)
        return true;
    return db_json_length(db, manifest, "$.layers") <= 0 &&
           manifest_is_list(db, config, "$.rootfs.diff_ids") &&
           db_json(db, manifest, "$.config.mediaType", &type) &&
           (strstr(type.p, ".image.config.") || strstr(type.p, ".container.image."));
}

/* Reads the config of a manifest. Returns false if it is absent or not the config of an image. */
static bool find_config(struct scan *scan, struct bytes manifest, struct buf *digest,
                        struct buf *member, struct buf *config)
{
    BUF_AUTO struct buf type = {0};
    struct buf none = {0};
    if (db_json_length(scan->db, manifest, "$.fsLayers") >= 0) {
        skip(scan, "a manifest of Docker schema 1", bytes_from("", 0));
        return false;
    }
    if (!db_json(scan->db, manifest, "$.config.digest", digest) ||
        !manifest_is_list(scan->db, manifest, "$.layers")) {
        artifact_type(scan->db, manifest, &none, &type);
        skip(scan, "a document that is not an image manifest", buf_bytes(&type));
        return false;
    }
    if (!scan->store->member(buf_bytes(digest), OCI_BLOB_DATA, member) ||
        !image_source_read(scan->source, buf_bytes(member), config, NULL)) {
        skip(scan, "a manifest whose config is absent", bytes_from("", 0));
        return false;
    }
    if (db_json_valid(scan->db, buf_bytes(config)) &&
        is_image(scan->db, manifest, buf_bytes(config)))
        return true;
    artifact_type(scan->db, manifest, &none, &type);
    skip(scan, "an artifact", buf_bytes(&type));
    return false;
}

/* Adds the image of a manifest whose config is an image config. digest is empty for the topmost
 * document. */
static void take_image(struct scan *scan, struct bytes digest, struct bytes manifest)
{
    BUF_AUTO struct buf config_digest = {0};
    BUF_AUTO struct buf member = {0};
    BUF_AUTO struct buf config = {0};
    if (!find_config(scan, manifest, &config_digest, &member, &config) ||
        is_artifact(scan, manifest))
        return;
    for (size_t i = 0; i < scan->out->n; i++)
        if (bytes_equal(buf_bytes(&scan->out->list[i].manifest), manifest))
            return; /* the same image under another tag */
    struct candidate *candidate = candidates_add(scan->out);
    buf_add(&candidate->name, scan->name);
    buf_add(&candidate->label, scan->label.n ? scan->label
                               : digest.n    ? digest
                                             : buf_bytes(&config_digest));
    platform_of(scan->db, buf_bytes(&config), &candidate->platform);
    buf_printf(&candidate->documents, "%.*s%s %s\n", (int)scan->documents.n,
               scan->documents.n ? scan->documents.p : "", config_digest.p, member.p);
    buf_add(&candidate->config, buf_bytes(&member));
    buf_add(&candidate->digest, buf_bytes(&config_digest));
    buf_add(&candidate->manifest, manifest);
}

static bool take_descriptor(void *with, struct bytes key, struct bytes descriptor);

/* Reads an index or a manifest. Returns false after an exceeded limit. */
static bool take_document(struct scan *scan, struct bytes digest, struct bytes json)
{
    if (db_json_length(scan->db, json, "$.manifests") < 0)
        take_image(scan, digest, json);
    else if (scan->depth > NESTED_MAX)
        return err_set(scan->refusal, "more than %d nested indexes", NESTED_MAX);
    else
        db_json_each(scan->db, json, "$.manifests", take_descriptor, scan);
    return scan->refusal->kind == ERR_NONE;
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
        !scan->store->member(buf_bytes(&digest), OCI_BLOB_MANIFEST, &member) ||
        !image_source_read(scan->source, buf_bytes(&member), &json, NULL) ||
        !db_json_valid(scan->db, buf_bytes(&json)))
        return true;
    read_names(scan, buf_bytes(&own), &name, &label);
    BUF_AUTO struct buf documents = {0};
    buf_add(&documents, scan->documents);
    buf_printf(&documents, "%s %s\n", digest.p, member.p);
    struct scan nested = *scan;
    nested.documents = buf_bytes(&documents);
    nested.name = buf_bytes(&name);
    nested.label = buf_bytes(&label);
    nested.depth++;
    return take_document(&nested, buf_bytes(&digest), buf_bytes(&json));
}

enum lookup oci_manifest_list(const struct oci_store *store, struct db *db,
                              const struct image_source *source, struct candidates *out,
                              struct err *err)
{
    BUF_AUTO struct buf json = {0};
    BUF_AUTO struct buf skipped = {0};
    enum lookup found = image_source_find_text(source, bytes_of(store->document), &json, err);
    if (found != LOOKUP_FOUND)
        return found;
    if (!db_json_valid(db, buf_bytes(&json)))
        return LOOKUP_ABSENT;
    int n_blobs = 0;
    struct err refusal = {0};
    struct scan scan = {.store = store,
                        .db = db,
                        .source = source,
                        .out = out,
                        .n_blobs = &n_blobs,
                        .skipped = &skipped,
                        .refusal = &refusal};
    take_document(&scan, bytes_from("", 0), buf_bytes(&json));
    if (refusal.kind != ERR_NONE)
        err_set(err, "%s: %s", store->document, refusal.text);
    else if (!out->n && skipped.n)
        err_set(err, "%s: names no image, only %s", store->document, skipped.p);
    else if (!out->n)
        err_set(err, "%s: names no image whose blobs are all present", store->document);
    else
        return LOOKUP_FOUND;
    return LOOKUP_ERR;
}

struct layer_scan {
    const struct oci_store *store;
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
        !scan->store->member(buf_bytes(&digest), OCI_BLOB_DATA, &member))
        return false;
    struct manifest_layer *layer = manifest_add_layer(scan->out, buf_bytes(&member));
    layer->digest = buf_steal(&digest);
    manifest_describe_layer(layer, scan->db, buf_bytes(&own));
    return true;
}

/* Adds the digests of the blobs on the way from the topmost document to the config. */
static void add_documents(struct manifest *manifest, const struct candidate *candidate)
{
    struct bytes rest = buf_bytes(&candidate->documents);
    while (rest.n) {
        struct bytes member = bytes_split(&rest, '\n');
        struct bytes digest = bytes_split(&member, ' ');
        if (digest_is_one(digest))
            manifest_add_document(manifest, member, digest);
    }
}

bool oci_manifest_read(const struct oci_store *store, struct db *db,
                       const struct image_source *source, const struct candidate *candidate,
                       struct manifest *manifest, struct err *err)
{
    struct layer_scan scan = {store, db, manifest};
    if (!db_json_each(db, buf_bytes(&candidate->manifest), "$.layers", take_layer, &scan) &&
        db_json_length(db, buf_bytes(&candidate->manifest), "$.layers") >= 0)
        return manifest_refuse_layers(manifest, candidate, err);
    add_documents(manifest, candidate);
    return manifest_read_config(manifest, db, source, candidate, err) &&
           manifest_find_layers(manifest, source, err);
}
