/* SPDX-License-Identifier: MIT */
#include "export/gzip_estimate.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "image/files/file_contents.h"

enum {
    PIECES = 64,
    PIECE_BYTES = 128 << 10,
    ENTRY_BYTES = 40 /* size of a gzipped tar header between contents; 19 between headers */
};

static const char LAYERS[] =
    "SELECT i.ordinal, i.codec, i.size, l.bytes, m.source FROM image_layer i "
    "JOIN layer l ON l.id = i.layer JOIN image m ON m.id = i.image WHERE i.image = :image";

struct layer {
    bool stored;  /* the layer is stored uncompressed, or not stored */
    double ratio; /* else: compressed bytes divided by bytes */
    int64_t wanted;
};

/* A sample: a part of a file that is compressed. */
struct sample {
    uint32_t node;
    uint64_t from, to;
};

struct sampling {
    struct sample *samples; /* owned; in the order of their nodes */
    size_t n, cap;
    z_stream packer;
    uint8_t out[64 << 10];
};

static bool read_layers(struct db *db, const struct tree *tree, struct layer **out, uint32_t n,
                        bool *here, struct err *err)
{
    struct stmt *q = db_query(db, LAYERS, err);
    enum step step;
    if (!q)
        return false;
    *out = mem_zero(n, sizeof **out);
    stmt_bind_int(q, ":image", tree->image);
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        int64_t ordinal = stmt_int(q, 0), size = stmt_int(q, 2), bytes = stmt_int(q, 3);
        struct bytes codec = stmt_bytes(q, 1), source = stmt_bytes(q, 4);
        if (ordinal < 1 || ordinal >= n)
            continue;
        struct layer *layer = &(*out)[ordinal];
        layer->stored =
            bytes_equal(codec, bytes_of("plain")) || bytes_equal(codec, bytes_of("none"));
        layer->ratio = bytes > 0 && size < bytes ? (double)size / (double)bytes : 1;
        *here = bytes_starts(source, bytes_of("/"));
    }
    stmt_reset(q);
    return step == STEP_DONE;
}

static void pack(struct sampling *s, struct bytes piece, int flush)
{
    s->packer.next_in = (Bytef *)piece.p; // zlib does not write to it
    s->packer.avail_in = (uInt)piece.n;
    do {
        s->packer.next_out = s->out;
        s->packer.avail_out = sizeof s->out;
        deflate(&s->packer, flush); /* cannot fail: the output has space, and the state is valid */
    } while (!s->packer.avail_out);
}

static bool take(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct sampling *s = with;
    (void)err;
    for (size_t i = 0; chunk.n && i < s->n; i++) {
        const struct sample *sample = &s->samples[i];
        if (sample->node != node || at >= sample->to || at + chunk.n <= sample->from)
            continue;
        uint64_t begin = sample->from > at ? sample->from - at : 0;
        uint64_t end = sample->to - at < chunk.n ? sample->to - at : chunk.n;
        pack(s, bytes_from(chunk.p + begin, (size_t)(end - begin)), Z_NO_FLUSH);
    }
    return true;
}

/* The pieces are distributed evenly over the `total` bytes of the wanted files in uncompressed
 * layers, as if the files were concatenated. */
struct pieces {
    int64_t total, length;
    size_t next; /* the first piece that ends after the files so far */
};

/* Adds the parts of one file that are in a sampled piece. The file's bytes are at the offsets
 * `begin` to `end` of all files' bytes. */
static void add_samples(struct sampling *s, struct pieces *pieces, uint32_t node, int64_t begin,
                        int64_t end)
{
    for (; pieces->next < PIECES; pieces->next++) {
        int64_t from = (int64_t)((double)pieces->total / PIECES * (double)pieces->next);
        int64_t to = from + pieces->length;
        if (from < end && to > begin) {
            ARRAY_ROOM(s->samples, s->n, s->cap);
            s->samples[s->n++] = (struct sample){node, from > begin ? (uint64_t)(from - begin) : 0,
                                                 (uint64_t)((to < end ? to : end) - begin)};
        }
        if (to > end)
            break;
    }
}

static void choose(struct sampling *s, const struct tree *tree, const bool *counted,
                   const struct layer *layers, int64_t total)
{
    int64_t before = 0, share = total / PIECES + 1;
    struct pieces pieces = {total, share < PIECE_BYTES ? share : PIECE_BYTES, 0};
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct node *node = &tree->nodes[i];
        if (!counted[i] || !layers[node->ordinal].stored)
            continue;
        int64_t end = before + node->size;
        add_samples(s, &pieces, i, before, end);
        before = end;
    }
}

static bool read_pieces(struct sampling *s, struct db *db, const struct tree *tree,
                        struct progress *progress, struct err *err)
{
    CONTENTS_AUTO struct file_contents *contents = NULL;
    MEM_AUTO uint32_t *nodes = mem_array(NULL, s->n + 1, sizeof *nodes);
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++)
        if (!n || nodes[n - 1] != s->samples[i].node)
            nodes[n++] = s->samples[i].node;
    if (deflateInit(&s->packer, Z_DEFAULT_COMPRESSION) != Z_OK)
        return err_set(err, "zlib: %s", s->packer.msg ? s->packer.msg : "out of memory");
    bool ok = file_contents_open(db, tree, progress, &contents, err) &&
              file_contents_each(contents, nodes, n, take, s, err);
    if (ok)
        pack(s, bytes_of(""), Z_FINISH);
    deflateEnd(&s->packer);
    return ok;
}

/* Marks the nodes whose contents count: of a hard link the first wanted name. */
static bool *count(const struct tree *tree, const bool *wanted, struct layer *layers, uint32_t n,
                   int64_t *entries)
{
    bool *counted = mem_zero(tree->n, sizeof *counted), *seen = mem_zero(tree->n, sizeof *seen);
    for (uint32_t i = 0; i < tree->n; i++) {
        const struct node *node = &tree->nodes[i];
        if (wanted && !wanted[i])
            continue;
        ++*entries;
        if (node->kind != NODE_FILE || node->ordinal >= n ||
            (node->peer != NODE_NONE && seen[node->peer]))
            continue;
        if (node->peer != NODE_NONE)
            seen[node->peer] = true;
        counted[i] = true;
        layers[node->ordinal].wanted += node->size;
    }
    free(seen);
    return counted;
}

bool gzip_estimate_add(struct db *db, const struct tree *tree, const bool *wanted,
                       struct progress *progress, int64_t *bytes, struct err *err)
{
    struct sampling sampling = {0};
    MEM_AUTO struct layer *layers = NULL;
    bool here = false;
    uint32_t n = 1;
    for (uint32_t i = 0; i < tree->n; i++)
        n = tree->nodes[i].ordinal >= n ? tree->nodes[i].ordinal + 1 : n;
    if (!read_layers(db, tree, &layers, n, &here, err))
        return false;
    int64_t stored = 0, entries = 0;
    double packed = 0;
    MEM_AUTO bool *counted = count(tree, wanted, layers, n, &entries);
    for (uint32_t i = 0; i < n; i++) {
        if (layers[i].stored)
            stored += layers[i].wanted;
        else
            packed += (double)layers[i].wanted * layers[i].ratio;
    }
    if (stored && !here)
        return err_no(err, "the source of the image is not available on this machine");
    choose(&sampling, tree, counted, layers, stored);
    bool ok = !sampling.n || read_pieces(&sampling, db, tree, progress, err);
    free(sampling.samples);
    if (!ok)
        return false;
    if (sampling.packer.total_in)
        packed +=
            (double)stored * (double)sampling.packer.total_out / (double)sampling.packer.total_in;
    *bytes += (int64_t)packed + entries * ENTRY_BYTES;
    return true;
}
