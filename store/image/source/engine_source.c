/* SPDX-License-Identifier: MIT
 *
 * Opens an image of an engine: copies the archive that the engine's save command writes into a
 * temporary file and reads it from there.
 */
#include "image/source/engine.h"

#include <stdlib.h>
#include <string.h>

#include "image/source/platform.h"
#include "image/source/source_kind.h"
#include "image/source/spawn.h"
#include "util/spool.h"

/* A reference "ENGINE:IMAGE" or "ENGINE:IMAGE PLATFORM", split. */
struct engine_ref {
    const struct engine *engine;  /* NULL: not a reference of an engine */
    struct bytes image, platform; /* borrowed; platform.n is 0 if not given */
};

static bool has_platforms(const struct engine *engine)
{
    return engine->index[0] != NULL;
}

static struct engine_ref split_ref(const char *ref)
{
    struct bytes text = bytes_of(ref);
    size_t colon = bytes_index(text, ':');
    for (size_t i = 0; i < n_engines; i++)
        if (colon < text.n && bytes_equal(bytes_from(ref, colon), bytes_of(engines[i].name))) {
            struct bytes rest = bytes_skip(text, colon + 1);
            size_t n = has_platforms(&engines[i]) ? bytes_index(rest, ' ') : rest.n;
            return (struct engine_ref){&engines[i], bytes_from(rest.p, n), bytes_skip(rest, n + 1)};
        }
    return (struct engine_ref){0};
}

static bool accepts(const char *ref)
{
    return split_ref(ref).engine != NULL;
}

static bool takes_platform(const char *ref)
{
    const struct engine *engine = split_ref(ref).engine;
    return has_platforms(engine) && !strchr(ref, ' ');
}

static void add_name(const char *ref, struct buf *out)
{
    struct bytes image = split_ref(ref).image;
    buf_add(out, bytes_from(image.p, bytes_index(image, '@')));
}

/* The words of the command, in a list that ends with NULL; the strings are owned. */
struct command {
    char *words[16];
    size_t n;
};

static void command_finish(struct command *command)
{
    for (size_t i = 0; i < command->n; i++)
        free(command->words[i]);
}

#define COMMAND_AUTO __attribute__((cleanup(command_finish)))

static void add_word(struct command *command, const char *option, struct bytes value)
{
    BUF_AUTO struct buf word = {0};
    buf_add(&word, bytes_of(option));
    buf_add(&word, value);
    command->words[command->n++] = buf_steal(&word);
}

static void add_platform(struct command *command, const struct engine *engine,
                         struct bytes platform)
{
    struct platform_parts parts;
    if (!platform.n || !platform_split(platform, &parts))
        return;
    add_word(command, engine->os, parts.os);
    add_word(command, engine->machine, parts.machine);
    if (parts.variant.n)
        add_word(command, engine->variant, parts.variant);
}

/* Makes a command of the engine for an image. If platform.n is 0, the command has no platform
 * options. */
static void make_command(const struct engine_ref *ref, const char *const *words,
                         struct bytes platform, struct command *out)
{
    for (size_t i = 0; words[i]; i++) {
        struct bytes word = bytes_of(words[i]);
        if (bytes_ends(word, bytes_of("@"))) {
            MEM_AUTO char *before = mem_dup(bytes_from(word.p, word.n - 1));
            add_word(out, before, ref->image);
        } else {
            add_word(out, words[i], bytes_from("", 0));
        }
        if (i == 0)
            add_platform(out, ref->engine, platform);
    }
}

static bool run(const struct command *command, bool (*take)(void *, struct bytes, struct err *),
                void *with, struct progress *progress, struct err *err)
{
    return spawn_read((const char *const *)command->words, take, with, progress, err);
}

static bool add_text(void *with, struct bytes chunk, struct err *err)
{
    enum { INDEX_MAX = 4 * 1024 * 1024 };
    struct buf *text = with;
    if (text->n + chunk.n > INDEX_MAX)
        return err_set(
            err,
            "manifest index: larger than %d bytes; name the image of one platform by its "
            "digest",
            INDEX_MAX);
    buf_add(text, chunk);
    return true;
}

/* Checks the platform: if the image exists for several platforms, the reference must name one
 * platform. */
static bool check_platforms(const struct engine_ref *ref, struct progress *progress,
                            struct err *err)
{
    BUF_AUTO struct buf index = {0};
    BUF_AUTO struct buf list = {0};
    COMMAND_AUTO struct command command = {0};
    size_t n;
    make_command(ref, ref->engine->index, bytes_from("", 0), &command);
    if (!run(&command, add_text, &index, progress, err) ||
        !platform_list(buf_bytes(&index), &list, &n, err))
        return false;
    return n < 2 || err_set(err, "%zu platforms; choose one with --platform P: %s", n, list.p);
}

/* A temporary file that receives the archive. */
struct download {
    int fd;
    uint64_t n;
    struct progress *progress;
};

static bool take_chunk(void *with, struct bytes chunk, struct err *err)
{
    struct download *download = with;
    if (!spool_write(download->fd, chunk, download->n, err))
        return false;
    download->n += chunk.n;
    if (download->progress)
        atomic_fetch_add(&download->progress->done_bytes, chunk.n);
    return true;
}

static bool save(const struct engine_ref *ref, struct download *download, struct err *err)
{
    COMMAND_AUTO struct command command = {0};
    struct platform_parts parts;
    if (!ref->image.n || strchr("-/:@", ref->image.p[0]))
        return err_set(err, "%s: expected the name of an image after the colon", ref->engine->name);
    if (ref->platform.n && !platform_split(ref->platform, &parts))
        return err_set(err, "--platform %s: expected OS/ARCHITECTURE[/VARIANT]", ref->platform.p);
    if (has_platforms(ref->engine) && !ref->platform.n &&
        !check_platforms(ref, download->progress, err))
        return false;
    make_command(ref, ref->engine->save, ref->platform, &command);
    return run(&command, take_chunk, download, download->progress, err);
}

static bool open_image(struct image_source *source, const char *ref, struct progress *progress,
                       struct err *err)
{
    BUF_AUTO struct buf name = {0};
    struct engine_ref split = split_ref(ref);
    struct download download = {.fd = spool_open(err), .progress = progress};
    source->fd = download.fd;
    if (source->fd < 0)
        return false;
    source->path = mem_dup(bytes_of(ref));
    add_name(ref, &name);
    if (name.n)
        source->name = buf_steal(&name);
    if (progress)
        progress->phase = PROGRESS_FETCH;
    bool ok = save(&split, &download, err);
    if (progress) /* restart the count for the bytes to decode */
        atomic_fetch_sub(&progress->done_bytes, download.n);
    source->size = source->file_size = download.n;
    return ok;
}

static void add_help(struct buf *out)
{
    for (size_t i = 0; i < n_engines; i++)
        buf_printf(out, "%s%s:NAME", i ? ", " : "", engines[i].name);
}

const struct source_kind engine_source = {
    .accepts = accepts,
    .open = open_image,
    .name = add_name,
    .takes_platform = takes_platform,
    .help = add_help,
};
