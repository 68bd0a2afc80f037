/* SPDX-License-Identifier: MIT */
#include "image/layer/layer_rows_private.h"

#include <stdlib.h>
#include <string.h>

#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

#include "db/bulk_insert.h"
#include "image/layer/layer_place.h"

static const char *const kind_names[] = {
    [ENTRY_DIR] = "dir",       [ENTRY_FILE] = "file",         [ENTRY_LINK] = "link",
    [ENTRY_CHAR] = "char",     [ENTRY_BLOCK] = "block",       [ENTRY_FIFO] = "fifo",
    [ENTRY_SOCKET] = "socket", [ENTRY_HARDLINK] = "hardlink", [ENTRY_WHITEOUT] = "whiteout",
    [ENTRY_OPAQUE] = "opaque",
};

/* OR IGNORE: a whiteout or an opaque marker can occur twice; other duplicate entries are deleted
 * before. */
static const char ADD_ENTRIES[] =
    "INSERT OR IGNORE INTO entry (layer, path, kind, mode, uid, gid, size, mtime_s, mtime_ns, "
    "link, device, hash, offset, xattrs) "
    "SELECT :layer, c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 FROM bulk";
static const char ADD_XATTR[] = "INSERT INTO xattr (layer, path, name, value) "
                                "VALUES (:layer, :path, :name, :value)";
static const char ADD_NEED[] = "INSERT INTO need (layer, path, seq, kind, value) "
                               "VALUES (:layer, :path, :seq, :kind, :value)";
static const char DROP_ENTRY[] = "DELETE FROM entry WHERE layer = :layer AND path = :path "
                                 "AND kind NOT IN ('whiteout', 'opaque')";
static const char DROP_XATTRS[] = "DELETE FROM xattr WHERE layer = :layer AND path = :path";
static const char DROP_NEEDS[] = "DELETE FROM need WHERE layer = :layer AND path = :path";
static const char ADD_PACKAGES[] =
    "INSERT INTO package_file (layer, path, text) VALUES (:layer, :path, :text)";
static const char DROP_PACKAGES[] =
    "DELETE FROM package_file WHERE layer = :layer AND path = :path";
static const char SET_BYTES[] = "UPDATE layer SET bytes = :bytes WHERE id = :layer";
static const char READ_FACTS[] =
    "SELECT path, kind, size, link FROM entry WHERE layer = :layer ORDER BY path";

static const char MOVE_ENTRY[] =
    "UPDATE entry SET path = :to WHERE layer = :layer AND path = :path "
    "AND kind NOT IN ('whiteout', 'opaque')";
static const char MOVE_XATTRS[] =
    "UPDATE xattr SET path = :to WHERE layer = :layer AND path = :path";
static const char MOVE_NEEDS[] = "UPDATE need SET path = :to WHERE layer = :layer AND path = :path";
static const char MOVE_PACKAGES[] =
    "UPDATE package_file SET path = :to WHERE layer = :layer AND path = :path";
static const char RELINK[] = "UPDATE entry SET link = :link WHERE layer = :layer AND path = :path "
                             "AND kind = 'hardlink'";
static const char TARGET[] =
    "SELECT link FROM entry WHERE layer = :layer AND path = :path AND kind = 'link'";

bool layer_rows_is_marker(enum entry_kind kind)
{
    return kind == ENTRY_WHITEOUT || kind == ENTRY_OPAQUE;
}

void layer_rows_begin(struct layer_rows *facts, struct path_ids *paths, int64_t load, int64_t layer)
{
    *facts = (struct layer_rows){.paths = paths, .load = load, .layer = layer};
}

void layer_rows_finish(struct layer_rows *facts)
{
    free(facts->list);
    layer_place_finish(facts);
    free(facts->rows);
    free(facts->digests);
    *facts = (struct layer_rows){0};
}

struct db *layer_rows_db(const struct layer_rows *facts)
{
    return facts->paths->intern.db;
}

static struct bulk_value of_number(int64_t number)
{
    return (struct bulk_value){.kind = BULK_INT, .number = number};
}

static struct bulk_value of_hash(const uint8_t hash[16])
{
    return (struct bulk_value){.kind = BULK_BLOB, .bytes = bytes_from((const char *)hash, 16)};
}

static struct bulk_value of_text(struct bytes text)
{
    return (struct bulk_value){.kind = BULK_TEXT, .bytes = text};
}

/* Returns the value of a column of ADD_ENTRIES. */
static void entry_value(const void *with, size_t row, int column, struct bulk_value *out)
{
    const struct layer_rows_entry *rows = with;
    const struct entry *entry = rows[row].entry;
    enum entry_kind kind = entry->kind;
    if (column == 0)
        *out = of_number(rows[row].path);
    else if (column == 1)
        *out = of_text(bytes_of(kind_names[kind]));
    else if (column == 2)
        *out = of_number(entry->mode);
    else if (column == 3)
        *out = of_number(entry->uid);
    else if (column == 4)
        *out = of_number(entry->gid);
    else if (column == 5)
        *out = of_number(entry->size);
    else if (column == 6)
        *out = of_number(entry->mtime_s);
    else if (column == 7)
        *out = of_number(entry->mtime_ns);
    else if (column == 8 && (kind == ENTRY_LINK || kind == ENTRY_HARDLINK))
        *out = of_text(entry->link);
    else if (column == 9 && (kind == ENTRY_CHAR || kind == ENTRY_BLOCK))
        *out = of_number(entry->device);
    else if (column == 10 && entry->has_hash)
        *out = of_hash(entry->hash);
    else if (column == 11 && entry->offset != -1)
        *out = of_number(entry->offset);
    else if (column == 12 && entry->n_xattrs)
        *out = of_hash(entry->xattrs_hash);
}

bool layer_rows_write(struct layer_rows *facts, struct err *err)
{
    struct bulk_insert rows = {facts->n_rows, entry_value, facts->rows};
    if (!path_ids_write(facts->paths, err))
        return false;
    if (!rows.n)
        return true;
    struct stmt *q = db_query(layer_rows_db(facts), ADD_ENTRIES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    facts->n_rows = 0;
    return bulk_insert_run(q, &rows, err);
}

static bool add_lists(struct layer_rows *facts, const struct entry *entry, int64_t path,
                      struct err *err)
{
    struct db *db = layer_rows_db(facts);
    for (size_t i = 0; i < entry->n_xattrs; i++) {
        struct stmt *q = db_query(db, ADD_XATTR, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":layer", facts->layer);
        stmt_bind_int(q, ":path", path);
        stmt_bind_text_borrowed(q, ":name", entry->xattrs[i].name);
        stmt_bind_blob_borrowed(q, ":value", entry->xattrs[i].value);
        if (!stmt_run(q, err))
            return false;
    }
    for (size_t i = 0; i < entry->n_needs; i++) {
        struct stmt *q = db_query(db, ADD_NEED, err);
        if (!q)
            return false;
        stmt_bind_int(q, ":layer", facts->layer);
        stmt_bind_int(q, ":path", path);
        stmt_bind_int(q, ":seq", (int64_t)i);
        stmt_bind_text_borrowed(q, ":kind", bytes_of(need_names[entry->needs[i].kind]));
        stmt_bind_text_borrowed(q, ":value", entry->needs[i].value);
        if (!stmt_run(q, err))
            return false;
    }
    return true;
}

static bool add_packages(struct layer_rows *facts, const struct entry *entry, int64_t path,
                         struct err *err)
{
    if (!entry->packages.n)
        return true;
    struct stmt *q = db_query(layer_rows_db(facts), ADD_PACKAGES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    stmt_bind_int(q, ":path", path);
    stmt_bind_blob_borrowed(q, ":text", entry->packages);
    return stmt_run(q, err);
}

/* Runs a statement on the rows of a path. */
static bool run_on(struct layer_rows *facts, const char *sql, int64_t path, int64_t to,
                   struct err *err)
{
    struct stmt *q = db_query(layer_rows_db(facts), sql, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    stmt_bind_int(q, ":path", path);
    if (to)
        stmt_bind_int(q, ":to", to);
    return stmt_run(q, err);
}

bool layer_rows_remove(struct layer_rows *facts, int64_t path, struct err *err)
{
    static const char *const steps[] = {DROP_ENTRY, DROP_XATTRS, DROP_NEEDS, DROP_PACKAGES};
    if (!layer_rows_write(facts, err))
        return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!run_on(facts, steps[i], path, 0, err))
            return false;
    return true;
}

bool layer_rows_move(struct layer_rows *facts, int64_t from, int64_t to, struct err *err)
{
    static const char *const steps[] = {MOVE_ENTRY, MOVE_XATTRS, MOVE_NEEDS, MOVE_PACKAGES};
    if (!layer_rows_remove(facts, to, err))
        return false;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (!run_on(facts, steps[i], from, to, err))
            return false;
    return true;
}

bool layer_rows_relink(struct layer_rows *facts, int64_t path, int64_t link, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    struct stmt *q;
    if (!layer_rows_write(facts, err) || !path_ids_text(facts->paths, link, &text, err) ||
        !(q = db_query(layer_rows_db(facts), RELINK, err)))
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    stmt_bind_int(q, ":path", path);
    stmt_bind_text_borrowed(q, ":link", buf_bytes(&text));
    return stmt_run(q, err);
}

bool layer_rows_target(struct layer_rows *facts, int64_t path, struct buf *out, struct err *err)
{
    struct stmt *q;
    if (!layer_rows_write(facts, err) || !(q = db_query(layer_rows_db(facts), TARGET, err)))
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    stmt_bind_int(q, ":path", path);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW)
        buf_add(out, stmt_bytes(q, 0));
    stmt_reset(q);
    return step != STEP_ERR;
}

/* Returns the digest of all attributes of an entry, except the location of its content. */
static struct layer_rows_digest digest_of(const struct entry *entry)
{
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, "%s %o %u %u %lld %lld.%u %lld %zu ", kind_names[entry->kind], entry->mode,
               entry->uid, entry->gid, (long long)entry->size, (long long)entry->mtime_s,
               entry->mtime_ns, (long long)entry->device, entry->link.n);
    buf_add(&text, bytes_from((const char *)entry->hash, sizeof entry->hash));
    buf_add(&text, bytes_from((const char *)entry->xattrs_hash, sizeof entry->xattrs_hash));
    buf_add(&text, entry->link);
    buf_add(&text, entry->path);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(text.p, text.n));
    struct layer_rows_digest digest;
    memcpy(digest.bytes, canonical.digest, sizeof digest.bytes);
    return digest;
}

void layer_rows_join_digests(struct layer_rows *facts, size_t other, size_t at)
{
    struct layer_rows_digest both[] = {facts->digests[other], facts->digests[at]};
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(both, sizeof both));
    memcpy(facts->digests[at].bytes, canonical.digest, sizeof facts->digests[at].bytes);
}

static bool append(struct layer_rows *facts, const struct entry *entry, struct layer_row row,
                   struct err *err)
{
    ARRAY_ROOM(facts->list, facts->n, facts->cap);
    if (facts->keep_digests) {
        ARRAY_ROOM(facts->digests, facts->n, facts->cap_digests);
        facts->digests[facts->n] = digest_of(entry);
    }
    facts->list[facts->n++] = row;
    if (!layer_rows_is_marker(entry->kind))
        layer_place_set(facts, row.path);
    ARRAY_ROOM(facts->rows, facts->n_rows, facts->cap_rows);
    facts->rows[facts->n_rows++] = (struct layer_rows_entry){entry, row.path};
    return add_lists(facts, entry, row.path, err) && add_packages(facts, entry, row.path, err);
}

static bool add_hardlink(struct layer_rows *facts, const struct entry *entry, int64_t path,
                         struct err *err)
{
    struct layer_row row = {.path = path, .kind = ENTRY_HARDLINK};
    int64_t target;
    bool same;
    if (!(row.link = path_ids_intern(facts->paths, entry->link, err)) ||
        !layer_place_find(facts, entry->link, LAYER_PLACE_LOOK, &target, err) ||
        !layer_place_link(facts, path, target, &row.group, &same, err))
        return false;
    if (same)
        return true;
    if (row.group) {
        row.next_name = facts->list[row.group - 1].group;
        facts->list[row.group - 1].group = (uint32_t)facts->n + 1;
    }
    return append(facts, entry, row, err);
}

bool layer_rows_add(struct layer_rows *facts, const struct entry *entry, struct err *err)
{
    bool is_marker = layer_rows_is_marker(entry->kind);
    enum layer_place_how how = entry->kind == ENTRY_OPAQUE ? LAYER_PLACE_FOLLOW
                               : is_marker                 ? LAYER_PLACE_LOOK
                                                           : LAYER_PLACE_WRITE;
    int64_t path;
    if (!layer_place_find(facts, entry->path, how, &path, err))
        return false;
    if (entry->kind == ENTRY_HARDLINK)
        return add_hardlink(facts, entry, path, err);
    if (!is_marker && !layer_place_clear(facts, path, err))
        return false;
    return append(
        facts, entry,
        (struct layer_row){.path = path, .size = entry->size, .kind = (uint8_t)entry->kind}, err);
}

bool layer_rows_end(struct layer_rows *facts, struct err *err)
{
    if (!layer_place_end(facts, err))
        return false;
    facts->bytes = 0;
    for (size_t i = 0; i < facts->n; i++)
        if (!facts->list[i].gone && facts->list[i].kind == ENTRY_FILE)
            facts->bytes += facts->list[i].size;
    layer_place_finish(facts);
    struct stmt *q = db_query(layer_rows_db(facts), SET_BYTES, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    stmt_bind_int(q, ":bytes", facts->bytes);
    return stmt_run(q, err);
}

static int compare_digests(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct layer_rows_digest));
}

void layer_rows_identity(struct layer_rows *facts, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < facts->n; i++)
        if (!facts->list[i].gone)
            facts->digests[n++] = facts->digests[i];
    if (n)
        qsort(facts->digests, n, sizeof *facts->digests, compare_digests);
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(n ? (const void *)facts->digests : "",
                                                      n * sizeof *facts->digests));
    buf_clear(out);
    buf_add(out, bytes_of("xxh3:"));
    for (size_t i = 0; i < sizeof canonical.digest; i++)
        buf_printf(out, "%02x", canonical.digest[i]);
}

static enum entry_kind kind_from(struct bytes name)
{
    for (size_t i = 0; i < sizeof kind_names / sizeof *kind_names; i++)
        if (bytes_equal(name, bytes_of(kind_names[i])))
            return (enum entry_kind)i;
    return ENTRY_SOCKET; /* a CHECK of the schema excludes other kinds */
}

static bool read_fact(struct layer_rows *facts, struct stmt *q, struct err *err)
{
    struct layer_row fact = {.path = stmt_int(q, 0),
                             .kind = (uint8_t)kind_from(stmt_bytes(q, 1)),
                             .size = stmt_int(q, 2)};
    if (fact.kind == ENTRY_HARDLINK &&
        !(fact.link = path_ids_intern(facts->paths, stmt_bytes(q, 3), err)))
        return false;
    if (fact.kind == ENTRY_FILE && __builtin_add_overflow(facts->bytes, fact.size, &facts->bytes))
        return err_set(err, "%s: layer larger than 2^63 bytes", db_path(layer_rows_db(facts)));
    ARRAY_ROOM(facts->list, facts->n, facts->cap);
    facts->list[facts->n++] = fact;
    return path_ids_load_parents(facts->paths, fact.path, err);
}

bool layer_rows_read(struct layer_rows *facts, struct err *err)
{
    struct stmt *q = db_query(layer_rows_db(facts), READ_FACTS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", facts->layer);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        if (!read_fact(facts, q, err)) {
            stmt_reset(q);
            return false;
        }
    }
    return step == STEP_DONE;
}
