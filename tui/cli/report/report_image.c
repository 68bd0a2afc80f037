/* SPDX-License-Identifier: MIT */
#include "cli/report/report_image.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/output.h"
#include "image/source/platform.h"

enum { DEAD_SHOWN = 20 };

static uint32_t n_written(const struct layer *layer)
{
    return layer->n[CHANGE_ADDED] + layer->n[CHANGE_MODIFIED] + layer->n[CHANGE_META];
}

static void sums(const struct layers *layers, int64_t *bytes, int64_t *dead)
{
    *bytes = *dead = 0;
    for (size_t i = 0; layers && i < layers->n; i++) {
        *bytes += layers->all[i].bytes;
        *dead += layers->all[i].dead_bytes;
    }
}

static void layers_text(const struct layers *layers)
{
    printf("layers: %zu\n  %5s %14s %14s  %s\n", layers->n, "layer", "bytes", "hidden bytes",
           "command");
    for (size_t i = 0; i < layers->n; i++) {
        const struct layer *layer = &layers->all[i];
        printf("  %5u %14" PRId64 " %14" PRId64 "  ", layer->ordinal, layer->bytes,
               layer->dead_bytes);
        output_word(stdout, layer->command);
        printf("\n        paths written: %u (%u added, %u modified, %u metadata only); removed: "
               "%u\n",
               n_written(layer), layer->n[CHANGE_ADDED], layer->n[CHANGE_MODIFIED],
               layer->n[CHANGE_META], layer->n[CHANGE_REMOVED]);
    }
}

static void dead_text(const struct layers *layers)
{
    BUF_AUTO struct buf path = {0};
    if (!layers->n_dead)
        return;
    printf("files hidden by later layers: %zu\n  %14s %10s %9s  %-15s %s\n", layers->n_dead,
           "bytes", "written in", "hidden by", "how", "path");
    for (size_t i = 0; i < layers->n_dead && i < DEAD_SHOWN; i++) {
        const struct dead *dead = &layers->dead[i];
        buf_clear(&path);
        tree_path(layers->tree, dead->node, &path);
        printf("  %14" PRId64 " %10u %9u  %-15s ", dead->bytes, dead->writer, dead->killer,
               death_name(dead->reason));
        output_word(stdout, buf_bytes(&path));
        putchar('\n');
    }
    if (layers->n_dead > DEAD_SHOWN)
        printf("  and %zu more (--json lists all)\n", layers->n_dead - DEAD_SHOWN);
}

/* Appends the platform of the subject image; nothing if its config does not have it. */
static void find_platform(const struct session *session, struct buf *out)
{
    struct bytes config = bytes_of(session->subject_info.config);
    if (session->subject && db_json_valid(session->db, config))
        platform_of(session->db, config, out);
}

void report_image_text(const struct session *session, const struct layers *layers)
{
    BUF_AUTO struct buf platform = {0};
    int64_t bytes, dead;
    if (!layers)
        return;
    find_platform(session, &platform);
    sums(layers, &bytes, &dead);
    fputs("subject image: ", stdout);
    output_word(stdout, bytes_of(session->subject_info.name));
    if (platform.n)
        printf("\n  platform %s", platform.p);
    printf("\n  entries %u, bytes %" PRId64 "; bytes in all layers %" PRId64
           ", hidden by later layers %" PRId64 "\n",
           session->subject->n, session->keep->subject_bytes, bytes, dead);
    layers_text(layers);
    dead_text(layers);
    printf("as dive counts: efficiency %.4f %%, wasted bytes %" PRId64 "\n",
           100 * layers->dive.efficiency, layers->dive.wasted_bytes);
}

static void layers_json(const struct layers *layers)
{
    fputs("  \"layers\": [", stdout);
    for (size_t i = 0; layers && i < layers->n; i++) {
        const struct layer *layer = &layers->all[i];
        printf("%s\n    {\"ordinal\": %u, \"diff_id\": ", i ? "," : "", layer->ordinal);
        output_json(layer->diff_id);
        fputs(", \"command\": ", stdout);
        output_json(layer->command);
        printf(", \"bytes\": %" PRId64 ", \"dead_bytes\": %" PRId64, layer->bytes,
               layer->dead_bytes);
        printf(", \"written\": %u, \"added\": %u, \"modified\": %u, \"metadata_only\": %u, "
               "\"removed\": %u, \"removed_bytes\": %" PRId64 "}",
               n_written(layer), layer->n[CHANGE_ADDED], layer->n[CHANGE_MODIFIED],
               layer->n[CHANGE_META], layer->n[CHANGE_REMOVED], layer->killed_bytes);
    }
    fputs("],\n", stdout);
}

static void dead_json(const struct layers *layers)
{
    BUF_AUTO struct buf path = {0};
    fputs("  \"dead\": [", stdout);
    for (size_t i = 0; layers && i < layers->n_dead; i++) {
        const struct dead *dead = &layers->dead[i];
        buf_clear(&path);
        tree_path(layers->tree, dead->node, &path);
        printf("%s\n    {", i ? "," : "");
        output_json_bytes("path", buf_bytes(&path));
        printf(", \"bytes\": %" PRId64 ", \"writer\": %u, \"killer\": %u, \"reason\": \"%s\"",
               dead->bytes, dead->writer, dead->killer, death_name(dead->reason));
        if (dead->last != dead->node) {
            buf_clear(&path);
            tree_path(layers->tree, dead->last, &path);
            fputs(", ", stdout);
            output_json_bytes("last_name", buf_bytes(&path));
        }
        putchar('}');
    }
    fputs("],\n", stdout);
}

void report_image_json(const struct session *session, const struct layers *layers)
{
    BUF_AUTO struct buf platform = {0};
    int64_t bytes, dead;
    sums(layers, &bytes, &dead);
    find_platform(session, &platform);
    fputs("  \"platform\": ", stdout);
    if (platform.n)
        output_json(buf_bytes(&platform));
    else
        fputs("null", stdout);
    printf(",\n  \"subject_bytes\": %" PRId64 ",\n  \"layer_bytes\": %" PRId64
           ",\n  \"dead_bytes\": %" PRId64 ",\n",
           session->keep ? session->keep->subject_bytes : 0, bytes, dead);
    if (layers)
        printf("  \"dive\": {\"efficiency\": %.15f, \"wasted_bytes\": %" PRId64
               ", \"user_bytes\": %" PRId64 "},\n",
               layers->dive.efficiency, layers->dive.wasted_bytes, layers->dive.user_bytes);
    else
        fputs("  \"dive\": null,\n", stdout);
    layers_json(layers);
    dead_json(layers);
}
