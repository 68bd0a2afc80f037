/* SPDX-License-Identifier: MIT
 *
 * manifest.json is asked first: archives of docker 25 and later have both, and their index.json may
 * be empty or name only a part (moby#47065, #47210).
 */
#include "image/format/manifest_private.h"

#include <stdlib.h>
#include <string.h>

#include "image/format/digest.h"
#include "image/source/platform.h"
#include "image/source/rootfs_dir.h"

void manifest_finish(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->n; i++) {
        free(manifest->layers[i].diff_id);
        free(manifest->layers[i].digest);
        free(manifest->layers[i].command);
        image_source_extent_finish(&manifest->layers[i].extent);
    }
    for (size_t i = 0; i < manifest->n_documents; i++) {
        free(manifest->documents[i].member);
        free(manifest->documents[i].digest);
    }
    free(manifest->documents);
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

void manifest_add_document(struct manifest *manifest, struct bytes member, struct bytes digest)
{
    ARRAY_ROOM(manifest->documents, manifest->n_documents, manifest->cap_documents);
    manifest->documents[manifest->n_documents++] =
        (struct manifest_document){mem_dup(member), mem_dup(digest)};
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
        buf_finish(&candidate->documents);
        buf_finish(&candidate->platform);
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

bool candidates_refuse(struct err *err)
{
    return err_set(err, "more than %d entries in its list of images", IMAGES_MAX);
}

bool manifest_is_in(const struct image_source *source)
{
    return image_source_has(source, bytes_of("oci-layout")) ||
           image_source_has(source, bytes_of("manifest.json"));
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
    pairing->odd = !digest_is_one(diff_id);
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

/* The digests on the way from the index to the config. */
static void add_documents(struct manifest *manifest, const struct candidate *candidate)
{
    struct bytes rest = buf_bytes(&candidate->documents);
    while (rest.n) {
        struct bytes digest = bytes_from(rest.p, bytes_index(rest, '\n'));
        BUF_AUTO struct buf member = {0};
        rest = bytes_skip(rest, digest.n + 1);
        if (digest_is_one(digest) && oci_blob_path(digest, &member))
            manifest_add_document(manifest, buf_bytes(&member), digest);
    }
}

static bool read_config(struct manifest *manifest, struct db *db, const struct image_source *source,
                        const struct candidate *candidate, struct err *err)
{
    if (!image_source_read(source, buf_bytes(&candidate->config), &manifest->config, err))
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
static bool find_layers(struct manifest *manifest, const struct image_source *source,
                        struct err *err)
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
            found = image_source_find(source, buf_bytes(&name), &layer->extent, k ? &again : &why);
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

/* Where the list does not say for which platform an image is, its config does. */
static void find_platforms(struct db *db, const struct image_source *source,
                           struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->n; i++) {
        struct candidate *candidate = &candidates->list[i];
        BUF_AUTO struct buf config = {0};
        struct err ignored;
        if (!candidate->platform.n && candidate->config.n &&
            image_source_read(source, buf_bytes(&candidate->config), &config, &ignored) &&
            db_json_valid(db, buf_bytes(&config)))
            platform_of(db, buf_bytes(&config), &candidate->platform);
    }
}

static bool refuse_choice(const struct candidates *candidates, struct image_choice choice,
                          struct err *err)
{
    BUF_AUTO struct buf list = {0};
    bool several = false;
    for (size_t i = 0; i < candidates->n; i++) {
        const struct candidate *candidate = &candidates->list[i];
        buf_printf(&list, "%s%zu %s", i ? ", " : "", i + 1, candidate->label.p);
        if (candidate->platform.n)
            buf_printf(&list, " (%s)", candidate->platform.p);
        several = several || !bytes_equal(buf_bytes(&candidate->platform),
                                          buf_bytes(&candidates->list[0].platform));
    }
    if (choice.platform)
        return err_set(err, "holds not one image for %s (--platform) and number (--image): %s",
                       choice.platform, list.p);
    return err_set(err, "holds %zu image%s, choose one by number (--image N)%s: %s", candidates->n,
                   candidates->n == 1 ? "" : "s", several ? " or platform (--platform P)" : "",
                   list.p);
}

static bool fits(const struct candidates *candidates, size_t at, struct image_choice choice)
{
    return (!choice.number || (size_t)choice.number == at + 1) &&
           (!choice.platform ||
            platform_fits(buf_bytes(&candidates->list[at].platform), bytes_of(choice.platform)));
}

/* The one that fits. */
static bool choose(struct candidates *candidates, struct image_choice choice, size_t *at,
                   struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < candidates->n; i++)
        if (fits(candidates, i, choice) && !n++)
            *at = i;
    return n == 1 || refuse_choice(candidates, choice, err);
}

static void name_it(struct manifest *manifest, const struct image_source *source, struct bytes name)
{
    BUF_AUTO struct buf out = {0};
    if (source->name && reference_is_name(bytes_of(source->name)))
        buf_add(&out, bytes_of(source->name));
    else if (name.n)
        buf_add(&out, name);
    else
        reference_from_file(bytes_of(source->path), &out);
    manifest->name = buf_steal(&out);
}

static bool read_rootfs(struct manifest *manifest, const struct image_source *source,
                        struct err *err)
{
    if (source->is_dir && !rootfs_dir_is_one(source->fd))
        return err_set(err, "neither an image nor a root file system");
    manifest->kind = source->is_dir ? "rootfs-dir" : "rootfs-tar";
    buf_add(&manifest->config, bytes_of("{}"));
    name_it(manifest, source, bytes_from("", 0));
    manifest_add_layer(manifest, bytes_from("", 0))->extent.size = source->size;
    return true;
}

/* The kinds of lists of images, asked in this order. */
static const struct manifest_reader {
    bool (*images)(struct db *db, const struct image_source *source, struct candidates *out,
                   bool *valid, struct err *err);
    bool (*layers)(struct db *db, const struct candidate *candidate, struct manifest *out);
    const char *archive, *dir; /* kinds, as in table image */
} readers[] = {
    {docker_images, docker_layers, "docker-archive", "docker-archive"},
    {oci_images, oci_layers, "oci-archive", "oci-dir"},
    {legacy_images, NULL, "docker-archive", "docker-archive"},
};

/* Config and layers of the image that was chosen. */
static bool read_chosen(struct manifest *manifest, struct db *db, const struct image_source *source,
                        const struct manifest_reader *reader, const struct candidate *candidate,
                        struct err *err)
{
    manifest->kind = source->is_dir ? reader->dir : reader->archive;
    name_it(manifest, source, buf_bytes(&candidate->name));
    if (!reader->layers)
        return legacy_read(db, source, candidate, manifest, err) &&
               find_layers(manifest, source, err);
    if (!reader->layers(db, candidate, manifest))
        return manifest->n == LAYERS_MAX
                   ? err_set(err, "%s: more than %d layers", candidate->label.p, LAYERS_MAX)
                   : err_set(err, "%s: a damaged list of layers", candidate->label.p);
    add_documents(manifest, candidate);
    return read_config(manifest, db, source, candidate, err) && find_layers(manifest, source, err);
}

/* The images that a source lists, and with what they are read; *reader NULL: it is a root file
 * system. */
static bool list_images(struct db *db, const struct image_source *source,
                        struct image_choice choice, const struct manifest_reader **reader,
                        struct candidates *out, struct err *err)
{
    struct platform_parts parts;
    *reader = NULL;
    if (choice.platform && !platform_split(bytes_of(choice.platform), &parts))
        return err_set(err, "--platform: '%s' is not OS/ARCHITECTURE[/VARIANT]", choice.platform);
    for (size_t i = 0; i < sizeof readers / sizeof *readers && !*reader; i++) {
        bool valid = false;
        if (!readers[i].images(db, source, out, &valid, err))
            return false;
        *reader = valid ? &readers[i] : NULL;
    }
    if (*reader && (out->n > 1 || choice.platform))
        find_platforms(db, source, out);
    return true;
}

static bool read_any(struct manifest *manifest, struct db *db, const struct image_source *source,
                     struct image_choice choice, struct err *err)
{
    CANDIDATES_AUTO struct candidates candidates = {0};
    const struct manifest_reader *reader;
    size_t at = 0;
    if (!list_images(db, source, choice, &reader, &candidates, err))
        return false;
    if (!reader)
        return read_rootfs(manifest, source, err);
    return choose(&candidates, choice, &at, err) &&
           read_chosen(manifest, db, source, reader, &candidates.list[at], err);
}

bool manifest_read(struct manifest *manifest, struct db *db, const struct image_source *source,
                   struct image_choice choice, struct err *err)
{
    return read_any(manifest, db, source, choice, err) || err_wrap(err, "%s", source->path);
}

bool manifest_offers(struct image_offers *offers, struct db *db, const struct image_source *source,
                     struct image_choice choice, struct err *err)
{
    CANDIDATES_AUTO struct candidates candidates = {0};
    const struct manifest_reader *reader;
    if (!list_images(db, source, choice, &reader, &candidates, err))
        return err_wrap(err, "%s", source->path);
    offers->list = mem_zero(candidates.n, sizeof *offers->list);
    for (size_t i = 0; i < candidates.n; i++)
        if (fits(&candidates, i, choice))
            offers->list[offers->n++] = (struct image_offer){
                .number = (int)i + 1,
                .label = mem_dup(buf_bytes(&candidates.list[i].label)),
                .platform = mem_dup(buf_bytes(&candidates.list[i].platform)),
            };
    return true;
}
