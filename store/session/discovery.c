/* SPDX-License-Identifier: MIT */
#include "session/discovery.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "image/image.h"
#include "image/source/spawn.h"
#include "trace/trace.h"

enum { ENTRIES_MAX = 10000 };

static void add(struct discovery *here, enum discovery_kind kind, struct bytes name)
{
    ARRAY_ROOM(here->items, here->n, here->cap);
    here->items[here->n++] =
        (struct discovery_item){.kind = kind, .name = arena_copy(&here->arena, name).p};
}

static int compare_items(const void *a, const void *b)
{
    const struct discovery_item *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* A directory counts as logs if it has one. */
static bool has_log(const char *path)
{
    enum { LOOK_MAX = 64 };
    bool found = false;
    DIR *dir = opendir(path);
    struct dirent *entry;
    for (int i = 0; dir && !found && i < LOOK_MAX && (entry = readdir(dir)); i++) {
        BUF_AUTO struct buf name = {0};
        struct err ignored;
        buf_printf(&name, "%s/%s", path, entry->d_name);
        found = entry->d_type == DT_REG && trace_is_log(name.p, &found, &ignored) && found;
    }
    if (dir)
        closedir(dir);
    return found;
}

/* What cannot be read is not offered; nor is an empty file, though it may be a log. */
static void add_entry(struct discovery *here, const struct dirent *entry)
{
    struct bytes name = bytes_of(entry->d_name);
    struct err ignored;
    enum operand operand;
    bool is_log = false;
    if (name.p[0] == '.' || name.p[0] == '-' || bytes_ends(name, bytes_of("-wal")) ||
        bytes_ends(name, bytes_of("-shm")))
        return;
    if (bytes_ends(name, bytes_of(".xsmall")))
        add(here, HERE_SESSION, name);
    else if (!image_operand(entry->d_name, &operand, &ignored))
        return;
    else if (operand == OPERAND_IMAGE)
        add(here, HERE_IMAGE, name);
    else if (operand == OPERAND_LOGS_DIR && has_log(entry->d_name))
        add(here, HERE_LOGS_DIR, name);
    else if (operand == OPERAND_FILE && trace_is_log(entry->d_name, &is_log, &ignored) && is_log)
        add(here, HERE_LOG, name);
}

struct listing {
    struct discovery *here;
    const char *engine;
    struct buf line;
};

static bool take_names(void *with, struct bytes chunk, struct err *err)
{
    enum { LINE_MAX_BYTES = 512 };
    struct listing *listing = with;
    (void)err;
    for (size_t i = 0; i < chunk.n; i++) {
        if (chunk.p[i] != '\n') {
            if (listing->line.n < LINE_MAX_BYTES)
                buf_byte(&listing->line, chunk.p[i]);
            continue;
        }
        if (listing->line.n && bytes_index(buf_bytes(&listing->line), '<') == listing->line.n) {
            BUF_AUTO struct buf name = {0};
            buf_printf(&name, "%s:", listing->engine);
            buf_add(&name, buf_bytes(&listing->line));
            add(listing->here, HERE_ENGINE, buf_bytes(&name));
        }
        buf_clear(&listing->line);
    }
    return true;
}

static void ask_engine(struct discovery *here, const char *engine)
{
    const char *const argv[] = {
        "timeout", "1", engine, "images", "--format", "{{.Repository}}:{{.Tag}}", NULL};
    struct listing listing = {.here = here, .engine = engine};
    struct err ignored;
    size_t before = here->n;
    if (!spawn_read(argv, take_names, &listing, NULL, &ignored))
        here->n = before;
    buf_finish(&listing.line);
}

bool discovery_read(struct discovery *here, struct err *err)
{
    *here = (struct discovery){0};
    DIR *dir = opendir(".");
    if (!dir)
        return err_sys(err, "the current directory");
    struct dirent *entry;
    for (int i = 0; i < ENTRIES_MAX && (entry = readdir(dir)); i++)
        add_entry(here, entry);
    closedir(dir);
    size_t n_sessions = 0;
    for (size_t i = 0; i < here->n; i++)
        n_sessions += here->items[i].kind == HERE_SESSION;
    if (n_sessions != 1) { /* else it is what is meant */
        ask_engine(here, "docker");
        ask_engine(here, "podman");
    }
    if (here->n)
        qsort(here->items, here->n, sizeof *here->items, compare_items);
    return true;
}

void discovery_finish(struct discovery *here)
{
    free(here->items);
    arena_finish(&here->arena);
    *here = (struct discovery){0};
}
