/* SPDX-License-Identifier: MIT */
#include "session/discovery.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "image/source/engine.h"
#include "trace/log/log_sources.h"
#include "trace/trace.h"

enum { ENTRIES_MAX = 10000 };

static void add(struct discovery *found, enum discovery_kind kind, struct bytes name)
{
    ARRAY_ROOM(found->items, found->n, found->cap);
    found->items[found->n++] =
        (struct discovery_item){.kind = kind, .name = arena_copy(&found->arena, name).p};
}

static int compare_items(const void *a, const void *b)
{
    const struct discovery_item *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Returns whether a directory has a log; such a directory is listed as a directory of logs. */
static bool has_log(const char *path)
{
    enum { LOOK_MAX = 64 };
    bool found = false;
    DIR *dir = opendir(path);
    struct dirent *entry;
    for (int i = 0; dir && !found && i < LOOK_MAX && (entry = readdir(dir)); i++) {
        BUF_AUTO struct buf name = {0};
        buf_printf(&name, "%s/%s", path, entry->d_name);
        found = entry->d_type == DT_REG && log_sources_is_log(name.p, &found, NULL) && found;
    }
    if (dir)
        closedir(dir);
    return found;
}

/* Adds a directory entry. Unreadable files and empty files are not listed, although an empty file
 * may be a new log. */
static void add_entry(struct discovery *found, const struct dirent *entry)
{
    struct bytes name = bytes_of(entry->d_name);
    enum operand operand;
    bool is_log = false;
    if (name.p[0] == '.' || name.p[0] == '-' || bytes_ends(name, bytes_of("-wal")) ||
        bytes_ends(name, bytes_of("-shm")))
        return;
    if (bytes_ends(name, bytes_of(".xsmall")))
        add(found, DISCOVERED_SESSION, name);
    else if (!image_operand(entry->d_name, &operand, NULL))
        return;
    else if (operand == OPERAND_IMAGE)
        add(found, DISCOVERED_IMAGE, name);
    else if (operand == OPERAND_LOGS_DIR && has_log(entry->d_name))
        add(found, DISCOVERED_LOGS_DIR, name);
    else if (operand == OPERAND_FILE && log_sources_is_log(entry->d_name, &is_log, NULL) && is_log)
        add(found, DISCOVERED_LOG, name);
}

static void add_engine_image(void *with, struct bytes reference)
{
    add(with, DISCOVERED_ENGINE, reference);
}

/* Adds the images of an engine; adds nothing if the engine is not installed, fails or does not
 * answer. */
static void add_engine_images(struct discovery *found, const struct engine *engine)
{
    size_t before = found->n;
    if (engine->list[0] && !engine_list(engine, add_engine_image, found, NULL))
        found->n = before;
}

bool discovery_read(struct discovery *found, struct err *err)
{
    *found = (struct discovery){0};
    DIR *dir = opendir(".");
    if (!dir)
        return err_sys(err, "the current directory");
    struct dirent *entry;
    for (int i = 0; i < ENTRIES_MAX && (entry = readdir(dir)); i++)
        add_entry(found, entry);
    closedir(dir);
    size_t n_sessions = 0;
    for (size_t i = 0; i < found->n; i++)
        n_sessions += found->items[i].kind == DISCOVERED_SESSION;
    for (size_t i = 0; n_sessions != 1 && i < n_engines;
         i++) /* a single session is opened directly */
        add_engine_images(found, &engines[i]);
    if (found->n)
        qsort(found->items, found->n, sizeof *found->items, compare_items);
    return true;
}

void discovery_finish(struct discovery *found)
{
    free(found->items);
    arena_finish(&found->arena);
    *found = (struct discovery){0};
}
