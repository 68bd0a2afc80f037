/* SPDX-License-Identifier: MIT
 *
 * The files are read in phases: first the files that list packages, then the files that list paths,
 * in the order of precedence. The first package that lists a path owns it.
 */
#include "image/merge/package_owners.h"

#include <stdlib.h>
#include <zstd.h>

#include "db/loading.h"
#include "image/merge/package_owners_walk.h"
#include "image/content/package_text.h"
#include "util/arena.h"
#include "util/path.h"

enum { PACKAGES_MAX = 200000, FILES_MAX = 1000000, DIVERSIONS_MAX = 100000 };
#define SHARED UINT32_MAX /* a directory that several packages list */

static const char FILES[] = "SELECT path FROM package_file WHERE layer = :layer";
static const char TEXT[] = "SELECT text FROM package_file WHERE layer = :layer AND path = :path";
static const char ADD[] = "INSERT INTO package (image, number, manager, name, version, arch) "
                          "VALUES (:image, :number, :manager, :name, :version, :arch)";

/* A package manager's file that the tree shows. */
struct owners_file {
    struct package_owners_node node;
    enum package_text_kind kind;
    struct bytes path; /* canonical; in the arena */
};

struct owners_package {
    const char *manager;
    struct bytes name, version, arch; /* in the arena */
    bool is_left;                     /* dpkg: removed, but its configuration files remain */
    bool owns;                        /* the package owns at least one path */
};

/* dpkg-divert(1): the file of other packages at a path is moved to `to`. */
struct diversion {
    struct bytes to, by; /* in the arena; by: the package that keeps the path, or ":" */
};

struct owning {
    const struct package_owners_request *request;
    struct package_owners_walk walk;
    ZSTD_DCtx *zstd; /* owned */
    struct arena arena;
    struct owners_file *files; /* owned; by path */
    size_t n_files, cap_files;
    struct owners_package *packages; /* owned */
    size_t n_packages, cap_packages;
    struct map known; /* "dpkg NAME", "dpkg NAME:ARCH", "one FILE", "apk NAME", "python DIR" → index
                       */
    struct diversion *diversions; /* owned */
    size_t n_diversions, cap_diversions;
    struct map diverted;    /* path as written → index in diversions */
    struct bytes triple[3]; /* lines of a diversion; in the arena */
    size_t n_triple;
    uint32_t *owner; /* owned; by path id: index + 1 in packages, SHARED, or 0 */
    size_t n_owner;
    struct buf text, key, path;    /* owned */
    const struct owners_file *now; /* the file that is being read */
    size_t package;    /* owner of the paths that follow: index + 1 in packages; 0: no package */
    bool has_reported; /* a problem of this file has been reported */
    bool failed;
    struct err *err;
};

static void owning_finish(struct owning *o)
{
    package_owners_walk_finish(&o->walk);
    ZSTD_freeDCtx(o->zstd);
    arena_finish(&o->arena);
    free(o->files);
    free(o->packages);
    free(o->diversions);
    map_finish(&o->known);
    map_finish(&o->diverted);
    free(o->owner);
    buf_finish(&o->text);
    buf_finish(&o->key);
    buf_finish(&o->path);
}
#define OWNING_AUTO __attribute__((cleanup(owning_finish)))

static struct bytes key_of(struct owning *o, const char *space, struct bytes name,
                           struct bytes arch)
{
    buf_clear(&o->key);
    buf_add(&o->key, bytes_of(space));
    buf_byte(&o->key, ' ');
    buf_add(&o->key, name);
    if (arch.n) {
        buf_byte(&o->key, ':');
        buf_add(&o->key, arch);
    }
    return buf_bytes(&o->key);
}

/* Returns index + 1 of a known package, or 0. */
static size_t known_package(struct owning *o, const char *space, struct bytes name)
{
    const uint64_t *at = map_find(&o->known, key_of(o, space, name, bytes_from(NULL, 0)));
    return at ? (size_t)*at + 1 : 0;
}

static void report_odd(void *with, const char *what)
{
    struct owning *o = with;
    if (!o->has_reported && !o->failed)
        o->failed = !loading_problem(o->request->db, o->request->load, o->now->path, what, o->err);
    o->has_reported = true;
}

static bool has_room(struct owning *o)
{
    if (o->n_packages == PACKAGES_MAX)
        report_odd(o, "too many packages");
    return o->n_packages < PACKAGES_MAX;
}

/* Adds a package and returns its index + 1; 0 if there are too many packages. */
static size_t add_package(struct owning *o, const char *manager,
                          const struct package_text_about *about)
{
    if (!has_room(o))
        return 0;
    ARRAY_ROOM(o->packages, o->n_packages, o->cap_packages);
    o->packages[o->n_packages++] =
        (struct owners_package){.manager = manager,
                                .name = arena_copy(&o->arena, about->name),
                                .version = arena_copy(&o->arena, about->version),
                                .arch = arena_copy(&o->arena, about->arch),
                                .is_left = bytes_equal(about->state, bytes_of("config-files"))};
    return o->n_packages;
}

static void take_dpkg(struct owning *o, const struct package_text_about *about)
{
    bool is_new;
    if (bytes_equal(about->state, bytes_of("not-installed")) || !has_room(o))
        return;
    uint64_t *at = map_at(&o->known, key_of(o, "dpkg", about->name, about->arch), &is_new);
    if (!is_new)
        return;
    size_t package = add_package(o, "dpkg", about);
    *at = package - 1;
    at = map_at(&o->known, key_of(o, "dpkg", about->name, bytes_from(NULL, 0)), &is_new);
    if (is_new || (o->packages[*at].is_left && !o->packages[package - 1].is_left))
        *at = package - 1;
}

/* Adds a package that is identified by a key other than its name. */
static size_t take_named(struct owning *o, const char *manager, const char *space,
                         struct bytes name, const struct package_text_about *about)
{
    size_t package = known_package(o, space, name);
    if (!package && (package = add_package(o, manager, about)))
        *map_at(&o->known, key_of(o, space, name, bytes_from(NULL, 0)), NULL) = package - 1;
    return package;
}

static void take_package(void *with, const struct package_text_about *about)
{
    struct owning *o = with;
    struct bytes stem = package_text_stem(o->now->kind, o->now->path);
    if (o->now->kind == PACKAGE_DPKG_STATUS)
        take_dpkg(o, about);
    else if (o->now->kind == PACKAGE_DPKG_ONE)
        take_named(o, "dpkg", "one", stem, about);
    else if (o->now->kind == PACKAGE_PYTHON_METADATA)
        take_named(o, "python", "python", stem, about);
    else if (o->now->kind == PACKAGE_APK)
        o->package = take_named(o, "apk", "apk", about->name, about);
}

/* Collects three lines: the path, the diverted path, and the package that diverts it. */
static void take_diversion(struct owning *o, struct bytes line)
{
    if (o->n_diversions == DIVERSIONS_MAX) {
        report_odd(o, "too many diversions");
        return;
    }
    o->triple[o->n_triple++] = arena_copy(&o->arena, line);
    if (o->n_triple < 3)
        return;
    o->n_triple = 0;
    ARRAY_ROOM(o->diversions, o->n_diversions, o->cap_diversions);
    *map_at(&o->diverted, o->triple[0], NULL) = o->n_diversions;
    o->diversions[o->n_diversions++] = (struct diversion){o->triple[1], o->triple[2]};
}

/* Returns the diverted path of a package's path; the path itself if the package is the one that
 * diverts it. */
static struct bytes divert(struct owning *o, struct bytes path)
{
    const uint64_t *at = map_find(&o->diverted, path);
    if (!at || bytes_equal(o->diversions[*at].by, o->packages[o->package - 1].name))
        return path;
    return o->diversions[*at].to;
}

static void claim(struct owning *o, struct bytes path)
{
    struct package_owners_node node;
    int64_t id;
    enum lookup found = package_owners_walk(&o->walk, path, &id, o->err);
    if (found == LOOKUP_ERR) {
        o->failed = true;
        return;
    }
    if (o->walk.cost > OWNERS_COST_MAX)
        report_odd(o, "too many symlinks in its paths; the remaining paths have no owner");
    if (found == LOOKUP_ABSENT || (size_t)id >= o->n_owner ||
        !o->request->node(o->request->with, id, &node))
        return;
    uint32_t *owner = &o->owner[id], package = (uint32_t)o->package;
    if (!*owner)
        *owner = package;
    else if (node.is_dir && *owner != package)
        *owner = SHARED;
    o->packages[o->package - 1].owns |= *owner == package;
}

static void take_path(void *with, struct bytes path)
{
    struct owning *o = with;
    if (o->failed)
        return;
    if (o->now->kind == PACKAGE_DPKG_DIVERSIONS) {
        take_diversion(o, path);
        return;
    }
    if (!o->package)
        return;
    if (o->now->kind == PACKAGE_DPKG_LIST && o->n_diversions)
        path = divert(o, path);
    if (o->now->kind == PACKAGE_PYTHON_RECORD && path.p[0] != '/') {
        buf_clear(&o->path);
        buf_add(&o->path, path_dir(path_dir(o->now->path)));
        buf_byte(&o->path, '/');
        buf_add(&o->path, path);
        path = buf_bytes(&o->path);
    }
    claim(o, path);
}

/* Unpacks the text of a file into o->text. Sets *ok to false if it cannot be unpacked. */
static bool unpack(struct owning *o, const struct owners_file *file, bool *ok)
{
    struct stmt *q = db_query(o->request->db, TEXT, o->err);
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", file->node.layer);
    stmt_bind_int(q, ":path", file->node.path);
    enum step step = stmt_step(q, o->err);
    struct bytes packed = step == STEP_ROW ? stmt_bytes(q, 0) : bytes_from(NULL, 0);
    unsigned long long size = ZSTD_getFrameContentSize(packed.p, packed.n);
    buf_clear(&o->text);
    *ok = o->zstd && packed.n && size <= PACKAGE_TEXT_MAX; /* both error values are greater */
    if (*ok) {
        buf_reserve(&o->text, size);
        *ok = ZSTD_decompressDCtx(o->zstd, o->text.p, size, packed.p, packed.n) == size;
        o->text.n = *ok ? size : 0;
    }
    stmt_reset(q);
    return step != STEP_ERR;
}

/* Adds the package of a RECORD without METADATA, from the directory's name NAME-VERSION.dist-info.
 */
static size_t package_of_directory(struct owning *o, struct bytes dir)
{
    struct bytes name = path_base(dir);
    name.n -= strlen(".dist-info");
    size_t dash = bytes_index(name, '-');
    struct package_text_about about = {.name = bytes_from(name.p, dash),
                                       .version = bytes_skip(name, dash + 1)};
    return about.name.n ? take_named(o, "python", "python", dir, &about) : 0;
}

/* Returns the package of the paths in a file; 0 if the file has no paths, or if its text names the
 * package. */
static size_t package_of_file(struct owning *o, const struct owners_file *file)
{
    struct bytes stem = package_text_stem(file->kind, file->path);
    size_t package = 0;
    if (file->kind == PACKAGE_DPKG_LIST)
        return known_package(o, "dpkg", stem);
    if (file->kind == PACKAGE_DPKG_SUMS)
        return known_package(o, "one", stem);
    if (file->kind == PACKAGE_PYTHON_RECORD && !(package = known_package(o, "python", stem)))
        package = package_of_directory(o, stem);
    return package;
}

static bool read_file(struct owning *o, const struct owners_file *file)
{
    struct package_text_sink sink = {o, take_package, take_path, report_odd};
    bool ok;
    if (!unpack(o, file, &ok))
        return false;
    if (!ok)
        report_odd(o, "invalid package database");
    o->n_triple = 0;
    package_text_read(file->kind, buf_bytes(&o->text), &sink);
    return !o->failed;
}

enum whose { ANYBODYS, INSTALLED, LEFT };

static bool read_phase(struct owning *o, enum package_text_kind kind, enum whose whose)
{
    for (size_t i = 0; i < o->n_files; i++) {
        o->now = &o->files[i];
        o->has_reported = false;
        if (o->now->kind != kind)
            continue;
        o->package = package_of_file(o, o->now);
        if (whose != ANYBODYS &&
            (!o->package || o->packages[o->package - 1].is_left != (whose == LEFT)))
            continue;
        if (!read_file(o, o->now))
            return false;
    }
    return true;
}

static bool read_phases(struct owning *o)
{
    static const struct {
        enum package_text_kind kind;
        enum whose whose;
    } phases[] = {
        {PACKAGE_DPKG_STATUS, ANYBODYS},     {PACKAGE_DPKG_ONE, ANYBODYS},
        {PACKAGE_DPKG_DIVERSIONS, ANYBODYS}, {PACKAGE_PYTHON_METADATA, ANYBODYS},
        {PACKAGE_DPKG_LIST, INSTALLED},      {PACKAGE_DPKG_SUMS, INSTALLED},
        {PACKAGE_DPKG_LIST, LEFT},           {PACKAGE_APK, ANYBODYS},
        {PACKAGE_PYTHON_RECORD, ANYBODYS},
    };
    for (size_t i = 0; i < sizeof phases / sizeof *phases; i++)
        if (!read_phase(o, phases[i].kind, phases[i].whose))
            return false;
    return true;
}

static int compare_files(const void *a, const void *b)
{
    const struct owners_file *x = a, *y = b;
    return bytes_compare(x->path, y->path);
}

/* Finds the package managers' files of a layer that the tree shows. */
static bool find_in_layer(struct owning *o, int64_t layer, struct err *err)
{
    const struct package_owners_request *request = o->request;
    struct stmt *q = db_query(request->db, FILES, err);
    BUF_AUTO struct buf text = {0};
    enum step step;
    if (!q)
        return false;
    stmt_bind_int(q, ":layer", layer);
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        struct owners_file file = {.kind = PACKAGE_NONE};
        int64_t path = stmt_int(q, 0);
        if (!request->node(request->with, path, &file.node) || file.node.layer != layer ||
            file.node.path != path || o->n_files == FILES_MAX)
            continue;
        if (!path_ids_text(request->paths, path, &text, err)) {
            stmt_reset(q);
            return false;
        }
        file.path = arena_copy(&o->arena, buf_bytes(&text));
        file.kind = package_text_kind_of(file.path);
        ARRAY_ROOM(o->files, o->n_files, o->cap_files);
        o->files[o->n_files++] = file;
    }
    return step == STEP_DONE;
}

static bool find_files(struct owning *o, struct err *err)
{
    for (size_t i = 0; i < o->request->n_layers; i++) {
        bool seen = false;
        for (size_t k = 0; k < i; k++)
            seen = seen || o->request->layers[k] == o->request->layers[i];
        if (!seen && !find_in_layer(o, o->request->layers[i], err))
            return false;
    }
    if (o->n_files)
        qsort(o->files, o->n_files, sizeof *o->files, compare_files);
    return true;
}

static bool write_package(struct owning *o, const struct owners_package *package, uint32_t number,
                          struct err *err)
{
    struct stmt *q = db_query(o->request->db, ADD, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", o->request->image);
    stmt_bind_int(q, ":number", number);
    stmt_bind_text(q, ":manager", bytes_of(package->manager));
    stmt_bind_text(q, ":name", package->name);
    stmt_bind_text(q, ":version", package->version);
    stmt_bind_text(q, ":arch", package->arch);
    return stmt_run(q, err);
}

/* Writes the packages that are kept, and replaces the indexes in o->owner by package numbers. */
static bool write_packages(struct owning *o, struct err *err)
{
    MEM_AUTO uint32_t *numbers = mem_zero(o->n_packages + 1, sizeof *numbers);
    uint32_t n = 0;
    for (size_t i = 0; i < o->n_packages; i++) {
        const struct owners_package *package = &o->packages[i];
        if (!package->owns && !strcmp(package->manager, "python"))
            continue;
        numbers[i + 1] = ++n;
        if (!write_package(o, package, n, err))
            return false;
    }
    for (size_t i = 0; i < o->n_owner; i++)
        o->owner[i] = o->owner[i] == SHARED ? 0 : numbers[o->owner[i]];
    return true;
}

bool package_owners_find(const struct package_owners_request *request, uint32_t **owner,
                         struct err *err)
{
    OWNING_AUTO struct owning o = {.request = request, .walk = {.request = request}, .err = err};
    *owner = NULL;
    if (!find_files(&o, err))
        return false;
    if (!o.n_files)
        return true;
    o.zstd = ZSTD_createDCtx();
    o.n_owner = request->paths->n;
    o.owner = mem_zero(o.n_owner, sizeof *o.owner);
    if (!read_phases(&o) || !write_packages(&o, err))
        return false;
    *owner = mem_steal(&o.owner);
    return true;
}
