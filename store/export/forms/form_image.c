/* SPDX-License-Identifier: MIT
 *
 * Form `image`: an archive of the slim image that engines load, made without a builder. The same
 * session gives the same bytes. Layers are uncompressed tars. The config is the subject's config
 * with other layers and another history.
 *
 * Docker image spec v1.2 (the combined image JSON and file system format), OCI image-spec
 * (image-layout.md, manifest.md, config.md).
 */
#include "export/export_files.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "export/config_lines.h"
#include "export/forms/dockerfile.h"
#include "export/forms/slim_tar.h"
#include "export/from_line.h"
#include "export/preflight.h"
#include "image/layer/blob.h"
#include "image/format/digest.h"
#include "util/spool.h"
#include "image/layer/tar_writer.h"

static const char N_LAYERS[] = "SELECT count(*) FROM image_layer WHERE image = :image";

/* The subject's config with other layers and another history, without the keys that describe only
 * the build of the subject. An image needs an architecture and an operating system. */
static const char CONFIG[] =
    "SELECT json_set(json_remove(:config, '$.container', '$.container_config', '$.id', "
    "'$.parent'), "
    "'$.architecture', coalesce(json_extract(:config, '$.architecture'), :architecture), "
    "'$.os', coalesce(json_extract(:config, '$.os'), 'linux'), "
    "'$.rootfs', json_object('type', 'layers', 'diff_ids', json(:diff_ids)), "
    "'$.history', json(:history))";
static const char OCI_CONFIG[] = "SELECT json_remove(:config, '$.config.Healthcheck', "
                                 "'$.config.Shell', '$.config.OnBuild')";
/* The history of the base, if it lists as many layers as the base has. */
static const char HISTORY[] =
    "SELECT json_insert(CASE WHEN :n = (SELECT count(*) FROM json_each(:base, '$.history') "
    "WHERE NOT coalesce(json_extract(value, '$.empty_layer'), 0)) "
    "THEN json_extract(:base, '$.history') ELSE :made END, '$[#]', "
    "json_object('created', coalesce(json_extract(:config, '$.created'), '1970-01-01T00:00:00Z'), "
    "'created_by', :by))";

enum image_style {
    IMAGE_DOCKER, /* docker-archive (`docker save`): manifest.json */
    IMAGE_OCI     /* OCI image layout in a tar: index.json */
};

struct layer {
    int fd; /* owned; a spool */
    uint64_t size;
    char *digest; /* owned; sha256:HEX */
};

struct writing {
    struct db *db;
    const struct mapped_tree *mapped;
    const struct export_request *request;
    struct progress *progress;
    struct layer *layers; /* owned */
    size_t n, cap;
    uint64_t at;            /* position in the layer that is written */
    struct tar_writer *tar; /* owned */
};

static bool is_name(struct bytes name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._/:-", name.p[i]) || !name.p[i])
            return false;
    return name.n > 0;
}

/* Appends the reference of the image in the archive: NAME:TAG-slim; localhost/image if the
 * subject's name is not valid. */
static void image_name(struct bytes subject_name, struct buf *out)
{
    struct bytes name = bytes_from(subject_name.p, bytes_index(subject_name, '@'));
    size_t slash = bytes_rindex(name, '/');
    struct bytes last = slash < name.n ? bytes_skip(name, slash + 1) : name;
    size_t colon = bytes_index(last, ':');
    struct bytes repository = bytes_from(name.p, name.n - last.n + colon);
    struct bytes tag = colon < last.n ? bytes_skip(last, colon + 1) : bytes_of("latest");
    bool ok = is_name(repository) && tag.n > 0 && tag.n < 120;
    for (size_t i = 0; i < tag.n; i++)
        ok = ok &&
             strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-", tag.p[i]);
    buf_add(out, ok ? repository : bytes_of("localhost/image"));
    buf_byte(out, ':');
    buf_add(out, ok ? tag : bytes_of("latest"));
    buf_add(out, bytes_of("-slim"));
}

static struct layer *add_layer(struct writing *w, struct err *err)
{
    ARRAY_ROOM(w->layers, w->n, w->cap);
    struct layer *layer = &w->layers[w->n];
    *layer = (struct layer){.fd = spool_open(err)};
    if (layer->fd < 0)
        return NULL;
    w->n++;
    w->at = 0;
    return layer;
}

static bool seal_layer(struct writing *w, struct layer *layer, struct err *err)
{
    struct stat stat;
    BUF_AUTO struct buf digest = {0};
    if (fstat(layer->fd, &stat))
        return err_sys(err, "the temporary file");
    layer->size = (uint64_t)stat.st_size;
    struct digest_region region = {layer->fd, 0, layer->size, DIGEST_STORED};
    if (!digest_region(&region, bytes_of("sha256:"), w->progress, &digest, err))
        return false;
    layer->digest = mem_dup(buf_bytes(&digest));
    return true;
}

static bool take_chunk(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct writing *w = with;
    (void)node;
    (void)at;
    bool ok = spool_write(w->layers[w->n - 1].fd, chunk, w->at, err);
    w->at += chunk.n;
    return ok;
}

static bool add_tree(struct writing *w,
                     void (*choose)(struct tar_tree *rootfs, const struct mapped_tree *mapped),
                     struct err *err)
{
    struct tar_tree rootfs;
    struct layer *layer = add_layer(w, err);
    if (!layer)
        return false;
    choose(&rootfs, w->mapped);
    bool ok =
        slim_tar_write(w->db, &rootfs, w->progress, layer->fd, err) && seal_layer(w, layer, err);
    tar_tree_finish(&rootfs);
    return ok;
}

/* Copies the layers of the base unchanged; for a directory, makes one layer. */
static bool add_base(struct writing *w, struct err *err)
{
    static const char KIND[] = "SELECT kind FROM image WHERE id = :image";
    const struct tree *base = w->mapped->input.base;
    struct stmt *q = db_query(w->db, KIND, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", base->image);
    bool is_dir =
        stmt_step(q, err) == STEP_ROW && bytes_equal(stmt_bytes(q, 0), bytes_of("rootfs-dir"));
    stmt_reset(q);
    if (is_dir)
        return add_tree(w, tar_tree_of_base, err);
    if (!(q = db_query(w->db, N_LAYERS, err)))
        return false;
    stmt_bind_int(q, ":image", base->image);
    uint32_t n = stmt_step(q, err) == STEP_ROW ? (uint32_t)stmt_int(q, 0) : 0;
    stmt_reset(q);
    CONTENTS_AUTO struct file_contents *contents = NULL;
    if (!file_contents_open(w->db, base, w->progress, &contents, err))
        return false;
    for (uint32_t ordinal = 1; ordinal <= n; ordinal++) {
        struct layer *layer = add_layer(w, err);
        if (!layer || !file_contents_layer(contents, ordinal, take_chunk, w, err) ||
            !seal_layer(w, layer, err))
            return false;
    }
    return true;
}

static bool add_layers(struct writing *w, struct err *err)
{
    if (w->request->squash_only)
        return add_tree(w, tar_tree_of_subject, err);
    if (!w->request->no_squash || !w->mapped->input.base)
        return add_tree(w, tar_tree_of_final, err);
    return add_base(w, err) && add_tree(w, tar_tree_of_kept, err);
}

/* Reads one column of one row of a query with bound parameters. */
static bool query_text(struct stmt *q, struct buf *out, struct err *err)
{
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        buf_add(out, stmt_bytes(q, 0));
    stmt_reset(q);
    return step == STEP_ROW ||
           (step == STEP_DONE && err_set(err, "image config: the query returned no row"));
}

static bool write_history(struct writing *w, struct bytes config, struct buf *out, struct err *err)
{
    BUF_AUTO struct buf made = {0};
    bool has_base = w->request->base_config.n && db_json_valid(w->db, w->request->base_config);
    buf_byte(&made, '[');
    for (size_t i = 0; i + 1 < w->n; i++)
        buf_printf(&made, "%s{\"created_by\":\"base\"}", i ? "," : "");
    buf_byte(&made, ']');
    struct stmt *q = db_query(w->db, HISTORY, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":n", w->n > 1 ? (int64_t)w->n - 1 : -1);
    stmt_bind_text(q, ":base", has_base ? w->request->base_config : bytes_of("{}"));
    stmt_bind_text(q, ":made", buf_bytes(&made));
    stmt_bind_text(q, ":config", config);
    stmt_bind_text(q, ":by",
                   bytes_of(w->request->squash_only ? "xsmall: all files in one layer"
                            : w->n > 1              ? "xsmall: kept files over the base"
                                                    : "xsmall: kept files"));
    return query_text(q, out, err);
}

static bool write_config(struct writing *w, struct buf *out, struct err *err)
{
    BUF_AUTO struct buf diff_ids = {0}, history = {0};
    struct bytes config = w->mapped->input.config;
    if (!config.n || !db_json_valid(w->db, config))
        config = bytes_of("{\"config\":{}}");
    for (size_t i = 0; i < w->n; i++)
        buf_printf(&diff_ids, "%s\"%s\"", i ? "," : "[", w->layers[i].digest);
    buf_byte(&diff_ids, ']');
    if (!write_history(w, config, &history, err))
        return false;
    struct stmt *q = db_query(w->db, CONFIG, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":config", config);
    const char *architecture = from_line_architecture(w->mapped->source);
    stmt_bind_text(q, ":architecture", bytes_of(architecture ? architecture : "amd64"));
    stmt_bind_text(q, ":diff_ids", buf_bytes(&diff_ids));
    stmt_bind_text(q, ":history", buf_bytes(&history));
    return query_text(q, out, err);
}

/* Makes the OCI config: removes the keys that only docker's format has. */
static bool write_oci_config(struct writing *w, struct buf *out, struct err *err)
{
    BUF_AUTO struct buf whole = {0};
    struct stmt *q = NULL;
    if (!write_config(w, &whole, err) || !(q = db_query(w->db, OCI_CONFIG, err)))
        return false;
    stmt_bind_text(q, ":config", buf_bytes(&whole));
    return query_text(q, out, err);
}

static void warn_config(const struct writing *w, struct buf *warnings)
{
    static const char *const keys[] = {"Healthcheck", "Shell", "OnBuild"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        BUF_AUTO struct buf path = {0}, value = {0};
        buf_printf(&path, "$.config.%s", keys[i]);
        if (db_json(w->db, w->mapped->input.config, path.p, &value))
            buf_printf(warnings,
                       "%s omitted: not part of the OCI image config; use --style docker\n",
                       keys[i]);
    }
}

static bool add_member(struct writing *w, const char *name, uint64_t size, struct err *err)
{
    struct node node = {.kind = NODE_FILE, .mode = 0644, .size = (int64_t)size};
    return tar_writer_add(w->tar, bytes_of(name), &node, NULL, 0, bytes_from("", 0), err);
}

static bool add_directory(struct writing *w, const char *name, struct err *err)
{
    struct node node = {.kind = NODE_DIR, .mode = 0755};
    return tar_writer_add(w->tar, bytes_of(name), &node, NULL, 0, bytes_from("", 0), err);
}

static bool add_text(struct writing *w, const char *name, struct bytes text, struct err *err)
{
    return add_member(w, name, text.n, err) && tar_writer_data(w->tar, text, err);
}

static bool add_spooled(struct writing *w, const char *name, const struct layer *layer,
                        struct err *err)
{
    BLOB_AUTO struct blob blob = {0};
    struct bytes chunk;
    if (!add_member(w, name, layer->size, err))
        return false;
    blob_open_stored(&blob, layer->fd, 0, layer->size, w->progress);
    do {
        if (!blob_next(&blob, &chunk, err) || !tar_writer_data(w->tar, chunk, err))
            return false;
    } while (chunk.n);
    return true;
}

static const char *hex_of(const char *digest)
{
    return digest + strlen("sha256:");
}

/* Equal layers are stored once. */
static bool is_again(const struct writing *w, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (!strcmp(w->layers[i].digest, w->layers[at].digest))
            return true;
    return false;
}

static bool write_docker(struct writing *w, struct bytes config, const char *digest,
                         struct bytes name, struct err *err)
{
    BUF_AUTO struct buf member = {0}, manifest = {0};
    buf_printf(&member, "%s.json", hex_of(digest));
    buf_printf(&manifest, "[{\"Config\":\"%s\",\"RepoTags\":[", member.p);
    json_quote(name, &manifest);
    buf_add(&manifest, bytes_of("],\"Layers\":["));
    if (!add_text(w, member.p, config, err))
        return false;
    for (size_t i = 0; i < w->n; i++) {
        buf_clear(&member);
        buf_printf(&member, "%s.tar", hex_of(w->layers[i].digest));
        buf_printf(&manifest, "%s\"%s\"", i ? "," : "", member.p);
        if (!is_again(w, i) && !add_spooled(w, member.p, &w->layers[i], err))
            return false;
    }
    buf_add(&manifest, bytes_of("]}]"));
    return add_text(w, "manifest.json", buf_bytes(&manifest), err);
}

static void describe(const char *kind, const char *digest, uint64_t size, struct buf *out)
{
    buf_printf(
        out, "{\"mediaType\":\"application/vnd.oci.image.%s\",\"digest\":\"%s\",\"size\":%" PRIu64,
        kind, digest, size);
}

static bool add_blob(struct writing *w, struct bytes text, struct buf *digest, struct err *err)
{
    BUF_AUTO struct buf member = {0};
    if (!digest_bytes(text, digest, err))
        return false;
    buf_printf(&member, "blobs/sha256/%s", hex_of(digest->p));
    return add_text(w, member.p, text, err);
}

static bool write_oci(struct writing *w, struct bytes config, const char *digest, struct bytes name,
                      struct err *err)
{
    BUF_AUTO struct buf manifest = {0}, index = {0}, member = {0}, named = {0};
    buf_add(&manifest, bytes_of("{\"schemaVersion\":2,\"mediaType\":"
                                "\"application/vnd.oci.image.manifest.v1+json\",\"config\":"));
    describe("config.v1+json", digest, config.n, &manifest);
    buf_add(&manifest, bytes_of("},\"layers\":["));
    if (!add_text(w, "oci-layout", bytes_of("{\"imageLayoutVersion\":\"1.0.0\"}"), err) ||
        !add_directory(w, "blobs", err) || !add_directory(w, "blobs/sha256", err) ||
        !add_blob(w, config, &named, err))
        return false;
    for (size_t i = 0; i < w->n; i++) {
        buf_clear(&member);
        buf_printf(&member, "blobs/sha256/%s", hex_of(w->layers[i].digest));
        if (!is_again(w, i) && !add_spooled(w, member.p, &w->layers[i], err))
            return false;
        buf_add(&manifest, bytes_of(i ? "," : ""));
        describe("layer.v1.tar", w->layers[i].digest, w->layers[i].size, &manifest);
        buf_byte(&manifest, '}');
    }
    buf_add(&manifest, bytes_of("]}"));
    if (!add_blob(w, buf_bytes(&manifest), &named, err))
        return false;
    buf_add(&index, bytes_of("{\"schemaVersion\":2,\"manifests\":["));
    describe("manifest.v1+json", named.p, manifest.n, &index);
    buf_add(&index, bytes_of(",\"annotations\":{\"org.opencontainers.image.ref.name\":"));
    json_quote(name, &index);
    buf_add(&index, bytes_of("}}]}"));
    return add_text(w, "index.json", buf_bytes(&index), err);
}

static bool write_image(struct writing *w, int fd, struct err *err)
{
    BUF_AUTO struct buf config = {0}, digest = {0}, name = {0};
    image_name(w->request->subject_name, &name);
    bool is_oci = w->request->style == IMAGE_OCI;
    if (!add_layers(w, err) ||
        !(is_oci ? write_oci_config(w, &config, err) : write_config(w, &config, err)) ||
        !digest_bytes(buf_bytes(&config), &digest, err) || !tar_writer_open(fd, &w->tar, err))
        return false;
    return (is_oci ? write_oci(w, buf_bytes(&config), digest.p, buf_bytes(&name), err)
                   : write_docker(w, buf_bytes(&config), digest.p, buf_bytes(&name), err)) &&
           tar_writer_end(w->tar, err);
}

static bool write_archive(const struct export_output *output, int fd, struct err *err)
{
    struct writing w = {.db = output->db,
                        .mapped = output->mapped,
                        .request = output->request,
                        .progress = output->progress};
    bool ok = write_image(&w, fd, err);
    if (ok && output->request->style == IMAGE_OCI)
        warn_config(&w, &output->text->warnings);
    for (size_t i = 0; i < w.n; i++) {
        spool_close_at(&w.layers[i].fd);
        free(w.layers[i].digest);
    }
    free(w.layers);
    tar_writer_close(w.tar);
    return ok;
}

/* Writes the text: a description of image.tar. */
static bool write_text(const struct export_request *request, const struct mapped_tree *mapped,
                       struct export_text *text, struct err *err)
{
    struct buf *out = &text->text, *warnings = &text->warnings;
    const struct keep *keep = mapped->keep;
    (void)err;
    BUF_AUTO struct buf name = {0}, omitted = {0}; /* omitted: not used */
    bool over = request->no_squash && mapped->input.base && !request->squash_only;
    image_name(request->subject_name, &name);
    buf_printf(out, "# image.tar: %s, %s\n", name.p,
               request->style == IMAGE_OCI ? "an OCI archive (--style docker: a docker-archive)"
                                           : "a docker-archive (--style oci: an OCI archive)");
    buf_printf(out, "# %s: %" PRId64 " bytes in files; subject image: %" PRId64 " bytes\n",
               request->squash_only ? "one layer with everything in the subject image"
               : over               ? "the layers of the base, and one with the kept files"
               : mapped->input.base ? "one layer with the base and the kept files"
                                    : "one layer with the kept files",
               request->squash_only ? keep->subject_bytes : keep->final_bytes, keep->subject_bytes);
    buf_add(warnings, buf_bytes(&mapped->warnings));
    if (!request->squash_only)
        preflight_add_warnings(mapped, warnings);
    dockerfile_comment(buf_bytes(&mapped->notes), out);
    dockerfile_comment(buf_bytes(warnings), out);
    config_write(&mapped->input, CONFIG_ON_SCRATCH, BUILDER_BUILDAH, out, &omitted);
    return true;
}

static const struct export_style styles[] = {
    {"docker", "docker-archive, as docker save writes it", IMAGE_DOCKER},
    {"oci", "OCI archive", IMAGE_OCI},
    {NULL, NULL, IMAGE_DOCKER},
};

const struct export_form form_image = {
    .name = "image",
    .help = "archive of the slim image, image.tar, made without a builder",
    .archive_file = "image.tar",
    .write_archive = write_archive,
    .styles = styles,
    .has_squash_only = true,
    .write = write_text,
};
