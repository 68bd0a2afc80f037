/* SPDX-License-Identifier: MIT
 *
 * The format of docker save before version 1.10 (moby, image/spec/v1.md): `repositories` has the
 * topmost layer of each tag, {"name": {"tag": "ID"}}. A layer is a directory ID with layer.tar and
 * json; json has the ID of the parent layer. The format has no diff_ids: they are computed, as
 * docker does when it loads such an image.
 */
#include "image/format/image_format.h"

#include <string.h>

#include "image/format/digest.h"
#include "util/spool.h"

#define LIST_NAME "repositories"

enum { ID_MAX = 128 };

struct scan {
    struct db *db;
    struct candidates *out;
    struct bytes repository;
    size_t n; /* tags */
    bool valid;
};

static bool is_id(struct bytes id)
{
    for (size_t i = 0; i < id.n; i++)
        if (!((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'a' && id.p[i] <= 'f')))
            return false;
    return id.n > 0 && id.n <= ID_MAX;
}

static bool take_tag(void *with, struct bytes tag, struct bytes id)
{
    struct scan *scan = with;
    BUF_AUTO struct buf label = {0};
    scan->valid = ++scan->n <= IMAGES_MAX && is_id(id);
    if (!scan->valid)
        return false;
    buf_printf(&label, "%.*s:%.*s", (int)scan->repository.n, scan->repository.p, (int)tag.n, tag.p);
    for (size_t i = 0; i < scan->out->n; i++) {
        struct candidate *candidate = &scan->out->list[i];
        if (bytes_equal(buf_bytes(&candidate->manifest), id)) { /* another tag of the same image */
            buf_printf(&candidate->label, ", %s", label.p);
            return true;
        }
    }
    struct candidate *candidate = candidates_add(scan->out);
    buf_add(&candidate->label, buf_bytes(&label));
    buf_add(&candidate->manifest, id);
    buf_printf(&candidate->config, "%.*s/json", (int)id.n, id.p);
    if (reference_is_name(buf_bytes(&label)))
        buf_add(&candidate->name, buf_bytes(&label));
    return true;
}

static bool take_repository(void *with, struct bytes name, struct bytes tags)
{
    struct scan *scan = with;
    BUF_AUTO struct buf own = {0};
    BUF_AUTO struct buf repository = {0};
    buf_add(&own, tags);
    buf_add(&repository, name);
    scan->repository = buf_bytes(&repository);
    scan->valid = scan->valid && db_json_valid(scan->db, buf_bytes(&own)) &&
                  db_json_each(scan->db, buf_bytes(&own), "$", take_tag, scan);
    return scan->valid;
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
                 db_json_each(db, buf_bytes(&json), "$", take_repository, &scan) && scan.valid &&
                 out->n;
    if (scan.n > IMAGES_MAX) {
        candidates_refuse(err);
        err_wrap(err, "%s", name);
        return LOOKUP_ERR;
    }
    return valid ? LOOKUP_FOUND : LOOKUP_ABSENT;
}

/* The ids from the topmost layer down, one per line. */
struct chain {
    struct buf ids[LAYERS_MAX];
    size_t n;
};

static bool follow_parents(struct db *db, const struct image_source *source, struct bytes top,
                           struct chain *chain, struct err *err)
{
    BUF_AUTO struct buf id = {0};
    buf_add(&id, top);
    while (id.n) {
        BUF_AUTO struct buf member = {0};
        BUF_AUTO struct buf json = {0};
        if (!is_id(buf_bytes(&id)))
            return err_set(err, "a layer's parent has an invalid ID");
        if (chain->n == LAYERS_MAX)
            return err_set(err, "more than %d layers, or a loop of parent layers", LAYERS_MAX);
        buf_add(&chain->ids[chain->n++], buf_bytes(&id));
        buf_printf(&member, "%s/json", id.p);
        if (!image_source_read(source, buf_bytes(&member), &json, err))
            return false;
        buf_clear(&id);
        if (!db_json_valid(db, buf_bytes(&json)))
            return err_set(err, "%s: damaged", member.p);
        db_json(db, buf_bytes(&json), "$.parent", &id);
    }
    return true;
}

static bool add_word(void *with, struct bytes key, struct bytes word)
{
    struct buf *command = with;
    (void)key;
    if (command->n)
        buf_byte(command, ' ');
    buf_add(command, word);
    return true;
}

static bool add_layer(struct db *db, const struct image_source *source, const struct buf *id,
                      struct manifest *out, struct err *err)
{
    BUF_AUTO struct buf member = {0};
    BUF_AUTO struct buf json = {0};
    BUF_AUTO struct buf command = {0};
    BUF_AUTO struct buf digest = {0};
    EXTENT_AUTO struct image_source_extent extent = {0};
    buf_printf(&member, "%s/json", id->p);
    if (!image_source_read(source, buf_bytes(&member), &json, err))
        return false;
    db_json_each(db, buf_bytes(&json), "$.container_config.Cmd", add_word, &command);
    buf_clear(&member);
    buf_printf(&member, "%s/layer.tar", id->p);
    if (!image_source_require(source, buf_bytes(&member), &extent, err))
        return false;
    FD_AUTO int fd = image_source_member_fd(source, &extent, err);
    if (fd < 0)
        return false;
    struct digest_region region = {fd, extent.offset, extent.size, DIGEST_DECODED};
    if (!digest_region(&region, bytes_of("sha256:"), NULL, &digest, err))
        return err_wrap(err, "%s", member.p);
    struct manifest_layer *layer = manifest_add_layer(out, buf_bytes(&member));
    layer->diff_id = buf_steal(&digest);
    if (command.n)
        layer->command = buf_steal(&command);
    return true;
}

/* Appends "KEY": VALUE if the document has a value at path. */
static void copy_value(struct db *db, struct bytes json, const char *path, const char *key,
                       bool is_text, struct buf *out)
{
    BUF_AUTO struct buf value = {0};
    if (!db_json(db, json, path, &value) || !value.n)
        return;
    buf_printf(out, "\"%s\":", key);
    if (is_text)
        json_quote(buf_bytes(&value), out);
    else
        buf_add(out, buf_bytes(&value));
    buf_byte(out, ',');
}

/* Makes the config for table image from the topmost layer's json and from the layers, in the form
 * of an image config. */
static bool make_config(struct db *db, const struct image_source *source,
                        const struct candidate *candidate, struct manifest *out, struct err *err)
{
    BUF_AUTO struct buf top = {0};
    BUF_AUTO struct buf digest = {0};
    struct buf *config = &out->config;
    if (!image_source_read(source, buf_bytes(&candidate->config), &top, err))
        return false;
    buf_byte(config, '{');
    copy_value(db, buf_bytes(&top), "$.os", "os", true, config);
    copy_value(db, buf_bytes(&top), "$.architecture", "architecture", true, config);
    if (db_json_length(db, buf_bytes(&top), "$.config") >= 0)
        copy_value(db, buf_bytes(&top), "$.config", "config", false, config);
    buf_printf(config, "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[");
    for (size_t i = 0; i < out->n; i++)
        buf_printf(config, "%s\"%s\"", i ? "," : "", out->layers[i].diff_id);
    buf_printf(config, "]}}");
    if (!digest_bytes(buf_bytes(config), &digest, err))
        return false;
    out->identity = buf_steal(&digest);
    return true;
}

static bool read_image(struct db *db, const struct image_source *source,
                       const struct candidate *candidate, struct manifest *manifest,
                       struct err *err)
{
    struct chain *chain = mem_zero(1, sizeof *chain);
    bool ok = follow_parents(db, source, buf_bytes(&candidate->manifest), chain, err);
    for (size_t i = chain->n; ok && i-- > 0;)
        ok = add_layer(db, source, &chain->ids[i], manifest, err);
    ok = ok && make_config(db, source, candidate, manifest, err);
    for (size_t i = 0; i < chain->n; i++)
        buf_finish(&chain->ids[i]);
    mem_free_at(&chain);
    return ok && manifest_find_layers(manifest, source, err);
}

const struct image_format docker_legacy_format = {
    .name = "docker-archive",
    .what = "docker save before version 1.10",
    .archive_sign = LIST_NAME,
    .list = list_images,
    .read = read_image,
};
