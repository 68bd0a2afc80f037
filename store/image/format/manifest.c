/* SPDX-License-Identifier: MIT */
#include "image/format/manifest.h"

#include <stdlib.h>
#include <string.h>

#include "image/format/image_format.h"
#include "image/source/platform.h"

void manifest_finish(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->n; i++) {
        free(manifest->layers[i].diff_id);
        free(manifest->layers[i].digest);
        free(manifest->layers[i].media_type);
        free(manifest->layers[i].url);
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

/* Reads missing platforms of the list of images from the configs of the images. */
static void find_platforms(struct db *db, const struct image_source *source,
                           struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->n; i++) {
        struct candidate *candidate = &candidates->list[i];
        BUF_AUTO struct buf config = {0};
        if (!candidate->platform.n && candidate->config.n &&
            image_source_read(source, buf_bytes(&candidate->config), &config, NULL) &&
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
        return err_set(err, "no image for --platform %s%s; it has: %s", choice.platform,
                       choice.number ? " with this --image number" : "", list.p);
    return err_set(err, "%zu image%s; choose one by number (--image N)%s: %s", candidates->n,
                   candidates->n == 1 ? "" : "s", several ? " or platform (--platform P)" : "",
                   list.p);
}

static bool is_chosen(const struct candidates *candidates, size_t at, struct image_choice choice)
{
    return (!choice.number || (size_t)choice.number == at + 1) &&
           (!choice.platform ||
            platform_matches(buf_bytes(&candidates->list[at].platform), bytes_of(choice.platform)));
}

/* Finds the one image that matches the choice. */
static bool choose(struct candidates *candidates, struct image_choice choice, size_t *at,
                   struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; i < candidates->n; i++)
        if (is_chosen(candidates, i, choice) && !n++)
            *at = i;
    return n == 1 || refuse_choice(candidates, choice, err);
}

/* Sets the name in FROM: the name of the reference, else the name of the image, else a name made
 * from the file name. */
static void set_name(struct manifest *manifest, const struct image_source *source,
                     struct bytes name)
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

/* Lists the images of the source, in the first format that matches. out stays empty if the source
 * as a whole is one image. */
static bool list_images(struct db *db, const struct image_source *source,
                        struct image_choice choice, const struct image_format **format,
                        struct candidates *out, struct err *err)
{
    struct platform_parts parts;
    if (choice.platform && !platform_split(bytes_of(choice.platform), &parts))
        return err_set(err, "--platform %s: expected OS/ARCHITECTURE[/VARIANT]", choice.platform);
    enum lookup found = LOOKUP_ABSENT;
    for (const struct image_format *const *at = image_formats; *at && found == LOOKUP_ABSENT;
         at++) {
        candidates_finish(out);
        found = (*at)->list(db, source, out, err);
        *format = *at;
    }
    if (found == LOOKUP_ABSENT)
        return err_set(err, "neither an image nor a root file system");
    if (found == LOOKUP_FOUND && (out->n > 1 || choice.platform))
        find_platforms(db, source, out);
    return found == LOOKUP_FOUND;
}

static bool read_any(struct manifest *manifest, struct db *db, const struct image_source *source,
                     struct image_choice choice, struct err *err)
{
    CANDIDATES_AUTO struct candidates candidates = {0};
    const struct image_format *format;
    size_t at = 0;
    if (!list_images(db, source, choice, &format, &candidates, err) ||
        (candidates.n && !choose(&candidates, choice, &at, err)))
        return false;
    const struct candidate *candidate = candidates.n ? &candidates.list[at] : NULL;
    manifest->kind = source->is_dir && format->dir_name ? format->dir_name : format->name;
    set_name(manifest, source, candidate ? buf_bytes(&candidate->name) : bytes_from("", 0));
    return format->read(db, source, candidate, manifest, err);
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
    const struct image_format *format;
    if (!list_images(db, source, choice, &format, &candidates, err))
        return err_wrap(err, "%s", source->path);
    offers->list = mem_zero(candidates.n, sizeof *offers->list);
    for (size_t i = 0; i < candidates.n; i++)
        if (is_chosen(&candidates, i, choice))
            offers->list[offers->n++] = (struct image_offer){
                .number = (int)i + 1,
                .label = mem_dup(buf_bytes(&candidates.list[i].label)),
                .platform = mem_dup(buf_bytes(&candidates.list[i].platform)),
            };
    return true;
}

void image_offers_finish(struct image_offers *offers)
{
    for (size_t i = 0; i < offers->n; i++) {
        free(offers->list[i].label);
        free(offers->list[i].platform);
    }
    free(offers->list);
    *offers = (struct image_offers){0};
}
